// Opens a file without losing what bpmn-js cannot resolve.
// Lists of many instances are values of the process and no elements: bpmn-js would drop references to them when it saves.
function keepReferences(modeler, warnings) {
  for (const { element, property, value } of warnings) {
    const known = element?.$descriptor?.propertiesByName[property];
    if (known?.isReference && !known.isMany && typeof value === "string") element.set(property, modeler.get("moddle").create("bpmn:Property", { id: value }));
  }
}

// The file on the canvas; what was met on the way.
export async function open(modeler, content) {
  const { warnings } = await modeler.importXML(content);
  keepReferences(modeler, warnings);
  return warnings;
}
