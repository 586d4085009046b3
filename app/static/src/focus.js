// The summary of errors takes the focus, once; its links lead into the field, also into groups of choices.
import { once, whenReady } from "./page.js";

whenReady((root) => {
  const summary = root.querySelector("[data-focus]");
  if (summary && once(summary, "Focus")) summary.focus();
});

// A row more or less brings the form anew: the focus goes on where the row is or was, not back to the beginning of the page.
let changed = null;

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button[name=_add], button[name=_remove]") : null;
  if (button) changed = { added: button.name === "_add", list: button.closest("fieldset.rows")?.id };
});

whenReady(() => {
  const list = changed && document.getElementById(changed.list);
  if (!list || list.contains(document.activeElement)) return;
  const row = changed.added && [...list.querySelectorAll(".form-row")].at(-1);
  (row ? row.querySelector("input, select, textarea") : list.querySelector("button[name=_add]") ?? list)?.focus();
  changed = null;
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(".error-summary a") : null;
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.matches("fieldset") ? field.querySelector("input") ?? field : field).focus();
  field.scrollIntoView({ block: "center" });
});
