// Drafts: a form with data-draft sends its fields to that address some seconds after the last change, and says where it stands in
// its [data-draft-state]. A lost connection is tried again, longer and longer apart, until it is saved.
import { once, text, token, whenReady } from "./page.js";

const LONGEST = 30_000;
const forms = new Set();

function say(form, state) {
  const place = form.querySelector("[data-draft-state]") ?? document.querySelector(`[data-draft-state="${CSS.escape(form.id)}"]`);
  if (!place) return;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  place.dataset.state = state;
  place.textContent = (form.dataset[`draft${state}`] ?? text(`draft${state}`)).replace("{time}", time);
}

class Draft {
  constructor(form) {
    Object.assign(this, { form, dirty: false, sending: false, handedIn: false, timer: 0, wait: 0 });
    this.pause = Number(form.dataset.draftSeconds ?? 4) * 1000;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => { this.handedIn = true; clearTimeout(this.timer); });
  }

  changed() {
    this.handedIn = false;
    this.dirty = true;
    say(this.form, "Unsaved");
    this.later(this.pause);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  async save({ keepalive = false } = {}) {
    if (!this.dirty || this.sending || this.handedIn || !this.form.isConnected) return;
    this.sending = true;
    this.dirty = false;
    say(this.form, "Saving");
    try {
      const body = new URLSearchParams(new FormData(this.form));
      const headers = { "X-CSRFToken": token(), "HX-Request": "true" };
      const answer = await fetch(this.form.dataset.draft, { method: "POST", body, headers, keepalive });
      this.settle(answer);
    } catch {
      this.again();
    } finally {
      this.sending = false;
    }
    if (this.dirty && !this.wait) this.later(this.pause);
  }

  settle(answer) {
    if (answer.headers.has("HX-Redirect")) { this.dirty = true; say(this.form, "Locked"); return; }
    if (answer.status === 409 || answer.status === 403) { say(this.form, "Refused"); return; }
    if (!answer.ok) { this.again(); return; }
    this.wait = 0;
    if (!this.dirty) say(this.form, "Saved");
  }

  again() {
    this.dirty = true;
    this.wait = Math.min(LONGEST, (this.wait || 1_000) * 2);
    say(this.form, "Lost");
    this.later(this.wait);
  }
}

whenReady((root) => {
  for (const draft of forms) if (!draft.form.isConnected) forms.delete(draft);
  for (const form of root.querySelectorAll("form[data-draft]")) if (once(form, "Draft")) forms.add(new Draft(form));
});

export const saveAll = () => Promise.all([...forms].map((draft) => draft.save({ keepalive: true })));

addEventListener("online", () => { for (const draft of forms) { draft.wait = 0; draft.save(); } });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") saveAll(); });
