// What an event waits for or does: time, message, signal, error, escalation, condition, link.
import { is, getBusinessObject as model } from "bpmn-js/lib/util/ModelUtil";
import { choice, line, text } from "./fields.js";
import { say } from "./page.js";

const TIMES = ["timeDuration", "timeDate", "timeCycle"];
const NAMED = {
  "bpmn:MessageEventDefinition": { type: "bpmn:Message", reference: "messageRef", label: "message" },
  "bpmn:SignalEventDefinition": { type: "bpmn:Signal", reference: "signalRef", label: "signal" },
  "bpmn:ErrorEventDefinition": { type: "bpmn:Error", reference: "errorRef", label: "error_code", code: "errorCode" },
  "bpmn:EscalationEventDefinition": { type: "bpmn:Escalation", reference: "escalationRef", label: "escalation_code", code: "escalationCode" },
};

export class Events {
  constructor(panel) { this.panel = panel; }

  fields(element) {
    if (is(element, "bpmn:ReceiveTask") || is(element, "bpmn:SendTask")) return [this.named(element, model(element), NAMED["bpmn:MessageEventDefinition"])];
    const definition = is(element, "bpmn:Event") ? model(element).eventDefinitions?.[0] : null;
    if (!definition) return [];
    if (is(definition, "bpmn:TimerEventDefinition")) return this.timer(element, definition);
    if (is(definition, "bpmn:ConditionalEventDefinition")) return [this.condition(element, definition)];
    if (is(definition, "bpmn:LinkEventDefinition")) return [line("link", say("link"), definition.name, (value) => this.change(element, definition, { name: value || undefined }))];
    const found = NAMED[definition.$type];
    return found ? [this.named(element, definition, found)] : [];
  }

  change(element, definition, values) {
    this.panel.modeling.updateModdleProperties(element, definition, values);
  }

  timer(element, definition) {
    const kind = TIMES.find((time) => definition[time]) ?? "timeDuration";
    const set = (time, body) => {
      const values = Object.fromEntries(TIMES.map((name) => [name, undefined]));
      if (body) values[time] = this.panel.expression(body, definition);
      this.change(element, definition, values);
    };
    const body = definition[kind]?.body ?? "";
    return [
      choice("timerKind", say("timer_kind"), kind, TIMES.map((id) => ({ id, name: say(id) })), (value) => set(value || kind, body || " ")),
      line("timer", say("time"), body.trim(), (value) => set(kind, value), { hint: say("deadline_hint"), check: { kind: "timer", names: this.panel.names } }),
    ];
  }

  condition(element, definition) {
    const change = (value) => this.change(element, definition, { condition: value ? this.panel.expression(value, definition) : undefined });
    const options = { check: { kind: "condition", names: this.panel.names }, names: this.panel.names };
    return text("eventCondition", say("condition"), definition.condition?.body, change, options);
  }

  // Messages and the like are known by name; typing one that exists takes that, a new one is added to the file.
  named(element, holder, { type, reference, label, code }) {
    const current = holder[reference];
    return line(label, say(label), (code ? current?.[code] : current?.name) ?? "", (value) => {
      this.change(element, holder, { [reference]: value ? this.found(type, value, code) : undefined });
    }, { hint: say("known_names", { names: this.known(type, code).join(", ") || "–" }) });
  }

  elements(type) {
    return this.panel.modeler.getDefinitions().rootElements.filter((one) => is(one, type));
  }

  known(type, code) {
    return this.elements(type).map((one) => one[code ?? "name"]).filter(Boolean);
  }

  found(type, value, code) {
    const found = this.elements(type).find((one) => one[code ?? "name"] === value);
    if (found) return found;
    const made = this.panel.bpmnFactory.create(type, { name: value, ...(code ? { [code]: value } : {}) });
    const definitions = this.panel.modeler.getDefinitions();
    made.$parent = definitions;
    const root = this.panel.root();
    this.panel.modeling.updateModdleProperties(root, definitions, { rootElements: [...definitions.rootElements, made] });
    return made;
  }
}
