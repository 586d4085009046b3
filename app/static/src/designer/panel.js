// The properties of what is selected. Every change is a command of bpmn-js: it can be undone, and it redraws what it touches.
import { is, getBusinessObject as model } from "bpmn-js/lib/util/ModelUtil";
import { choice, line, note, text, tick } from "./fields.js";
import { Events } from "./events.js";
import { make, place, say } from "./page.js";
import { repetition } from "./repetition.js";

const PERSONAL = ["bpmn:UserTask", "bpmn:ManualTask"];
const HANDLED = ["bpmn:ServiceTask", "bpmn:SendTask", "bpmn:BusinessRuleTask"];
const DECIDING = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway", "bpmn:Activity"];
const any = (element, types) => types.some((type) => is(element, type));
const worded = (prefix, ids) => ids.map((id) => ({ id, name: say(`${prefix}_${id.replace(" ", "_")}`) }));

export class Panel {
  constructor(modeler, office, problems, draws) {
    Object.assign(this, { modeler, office, problems, draws, element: null });
    this.events = new Events(this);
    modeler.on("selection.changed", ({ newSelection }) => this.show(newSelection.length === 1 ? newSelection[0] : this.root()));
    modeler.on("elements.changed", ({ elements }) => { if (elements.some((one) => one === this.element)) this.again(); });
    modeler.on("commandStack.changed", () => { if (this.gone()) this.show(this.root()); });
    modeler.on("root.set", () => this.show(this.root()));
    this.show(this.root());
  }

  get modeling() { return this.modeler.get("modeling"); }
  get bpmnFactory() { return this.modeler.get("bpmnFactory"); }
  root() { return this.modeler.get("canvas").getRootElement(); }
  gone() { return this.element !== this.root() && !this.modeler.get("elementRegistry").get(this.element?.id); }
  names = () => this.problems.names;

  // Labels stand for what they name; pools stand for their process too.
  show(element) {
    this.element = element.labelTarget ?? element;
    this.render();
  }

  // A change comes while somebody goes on to the next field: that one stays as it is, with its focus and what is being typed.
  again() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => {
      const before = [...place("panel").querySelectorAll(".field")];
      const focused = before.find((field) => field.contains(document.activeElement));
      if (!focused) return this.render();
      const fields = this.fields();
      const after = [...fields.querySelectorAll(".field")];
      const key = (field) => field.querySelector("[data-field]").dataset.field;
      if (before.map(key).join() === after.map(key).join()) {
        before.forEach((field, index) => { if (field !== focused) field.replaceWith(after[index]); });
        return this.head();
      }
      const old = focused.querySelector("[data-field]");
      const { value, selectionStart } = old;
      this.render();
      const fresh = place("panel").querySelector(`[data-field="${CSS.escape(old.dataset.field)}"]`);
      if (!fresh) return;
      fresh.focus();
      if (fresh.value !== value && old.type !== "checkbox") fresh.value = value;
      if (selectionStart !== null && selectionStart !== undefined) fresh.setSelectionRange(selectionStart, selectionStart);
    });
  }

  refresh() {
    if (place("panel").contains(document.activeElement)) this.faults();
    else this.render();
  }

  render() {
    clearTimeout(this.soon);
    this.faulty = make("ul", { className: "panel__faults" });
    this.heading = make("div", { className: "panel__head" });
    place("panel").replaceChildren(this.heading, this.faulty, this.fields());
    this.head();
    this.faults();
  }

  head() {
    this.heading.replaceChildren(make("h2", { className: "panel__title", textContent: this.kind(this.element) }),
      make("p", { className: "panel__id", textContent: this.element.id }));
  }

  fields() {
    const fields = make("fieldset", { className: "panel__fields", disabled: !this.draws }, make("legend", { className: "kern-sr-only", textContent: say("properties") }));
    for (const [title, part] of this.sections(this.element)) {
      const shown = part.filter(Boolean);
      if (shown.length) fields.append(make("section", { className: "panel__section" }, make("h3", { textContent: say(title) }), ...shown));
    }
    return fields;
  }

  faults() {
    this.faulty.replaceChildren(...this.problems.of(this.element.id).map((problem) =>
      make("li", { className: `panel__fault panel__fault--${problem.severity}` }, make("strong", { textContent: problem.message }), ` ${problem.remedy}`)));
  }

  kind(element) {
    const key = `kind_${element.type.replace("bpmn:", "")}`;
    return say(key) === key ? element.type.replace("bpmn:", "") : say(key);
  }

  sections(element) {
    return [
      ["section_general", this.general(element)],
      ["section_who", this.who(element)],
      ["section_form", this.formAndTime(element)],
      ["section_data", this.data(element)],
      ["section_function", this.function(element)],
      ["section_way", this.way(element)],
      ["section_event", this.events.fields(element)],
      ["section_repetition", is(element, "bpmn:Activity") ? repetition(this, element) : []],
      ["section_process", this.process(element)],
    ];
  }

  set(values, element = this.element) {
    this.modeling.updateProperties(element, values);
  }

  own(name, change = (value) => this.set({ [`d:${name}`]: value || undefined })) {
    return [model(this.element).get(`d:${name}`) ?? "", change];
  }

  general(element) {
    const object = model(element);
    const name = (value) => (is(element, "bpmn:Collaboration") ? this.set({ name: value }) : this.modeling.updateLabel(element, value));
    return [
      "name" in object || object.$descriptor.propertiesByName.name ? line("name", say("name"), object.name, is(element, "bpmn:Process") ? (value) => this.set({ name: value }) : name, { hint: is(element, "bpmn:Task") ? say("name_hint") : "" }) : null,
      object.$descriptor.propertiesByName.name ? line("nameEn", say("name_en"), ...this.own("nameEn")) : null,
      text("documentation", say("documentation"), object.documentation?.[0]?.text, (value) => this.document(value)),
    ];
  }

  document(value) {
    const made = this.bpmnFactory.create("bpmn:Documentation", { text: value });
    const object = model(this.element);
    made.$parent = object;
    this.modeling.updateModdleProperties(this.element, object, { documentation: value ? [made] : [] });
  }

  who(element) {
    if (is(element, "bpmn:Lane")) return [choice("role", say("role"), this.own("role")[0], this.roles(this.own("role")[0]), this.own("role")[1])];
    if (!any(element, [...PERSONAL, "bpmn:AdHocSubProcess"])) return is(element, "bpmn:Activity") ? [this.fourEyes()] : [];
    const [role, change] = this.own("role");
    const tasks = this.modeler.get("elementRegistry").filter((one) => any(one, PERSONAL) && one !== element)
      .map((one) => ({ id: one.id, name: model(one).name || one.id }));
    return [
      choice("role", say("role"), role, this.roles(role), change, { empty: say("role_of_lane", { lane: this.lane(element) }) }),
      choice("waitsFor", say("waits_for"), this.own("waitsFor")[0], worded("waits", ["own", "client", "partner", "third"]), this.own("waitsFor")[1]),
      line("priority", say("priority"), this.own("priority")[0], this.own("priority")[1], { hint: say("priority_hint") }),
      choice("distinctFrom", say("distinct"), this.own("distinctFrom")[0], tasks, this.own("distinctFrom")[1], { hint: say("distinct_hint") }),
      this.fourEyes(),
    ];
  }

  fourEyes() {
    const [value, change] = this.own("fourEyes");
    return choice("fourEyes", say("four_eyes"), value, worded("eyes", ["money", "rights", "money rights"]), change, { hint: say("four_eyes_hint") });
  }

  // A role may be a value of the process, as "=lead": then it stands there as it is.
  roles(current) {
    const roles = this.office.roles.map(({ id, name, staffed }) => ({ id, name: staffed ? name : `${name} (${say("unstaffed")})` }));
    return current.startsWith("=") ? [...roles, { id: current, name: say("role_by_value", { name: current.slice(1) }) }] : roles;
  }

  lane(element) {
    const lane = model(element).lanes?.[0];
    return lane?.name ?? lane?.id ?? "–";
  }

  formAndTime(element) {
    if (!any(element, PERSONAL)) return [];
    const [deadline, change] = this.own("deadline");
    return [
      is(element, "bpmn:UserTask") ? choice("form", say("form"), this.own("form")[0], this.office.forms, this.own("form")[1]) : null,
      line("deadline", say("deadline"), deadline, change, { hint: say("deadline_hint"), check: { kind: "timer", names: this.names } }),
    ];
  }

  // Which personal data the step reads or writes, and why.
  data(element) {
    if (!any(element, [...PERSONAL, ...HANDLED])) return [];
    const [written, change] = this.own("data");
    const chosen = written.split(/\s+/).filter(Boolean);
    const names = (ids) => this.office.data.filter(({ id }) => ids.includes(id)).map(({ name }) => name).join(", ");
    const proposed = this.office.forms.find(({ id }) => id === this.own("form")[0])?.data ?? [];
    // Taking the last one away says that there is none, else the proposal of the form would come back.
    const put = (id, on) => change(this.office.data.map((one) => one.id).filter((one) => (one === id ? on : chosen.includes(one))).join(" ") || "none");
    return [
      proposed.length && !chosen.length ? note(say("data_proposed", { names: names(proposed) })) : null,
      written === "none" ? note(say("data_none")) : null,
      written === "none" && proposed.length ? tick("data-anew", say("data_anew"), false, () => change("")) : null,
      ...this.office.data.map(({ id, name }) => tick(`data-${id}`, name, chosen.includes(id), (on) => put(id, on))),
      text("purpose", say("purpose"), ...this.own("purpose"), { rows: 2, hint: say("purpose_hint") }),
    ];
  }

  function(element) {
    if (is(element, "bpmn:ScriptTask"))
      return [text("script", say("script"), model(element).script, (value) => this.set({ script: value || undefined }), { rows: 5, hint: say("script_hint"), check: { kind: "script" }, names: this.names })];
    if (is(element, "bpmn:CallActivity"))
      return [
        choice("calledElement", say("called"), model(element).calledElement, this.office.processes, (value) => this.set({ calledElement: value || undefined })),
        line("start", say("called_start"), ...this.own("start"), { hint: say("called_start_hint") }),
      ];
    if (!any(element, HANDLED)) return [];
    const [handler, change] = this.own("handler");
    const found = this.office.handlers.find((one) => one.id === handler);
    return [
      choice("handler", say(is(element, "bpmn:BusinessRuleTask") ? "rule" : "handler"), handler, this.office.handlers, change),
      found ? note(say("handler_inputs", { names: found.inputs.join(", ") || "–" })) : null,
      found ? note(say("handler_outputs", { names: found.outputs.join(", ") || "–" })) : null,
    ];
  }

  way(element) {
    if (!is(element, "bpmn:SequenceFlow") || !any(element.source, DECIDING)) return [];
    const flow = model(element);
    const source = model(element.source);
    const condition = (value) => this.set({ conditionExpression: value ? this.expression(value, flow) : undefined });
    return [
      text("condition", say("condition"), flow.conditionExpression?.body, condition, { hint: say("condition_hint"), check: { kind: "condition", names: this.names }, names: this.names }),
      tick("default", say("default_way"), source.default === flow, (value) => this.modeling.updateProperties(element.source, { default: value ? flow : undefined })),
    ];
  }

  expression(body, parent) {
    const made = this.bpmnFactory.create("bpmn:FormalExpression", { body });
    made.$parent = parent;
    return made;
  }

  process(element) {
    const process = is(element, "bpmn:Process") ? model(element) : is(element, "bpmn:Participant") ? model(element).processRef : null;
    if (!process) return [];
    const change = (values) => this.modeling.updateModdleProperties(element, process, values);
    return [
      tick("isExecutable", say("executable"), process.isExecutable, (value) => change({ isExecutable: value })),
      line("values", say("values"), process.get("d:values") ?? "", (value) => change({ "d:values": value || undefined }), { hint: say("values_hint") }),
    ];
  }
}
