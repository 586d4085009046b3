// Fields of the panel: label, control, hint, fault. Each says what it has changed when it is left; some ask the server while typing.
import { later, make, post, root, say } from "./page.js";

let number = 0;

function framed(label, control, { hint = "", fault = "" } = {}) {
  const id = control.id;
  const described = [hint && `${id}-hint`, `${id}-fault`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  const error = make("p", { className: "field__fault", id: `${id}-fault`, textContent: fault });
  if (fault) control.setAttribute("aria-invalid", "true");
  return make("div", { className: "field" }, make("label", { htmlFor: id, textContent: label }),
    hint ? make("p", { className: "field__hint", id: `${id}-hint`, textContent: hint }) : null, control, error);
}

const named = (key) => `p${++number}-${key}`;

export function line(key, label, value, change, options = {}) {
  const input = make("input", { id: named(key), type: options.type ?? "text", value: value ?? "", className: "field__control", autocomplete: "off", spellcheck: false });
  input.dataset.field = key;
  if (options.list) input.setAttribute("list", options.list);
  input.addEventListener("change", () => change(input.value.trim()));
  const field = framed(label, input, options);
  if (options.check) watched(field, input, options.check);
  return field;
}

export function text(key, label, value, change, options = {}) {
  const area = make("textarea", { id: named(key), value: value ?? "", rows: options.rows ?? 3, className: "field__control" });
  area.dataset.field = key;
  area.addEventListener("change", () => change(area.value.trim()));
  const field = framed(label, area, options);
  if (options.check) watched(field, area, options.check);
  if (options.names) field.append(completion(area, options.names));
  return field;
}

export function choice(key, label, value, options, change, more = {}) {
  const select = make("select", { id: named(key), className: "field__control" }, make("option", { value: "", textContent: more.empty ?? say("none") }));
  select.dataset.field = key;
  const known = options.some((option) => option.id === value);
  for (const option of value && !known ? [...options, { id: value, name: `${value} (${say("unknown")})` }] : options)
    select.append(make("option", { value: option.id, textContent: option.name, selected: option.id === value }));
  select.addEventListener("change", () => change(select.value));
  return framed(label, select, more);
}

export function tick(key, label, value, change) {
  const box = make("input", { id: named(key), type: "checkbox", checked: Boolean(value) });
  box.dataset.field = key;
  box.addEventListener("change", () => change(box.checked));
  return make("div", { className: "field field--tick" }, box, make("label", { htmlFor: box.id, textContent: label }));
}

export const note = (words) => make("p", { className: "field__hint", textContent: words });

// The server's own reading of conditions and times, a moment after each key.
function watched(field, control, { kind, names }) {
  const fault = field.querySelector(".field__fault");
  const ask = later(200, async () => {
    const source = control.value.trim();
    if (!source) return shown("");
    const answer = await post(root.dataset.check, { kind, source, names: (names?.() ?? []).join(" ") }).catch(() => null);
    if (answer?.ok && control.value.trim() === source) shown((await answer.json()).message);
  });
  const shown = (message) => {
    fault.textContent = message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  control.addEventListener("input", ask);
  if (control.value.trim()) ask();
}

// Names that fit what is being typed, as buttons below the field: Tab leads to them, Enter puts one in.
function completion(area, names) {
  const list = make("ul", { className: "names", aria: { label: say("names") } });
  const word = () => /[\p{L}_][\p{L}\p{N}_]*$/u.exec(area.value.slice(0, area.selectionStart))?.[0] ?? "";
  const put = (name) => {
    const end = area.selectionStart;
    const start = end - word().length;
    area.setRangeText(name, start, end, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  const show = () => {
    const typed = word().toLowerCase();
    const found = names().filter((name) => name.toLowerCase().startsWith(typed) && name !== word()).slice(0, typed ? 12 : 8);
    list.replaceChildren(...found.map((name) => {
      const button = make("button", { type: "button", className: "names__name", textContent: name });
      button.addEventListener("mousedown", (event) => event.preventDefault());
      button.addEventListener("click", () => { put(name); area.dispatchEvent(new Event("change")); });
      return make("li", {}, button);
    }));
  };
  for (const event of ["input", "focus", "click"]) area.addEventListener(event, show);
  return list;
}
