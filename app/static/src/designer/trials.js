// The scenarios of the draft are played again on each saved state; what goes otherwise than recorded is told.
import { at, make, place, say } from "./page.js";

let question = 0;

export async function tried() {
  const mine = ++question;
  const link = place("trials");
  link.href = at("scenarios");
  try {
    const answer = await fetch(at("scenarios/state"), { headers: { Accept: "application/json" } });
    if (!answer.ok || mine !== question) return;
    const { number, failing } = await answer.json();
    if (number) link.textContent = say(failing.length ? "trials_failed" : "trials_passed", { number, failing: failing.length });
    const listed = failing.map((textContent) => make("li", { className: "problem" }, make("strong", { textContent })));
    place("trials-failing").replaceChildren(...(listed.length ? [make("ul", {}, ...listed)] : []));
  } catch {
    // The next save asks again.
  }
}
