// The filters fold away on narrow screens, where they would hide the list; what somebody chose lasts as long as the window.
import { once, whenReady } from "./page.js";

const KEY = "filters";
const wide = matchMedia("(width >= 720px)");

whenReady((root) => {
  for (const filters of root.querySelectorAll("details.filters")) {
    if (!once(filters, "Filters")) continue;
    const chosen = sessionStorage.getItem(KEY);
    filters.open = chosen ? chosen === "open" : wide.matches;
    filters.querySelector("summary").addEventListener("click", () => sessionStorage.setItem(KEY, filters.open ? "closed" : "open"));
  }
});
