// The designer page: its addresses, its texts, and how it asks the server.
export const root = document.querySelector("[data-designer]");

const words = JSON.parse(root.dataset.texts);

export const say = (key, values = {}) => (words[key] ?? key).replace(/{(\w+)}/g, (whole, name) => values[name] ?? whole);

export const place = (name) => root.querySelector(`[data-place="${name}"]`);

let address = root.dataset.address;
export const at = (path) => `${address}/${path}`;
export const moved = (to) => { address = to; history.replaceState(null, "", to); };
export const base = () => address;

export function make(name, properties = {}, ...children) {
  const { dataset, aria, ...rest } = properties;
  const element = Object.assign(document.createElement(name), rest);
  Object.assign(element.dataset, dataset);
  for (const [key, value] of Object.entries(aria ?? {})) element.setAttribute(`aria-${key}`, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

let token = document.querySelector("meta[name=csrf-token]")?.content ?? "";

// Signing in again in another window gives the browser a new token: the page fetches its own anew.
async function freshToken() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  token = page.querySelector("meta[name=csrf-token]")?.content ?? token;
}

export async function post(url, fields, options = {}) {
  const send = () => fetch(url, {
    method: "POST", body: new URLSearchParams(fields), headers: { "X-CSRFToken": token, Accept: "application/json" }, ...options,
  });
  const answer = await send();
  if (answer.status !== 400) return answer;
  await freshToken();
  return send();
}

export function later(milliseconds, act) {
  let timer = 0;
  return (...values) => { clearTimeout(timer); timer = setTimeout(() => act(...values), milliseconds); };
}
