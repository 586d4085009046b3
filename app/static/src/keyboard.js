// Keys that act: data-key="c" on a button, link or field names its key; j and k walk a list marked data-key-list. Nothing acts while
// somebody writes in a field, holds a modifier, or has an overlay open.
import { text, writing } from "./page.js";

let afterG = false;

const visible = (element) => element.getClientRects().length > 0;
const marked = (key) => [...document.querySelectorAll("[data-key]")].find((element) => element.dataset.key === key && visible(element));

function act(element) {
  if (element.matches("input, textarea, select") && !element.matches("[type=checkbox], [type=submit]")) element.focus();
  else if (element.matches("a, button, input, summary")) element.click();
  else (element.querySelector("a[href], button, input:not([type=hidden]), textarea, select") ?? element).focus();
}

function walk(step) {
  const rows = [...document.querySelectorAll("[data-key-list] [data-key-row]")].filter(visible);
  if (!rows.length) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const start = at === -1 ? rows.findIndex((row) => row.matches("[aria-selected=true], .is-selected")) : at;
  const next = rows[Math.min(rows.length - 1, Math.max(0, start + step))];
  next.querySelector("a[href]")?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function toggleRow() {
  const box = document.activeElement?.closest("[data-key-row]")?.querySelector("input[type=checkbox]");
  box?.click();
  return Boolean(box);
}

const overlay = () => document.getElementById("shortcut-help");

async function openHelp() {
  const box = overlay();
  const answer = await fetch(document.body.dataset.help, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const table = page.querySelector("#keyboard");
  if (!box || !table) return;
  box.querySelector("[data-help-body]").replaceChildren(document.adoptNode(table));
  box.showModal();
  box.scrollTop = 0; // The focus lies on the button below the table; reading begins above it.
}

function plain(key) {
  if (key === "?") return openHelp(), true;
  if (key === "j") return walk(1);
  if (key === "k") return walk(-1);
  if (key === "x" && toggleRow()) return true;
  if (key === "g") return afterG = true;
  const element = marked(key);
  if (element) act(element);
  return Boolean(element);
}

function goTo(key) {
  afterG = false;
  const link = document.querySelector(`.site-nav [data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || writing(event.target) || overlay()?.open) return;
  if (afterG ? goTo(event.key) : plain(event.key)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-help-close]")) overlay()?.close();
});

for (const element of document.querySelectorAll("[data-key-text]")) element.title ||= `${element.dataset.keyText} (${element.dataset.key})`;
document.querySelector("[data-help-link]")?.setAttribute("title", text("help"));
