// Shows a BPMN diagram with the position of a case: active elements and those that are done carry a class, a sign and not only a
// colour. The list that the server rendered stays as the text alternative.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const ids = (element, name) => JSON.parse(element.dataset[name] || "[]");
const label = (element, name) => document.getElementById("texts")?.dataset[name] ?? name;

function stylesheet() {
  const href = document.body.dataset.diagramStyle;
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  return new Promise((done) => { link.onload = done; link.onerror = done; document.head.append(link); });
}

function button(text, sign, act) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "diagram__zoom", title: text, textContent: sign });
  element.setAttribute("aria-label", text);
  element.addEventListener("click", act);
  return element;
}

function buttons(viewer, element) {
  const canvas = viewer.get("canvas");
  const bar = Object.assign(document.createElement("div"), { className: "diagram__bar" });
  bar.append(
    button(label(element, "zoomIn"), "+", () => viewer.get("zoomScroll").stepZoom(1)),
    button(label(element, "zoomOut"), "−", () => viewer.get("zoomScroll").stepZoom(-1)),
    button(label(element, "zoomFit"), "⤢", () => canvas.zoom("fit-viewport", "auto")),
  );
  return bar;
}

// What a sign at an element says: how far a case is, or how two versions differ.
const SIGNS = [["done", "✓"], ["active", "▶"], ["added", "+"], ["removed", "−"], ["changed", "≠"], ["renamed", "✎"], ["moved", "↔"]];
const shown = new Map();

function mark(viewer, element) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const overlays = viewer.get("overlays");
  for (const [name, sign] of SIGNS)
    for (const id of ids(element, name)) {
      if (!registry.get(id)) continue;
      canvas.addMarker(id, `is-${name}`);
      const html = Object.assign(document.createElement("span"), { className: `diagram__sign diagram__sign--${name}`, textContent: sign });
      overlays.add(id, { position: { top: -12, right: 12 }, html });
    }
  for (const [id, level] of ids(element, "heat")) if (registry.get(id)) canvas.addMarker(id, `is-heat${level}`);
  const links = new Map();
  for (const [id, said, kind, href] of ids(element, "badges")) {
    if (!registry.get(id)) continue;
    const html = Object.assign(document.createElement(href ? "a" : "span"), { className: `diagram__sign diagram__sign--count diagram__sign--${kind}`, textContent: said });
    if (href) {
      html.href = href;
      html.setAttribute("aria-label", `${registry.get(id).businessObject.name ?? ""}: ${said}`);
      links.set(id, href);
      canvas.addMarker(id, "is-link");
    }
    overlays.add(id, { position: { top: -12, left: -8 }, html });
  }
  viewer.on("element.click", (event) => {
    if (links.has(event.element.id)) document.location.assign(links.get(event.element.id));
  });
}

// The canvas shows the whole diagram where it stays readable, else the place where the case stands.
function look(viewer, element) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const active = ids(element, "active").map((id) => viewer.get("elementRegistry").get(id)).find(Boolean);
  if (canvas.zoom() < 0.45 && active) {
    canvas.zoom(0.7);
    canvas.scrollToElement(active, 80);
  }
}

// Versions side by side move together; a click on a change in the list goes to its element, where it is drawn.
function together(viewer, element) {
  const others = () => [...shown].filter(([other]) => other !== element && other.dataset.together === element.dataset.together);
  let led = false;
  shown.set(element, { viewer, follow(box) { led = true; viewer.get("canvas").viewbox(box); led = false; } });
  viewer.on("canvas.viewbox.changed", ({ viewbox: { x, y, width, height } }) => {
    if (!led) for (const [, other] of others()) other.follow({ x, y, width, height });
  });
  for (const link of document.querySelectorAll(`[data-jump]`)) link.addEventListener("click", () => {
    const found = viewer.get("elementRegistry").get(link.dataset.jump);
    if (!found) return;
    viewer.get("canvas").zoom(0.9);
    viewer.get("canvas").scrollToElement(found, 80);
  });
}

export async function show(element) {
  await stylesheet();
  const place = Object.assign(document.createElement("div"), { className: "diagram__canvas" });
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", element.dataset.label ?? label(element, "diagram"));
  // The wheel scrolls the page, also over a diagram: who reads on is not caught there. Zoom has its buttons, a drag moves.
  const viewer = new NavigatedViewer({ container: place, zoomScroll: { enabled: false } });
  const answer = await fetch(element.dataset.diagram);
  if (!answer.ok) return;
  element.prepend(place);
  await viewer.importXML(await answer.text());
  element.prepend(buttons(viewer, element));
  mark(viewer, element);
  look(viewer, element);
  if (element.dataset.together) together(viewer, element);
}
