// The page on which processes are drawn: canvas, panel, problems; what is drawn is kept by itself.
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import minimap from "diagram-js-minimap";
import { pinned } from "./comments.js";
import { Keeper, pending, takeUp } from "./keeping.js";
import own from "./moddle.json";
import { open } from "./opening.js";
import { at, place, root, say } from "./page.js";
import { Panel } from "./panel.js";
import * as pictures from "./pictures.js";
import { Problems } from "./problems.js";
import translate from "./translate.js";
import { tried } from "./trials.js";

const draws = root.dataset.draws === "yes";

// The whole diagram, beside the palette and not below it.
function fit(modeler) {
  const canvas = modeler.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (!draws || canvas.getSize().width < 700) return;
  canvas.zoom(canvas.zoom() * (1 - 130 / canvas.getSize().width), "auto");
  canvas.scroll({ dx: 55, dy: 0 });
}

function steer(modeler) {
  place("zoom-in").addEventListener("click", () => modeler.get("zoomScroll").stepZoom(1));
  place("zoom-out").addEventListener("click", () => modeler.get("zoomScroll").stepZoom(-1));
  place("zoom-fit").addEventListener("click", () => fit(modeler));
}

// Undo and redo say what they changed. One act of a person is many commands of bpmn-js: the outermost names it.
function steps(modeler) {
  const stack = modeler.get("commandStack");
  const undo = place("undo");
  const redo = place("redo");
  const named = new Map();
  let depth = 0;
  let outer = "";
  modeler.on("commandStack.preExecute", 10_000, ({ command }) => { if (depth++ === 0) outer = command; });
  modeler.on("commandStack.postExecuted", 1, () => { depth = Math.max(0, depth - 1); });
  const at = (index) => {
    const command = named.get(stack._stack[index]?.id) ?? "";
    const key = `act_${command.replaceAll(/[.-]/g, "_")}`;
    return say(key) === key ? say("act_other") : say(key);
  };
  undo.addEventListener("click", () => { const what = at(stack._stackIdx); stack.undo(); place("said").textContent = say("undone", { what }); });
  redo.addEventListener("click", () => { stack.redo(); place("said").textContent = say("redone", { what: at(stack._stackIdx) }); });
  modeler.on("commandStack.changed", ({ trigger }) => {
    if (trigger === "execute") { named.set(stack._stack[stack._stackIdx]?.id, outer); depth = 0; }
    undo.disabled = !stack.canUndo();
    redo.disabled = !stack.canRedo();
    undo.title = stack.canUndo() ? say("undo_what", { what: at(stack._stackIdx) }) : "";
  });
}

async function opened(modeler, state) {
  try {
    const warnings = await open(modeler, state.content);
    if (warnings.length) { place("notice").textContent = say("import_warnings", { number: warnings.length }); place("notice").hidden = false; }
    return true;
  } catch {
    place("notice").textContent = say("import_failed");
    place("notice").hidden = false;
    return false;
  }
}

async function start() {
  const [state, office] = await Promise.all([at("state"), at("office")].map((url) => fetch(url).then((answer) => answer.json())));
  const options = { container: place("canvas"), moddleExtensions: { d: own } };
  const modeler = draws
    ? new Modeler({ ...options, additionalModules: [minimap, translate] })
    : new NavigatedViewer({ ...options, additionalModules: [translate] });
  if (!(await opened(modeler, state))) return;
  fit(modeler);
  new ResizeObserver(() => modeler.get("canvas").resized()).observe(place("canvas"));
  steer(modeler);
  pictures.offer(modeler);
  const problems = new Problems(modeler, () => panel.refresh());
  const panel = new Panel(modeler, office, problems, draws);
  problems.check();
  if (draws) {
    steps(modeler);
    const keeper = new Keeper(modeler, state.revision);
    const kept = pending();
    if (kept && kept.content !== state.content) await takeUp(modeler, keeper, kept);
    else keeper.tell("saved", { time: state.at });
  }
  tried();
  pinned(modeler);
  root.dataset.ready = "yes";
  root.dataset.interactive = String(Math.round(performance.now()));
}

start();
