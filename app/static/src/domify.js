// HTML to elements under a policy without inline styles: a style attribute becomes a data attribute before parsing, and a rule of
// the element's own CSSOM after it.
import parse from "domify";

const KEEP = "data-inline-style";

function apply(element) {
  element.style.cssText = element.getAttribute(KEEP);
  element.removeAttribute(KEEP);
}

export default function domify(html, ownerDocument) {
  const result = parse(typeof html === "string" ? html.replace(/(<[a-z][^>]*?\s)style=/gi, `$1${KEEP}=`) : html, ownerDocument);
  if (result.nodeType === Node.ELEMENT_NODE && result.hasAttribute(KEEP)) apply(result);
  result.querySelectorAll?.(`[${KEEP}]`).forEach(apply);
  return result;
}
