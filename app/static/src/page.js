// The page as the behaviours see it: its texts, its token, and a way to run on what is there now and what htmx brings later.

export const text = (name) => document.getElementById("texts")?.dataset[name] ?? "";

export const token = () => document.querySelector("meta[name=csrf-token]")?.content ?? "";

export function whenReady(act) {
  act(document);
  document.addEventListener("htmx:after:swap", () => act(document));
}

export function once(element, name) {
  const mark = `ready${name}`;
  if (element.dataset[mark]) return false;
  element.dataset[mark] = "1";
  return true;
}

export function writing(target) {
  return target instanceof Element && (target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]") !== null);
}
