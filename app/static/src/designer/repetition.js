// Whether an activity is done once, in a loop, or for each of many.
import { is, getBusinessObject as model } from "bpmn-js/lib/util/ModelUtil";
import { choice, line, tick } from "./fields.js";
import { say } from "./page.js";

const KINDS = ["loop", "parallel", "sequential"];
const LOOP = "bpmn:StandardLoopCharacteristics";
const MANY = "bpmn:MultiInstanceLoopCharacteristics";

function kindOf(marker) {
  if (!marker) return "";
  return is(marker, LOOP) ? "loop" : marker.isSequential ? "sequential" : "parallel";
}

function become(panel, element, kind) {
  const type = kind === "loop" ? LOOP : MANY;
  const made = kind ? panel.bpmnFactory.create(type, kind === "loop" ? {} : { isSequential: kind === "sequential" }) : undefined;
  if (made) made.$parent = model(element);
  panel.set({ loopCharacteristics: made });
}

// Lists are process values; the standard wants them as references, which hold the value's name.
function many(panel, element, marker, set) {
  const moddle = panel.modeler.get("moddle");
  const list = (name) => (value) => set({ [name]: value ? moddle.create("bpmn:Property", { id: value }) : undefined });
  const item = (name, type) => (value) => {
    const made = value ? moddle.create(type, { id: moddle.ids.nextPrefixed("item_"), name: value }) : undefined;
    if (made) made.$parent = marker;
    set({ [name]: made });
  };
  const expression = (name) => (value) => set({ [name]: value ? panel.expression(value, marker) : undefined });
  return [
    line("loopCardinality", say("how_often"), marker.loopCardinality?.body, expression("loopCardinality"), { hint: say("how_often_hint"), check: { kind: "condition", names: panel.names } }),
    line("loopDataInputRef", say("list"), marker.loopDataInputRef?.name ?? marker.loopDataInputRef?.id, list("loopDataInputRef"), { hint: say("list_hint") }),
    line("inputDataItem", say("item"), marker.inputDataItem?.name, item("inputDataItem", "bpmn:DataInput")),
    line("loopDataOutputRef", say("results"), marker.loopDataOutputRef?.name ?? marker.loopDataOutputRef?.id, list("loopDataOutputRef")),
    line("outputDataItem", say("result"), marker.outputDataItem?.name, item("outputDataItem", "bpmn:DataOutput")),
    line("completionCondition", say("enough_when"), marker.completionCondition?.body, expression("completionCondition"), { check: { kind: "condition" } }),
  ];
}

function loop(panel, element, marker, set) {
  return [
    line("loopCondition", say("again_while"), marker.loopCondition?.body, (value) => set({ loopCondition: value ? panel.expression(value, marker) : undefined }), { check: { kind: "condition" } }),
    line("loopMaximum", say("at_most"), marker.loopMaximum ?? "", (value) => set({ loopMaximum: value ? Number.parseInt(value, 10) || undefined : undefined })),
    tick("testBefore", say("test_before"), marker.testBefore, (value) => set({ testBefore: value })),
  ];
}

export function repetition(panel, element) {
  const marker = model(element).loopCharacteristics;
  const kind = kindOf(marker);
  const set = (values) => panel.modeling.updateModdleProperties(element, marker, values);
  const kinds = KINDS.map((id) => ({ id, name: say(`repeat_${id}`) }));
  const own = choice("repetition", say("repetition"), kind, kinds, (value) => become(panel, element, value), { empty: say("once") });
  if (!marker) return [own];
  return [own, ...(kind === "loop" ? loop : many)(panel, element, marker, set)];
}
