// Problems while drawing: the server is asked a moment after each change; a click leads to the element.
import { at, later, make, place, post, say } from "./page.js";

const PAUSE = 60;
const MARKS = { error: "has-error", warning: "has-warning" };
const SIGNS = { error: "✕", warning: "!" };

export class Problems {
  constructor(modeler, changed) {
    Object.assign(this, { modeler, told: changed, names: [], found: [], question: 0, marked: [] });
    this.ask = later(PAUSE, () => this.check());
    modeler.on("commandStack.changed", () => this.ask());
  }

  async check() {
    const question = ++this.question;
    const began = performance.now();
    const { xml } = await this.modeler.saveXML();
    try {
      const answer = await post(at("check"), { content: xml });
      if (!answer.ok || question !== this.question) return;
      const { problems, names } = await answer.json();
      Object.assign(this, { found: problems, names });
      this.show();
      place("problems").dataset.milliseconds = String(Math.round(performance.now() - began));
    } catch {
      place("problem-count").textContent = say("problems_unknown");
    }
  }

  show() {
    const errors = this.found.filter((problem) => problem.severity === "error");
    const hints = this.found.filter((problem) => problem.severity !== "error");
    place("problem-count").textContent = this.found.length
      ? say("problems_count", { errors: errors.length, hints: hints.length }) : say("problems_none");
    place("problems").replaceChildren(...[...errors, ...hints].map((problem) => this.row(problem)));
    this.mark();
    this.told();
  }

  row(problem) {
    const error = problem.severity === "error";
    const button = make("button", { type: "button", className: "problem__go" },
      make("span", { className: `problem__sign problem__sign--${problem.severity}`, textContent: SIGNS[problem.severity], aria: { hidden: "true" } }),
      make("span", {}, make("span", { className: "kern-sr-only", textContent: `${say(error ? "error" : "hint")}: ` }),
        make("strong", { textContent: problem.message }), " ", make("span", { className: "problem__remedy", textContent: problem.remedy })));
    button.addEventListener("click", () => this.go(problem.element));
    return make("li", { className: "problem" }, button);
  }

  element(id) {
    const registry = this.modeler.get("elementRegistry");
    return registry.get(id) ?? this.modeler.get("canvas").getRootElement();
  }

  go(id) {
    const element = this.element(id);
    const canvas = this.modeler.get("canvas");
    if (element !== canvas.getRootElement()) canvas.scrollToElement(element, 120);
    this.modeler.get("selection").select(element === canvas.getRootElement() ? [] : element);
    place("panel").querySelector("input, select, textarea")?.focus({ preventScroll: false });
  }

  of(id) {
    return this.found.filter((problem) => problem.element === id);
  }

  mark() {
    const canvas = this.modeler.get("canvas");
    const overlays = this.modeler.get("overlays");
    const registry = this.modeler.get("elementRegistry");
    for (const [id, marker] of this.marked) if (registry.get(id)) canvas.removeMarker(id, marker);
    overlays.remove({ type: "problem" });
    this.marked = [];
    for (const id of new Set(this.found.map((problem) => problem.element))) {
      const element = registry.get(id);
      if (!element || element === canvas.getRootElement()) continue;
      const severity = this.of(id).some((problem) => problem.severity === "error") ? "error" : "warning";
      this.marked.push([id, MARKS[severity]]);
      canvas.addMarker(id, MARKS[severity]);
      const html = make("span", { className: `problem__sign problem__sign--${severity}`, textContent: SIGNS[severity] });
      overlays.add(id, "problem", { position: element.waypoints ? { top: -9, left: -9 } : { top: -9, right: 9 }, html });
    }
  }
}
