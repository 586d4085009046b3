// The menu of narrow screens: opens and closes, by Escape too, and then gives the focus back.
const button = document.querySelector(".menu-button");

function show(open) {
  button.setAttribute("aria-expanded", String(open));
}

if (button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  for (const part of [button, menu]) {
    part.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
        show(false);
        button.focus();
      }
    });
  }
}
