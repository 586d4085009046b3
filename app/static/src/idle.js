// The idle lock: without a key, click or scroll in any window for the set time, drafts are saved and the screen is locked. While
// somebody reads without calling the server, a sign of life a minute keeps the session open.
import { saveAll } from "./drafts.js";
import { token } from "./page.js";

const limit = Number(document.body.dataset.idle ?? 0) * 1000;
const KEY = "last-activity";
const MINUTE = 60_000;
let told = Date.now();

const note = () => localStorage.setItem(KEY, String(Date.now()));
const last = () => Number(localStorage.getItem(KEY) ?? 0);

async function lock() {
  await saveAll().catch(() => undefined);
  const answer = new FormData();
  answer.set("csrf_token", token());
  answer.set("next", location.pathname + location.search);
  await fetch(document.body.dataset.lock, { method: "POST", body: answer, redirect: "manual" }).catch(() => undefined);
  location.reload();
}

function tick() {
  if (Date.now() - last() > limit) { clearInterval(timer); lock(); return; }
  if (last() > told && Date.now() - told > MINUTE) {
    told = Date.now();
    fetch(document.body.dataset.alive, { method: "POST", headers: { "X-CSRFToken": token(), "HX-Request": "true" } }).catch(() => undefined);
  }
}

let timer = 0;
if (limit && document.body.dataset.lock) {
  note();
  for (const name of ["keydown", "pointerdown", "scroll", "pointermove"]) addEventListener(name, note, { passive: true, capture: true });
  timer = setInterval(tick, Math.min(5_000, limit / 2));
}
