// Keeps what is drawn: in the browser at once, on the server a moment later. A lost connection or session is waited for; who was
// slower than a colleague gets a draft of their own, and nothing is overwritten.
import { open } from "./opening.js";
import { at, base, later, make, moved, place, post, root, say } from "./page.js";
import { tried } from "./trials.js";

const LONGEST = 30_000;
const key = () => `design:${root.dataset.account}:${base()}`;

export function pending() {
  try { return JSON.parse(localStorage.getItem(key())); } catch { return null; }
}

export class Keeper {
  constructor(modeler, revision) {
    Object.assign(this, { modeler, revision, count: 0, saved: 0, busy: false, wait: 0, timer: 0 });
    modeler.on("commandStack.changed", () => this.changed());
    addEventListener("online", () => this.hurry());
    addEventListener("focus", () => this.hurry());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.save({ keepalive: true }); });
    addEventListener("beforeunload", (event) => { if (this.count !== this.saved && !this.held) event.preventDefault(); });
    this.hold = later(250, () => this.write());
  }

  changed() {
    this.count += 1;
    this.held = false;
    this.tell("unsaved");
    this.hold();
    if (!this.wait) this.soon(1_500);
  }

  hurry() {
    if (this.wait) { this.wait = 0; this.soon(0); }
  }

  soon(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  tell(state, values = {}) {
    const status = place("saved");
    status.dataset.state = state;
    status.textContent = say(`save_${state}`, values);
  }

  async write() {
    const { xml } = await this.modeler.saveXML({ format: true });
    try {
      localStorage.setItem(key(), JSON.stringify({ revision: this.revision, content: xml }));
      this.held = true;
    } catch {
      this.held = false; // A full or forbidden store: the page then asks before it is left.
    }
    return xml;
  }

  async save(options = {}) {
    if (this.busy || this.count === this.saved) return;
    this.busy = true;
    const count = this.count;
    try {
      const content = await this.write();
      const answer = await post(at("save"), { revision: this.revision, content }, options);
      await this.settle(answer, count, content);
    } catch {
      this.again("offline");
    } finally {
      this.busy = false;
    }
    if (this.count !== this.saved && !this.wait) this.soon(1_500);
  }

  async settle(answer, count, content) {
    if (answer.status === 401) return this.again("signed_out");
    if (answer.status === 409) return this.apart(await answer.json().catch(() => ({})), count, content);
    if (answer.status === 413 || answer.status === 422) { this.wait = LONGEST; return this.tell("refused"); }
    if (!answer.ok) return this.again("offline");
    const { revision, at: time } = await answer.json();
    this.done(revision, count, time);
  }

  done(revision, count, time) {
    this.revision = revision;
    this.saved = count;
    this.wait = 0;
    if (this.count === count) localStorage.removeItem(key());
    this.tell("saved", { time });
    tried();
  }

  again(state) {
    this.wait = Math.min(LONGEST, (this.wait || 1_000) * 2);
    this.soon(this.wait);
    this.tell(state);
  }

  // Somebody else has saved: what was drawn here goes on as a draft of one's own.
  async apart(other, count, content) {
    const answer = await post(at("copy"), { revision: this.revision, content });
    if (!answer.ok) return this.again("offline");
    const { url } = await answer.json();
    const before = base(), known = this.revision;
    const [others, mine] = [before, url].map((address) => `draft:${address.split("/").pop()}`);
    const compare = (old, now, text) => make("p", {}, make("a", { href: `${before.replace(/\/\d+$/, "/compare")}?${new URLSearchParams({ old, new: now })}`, className: "kern-link", textContent: say(text, other) }));
    localStorage.removeItem(key());
    moved(url);
    this.done(1, count, new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
    const notice = place("notice");
    notice.replaceChildren(
      make("p", { textContent: say("conflict", other) }),
      make("p", {}, make("a", { href: before, className: "kern-link", textContent: say("conflict_other", other) })),
      compare(`${others}:${known}`, others, "conflict_theirs"),
      compare(others, mine, "conflict_both"),
    );
    notice.hidden = false;
    notice.focus();
  }
}

// What the browser kept because the server was out of reach: drawn again, and saved.
export async function takeUp(modeler, keeper, kept) {
  await open(modeler, kept.content);
  keeper.revision = kept.revision;
  keeper.changed();
  keeper.tell("taken_up");
}
