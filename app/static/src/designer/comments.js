// Open comments stand as a sign at their elements; the sign leads to the comments.
import { at, make, place, say } from "./page.js";

export async function pinned(modeler) {
  const link = place("comments");
  try {
    const answer = await fetch(at("comments/state"), { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { marks } = await answer.json();
    const number = Object.values(marks).reduce((sum, one) => sum + one, 0);
    if (number) link.textContent = say("comments_count", { number });
    const registry = modeler.get("elementRegistry");
    for (const [id, count] of Object.entries(marks)) {
      if (!registry.get(id)) continue;
      const href = `${at("comments")}?element=${encodeURIComponent(id)}`;
      const html = make("a", { href, className: "comment-sign", textContent: `✎ ${count}`, aria: { label: say("comments_at", { number: count }) } });
      modeler.get("overlays").add(id, { position: { bottom: 10, left: -6 }, html });
    }
  } catch {
    // The list of comments is there all the same.
  }
}
