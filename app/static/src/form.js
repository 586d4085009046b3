// A task's form: after each answer the server says which parts show; nothing is decided here. Without this the server asks for what
// came up when the form is handed in.
import { once, token, whenReady } from "./page.js";

const PAUSE = 250;

function show(form, visible) {
  for (const part of form.querySelectorAll("[data-part]")) part.hidden = !visible.has(part.dataset.part);
  const shown = form.querySelector("input[name=_shown]");
  if (shown) shown.value = [...visible].sort().join(" ");
}

class Conditions {
  constructor(form) {
    Object.assign(this, { form, timer: 0, round: 0 });
    form.addEventListener("change", () => this.later());
    form.addEventListener("submit", () => clearTimeout(this.timer));
  }

  later() {
    clearTimeout(this.timer);
    this.form.setAttribute("aria-busy", "true");
    this.timer = setTimeout(() => { this.timer = 0; this.ask(); }, PAUSE);
  }

  async ask() {
    const round = ++this.round;
    const body = new URLSearchParams(new FormData(this.form));
    try {
      const answer = await fetch(this.form.dataset.shown, { method: "POST", body, headers: { "X-CSRFToken": token() } });
      if (!answer.ok || round !== this.round) return;
      show(this.form, new Set((await answer.json()).visible));
    } catch {
      // Without a connection the form stays as it is; the draft says so.
    } finally {
      if (round === this.round && !this.timer) this.form.removeAttribute("aria-busy");
    }
  }
}

whenReady((root) => {
  for (const form of root.querySelectorAll("form[data-shown]")) if (once(form, "Shown")) new Conditions(form);
});
