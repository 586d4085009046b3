// Diagrams load their viewer only where one is on the page and in sight.
import { once, whenReady } from "./page.js";

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) {
    seen.unobserve(entry.target);
    import(document.body.dataset.diagramModule).then((viewer) => viewer.show(entry.target));
  }
});

whenReady((root) => {
  for (const element of root.querySelectorAll("[data-diagram]")) if (once(element, "Diagram")) seen.observe(element);
});
