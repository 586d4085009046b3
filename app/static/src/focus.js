// The summary of errors takes the focus, once; its links lead into the field, also into groups of choices.
import { once, whenReady } from "./page.js";

whenReady((root) => {
  const summary = root.querySelector("[data-focus]");
  if (summary && once(summary, "Focus")) summary.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest(".error-summary a") : null;
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  (field.matches("fieldset") ? field.querySelector("input") ?? field : field).focus();
  field.scrollIntoView({ block: "center" });
});
