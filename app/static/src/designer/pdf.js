// A diagram as a PDF of one page as large as itself, with letters that can be searched.
import { jsPDF } from "jspdf";
import { svg2pdf } from "svg2pdf.js";

// The content policy refuses style attributes already when they are read; attributes of SVG itself say the same.
function read(svg) {
  const renamed = svg.replace(/<[^>]+>/g, (tag) => tag.replace(/ style="/g, ' data-said="'));
  const drawing = new DOMParser().parseFromString(renamed, "image/svg+xml").documentElement;
  for (const part of drawing.querySelectorAll("[data-said]")) {
    for (const said of part.dataset.said.split(";")) {
      const [name, value] = said.split(/:(.*)/s).map((word) => word?.trim());
      if (name && value) part.setAttribute(name, value);
    }
    part.removeAttribute("data-said");
  }
  return drawing;
}

export async function pdf(svg, title) {
  const drawing = read(svg);
  const [width, height] = ["width", "height"].map((name) => Number(drawing.getAttribute(name)));
  const made = new jsPDF({ orientation: width > height ? "landscape" : "portrait", unit: "pt", format: [width, height] });
  made.setProperties({ title });
  await svg2pdf(drawing, made, { x: 0, y: 0, width, height });
  return made.output("blob");
}
