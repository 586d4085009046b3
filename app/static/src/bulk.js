// The bulk bar of a list: it shows how many rows are chosen, and only then. Without scripts it is always there.
import { once, text, whenReady } from "./page.js";

function refresh(form) {
  const chosen = form.querySelectorAll("input[type=checkbox][name=task]:checked").length;
  const bar = form.querySelector("[data-bulk-bar]") ?? document.querySelector("[data-bulk-bar]");
  if (!bar) return;
  bar.hidden = chosen === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = text("chosen").replace("{count}", String(chosen));
}

whenReady((root) => {
  for (const form of root.querySelectorAll("form[data-bulk]")) {
    if (once(form, "Bulk")) form.addEventListener("change", (event) => {
      if (event.target.matches("[data-bulk-all]"))
        for (const box of form.querySelectorAll("input[type=checkbox][name=task]")) box.checked = event.target.checked;
      refresh(form);
    });
    refresh(form);
  }
});
