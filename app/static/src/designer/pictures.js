// The diagram as a picture: SVG as bpmn-js draws it, PNG at twice its size on white, PDF of lines and letters.
import { make, place, root } from "./page.js";

function download(blob, ending) {
  const link = make("a", { href: URL.createObjectURL(blob), download: `${root.dataset.file}.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function drawn(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

async function png(svg) {
  const image = await drawn(svg);
  const scale = Math.min(2, 8_000 / Math.max(image.width, image.height));
  const canvas = make("canvas", { width: image.width * scale, height: image.height * scale });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

export function offer(modeler) {
  place("svg").addEventListener("click", async () => {
    const { svg } = await modeler.saveSVG();
    download(new Blob([svg], { type: "image/svg+xml" }), "svg");
  });
  place("png").addEventListener("click", async () => {
    const { svg } = await modeler.saveSVG();
    download(await png(svg), "png");
  });
  place("pdf").addEventListener("click", async () => {
    const { svg } = await modeler.saveSVG();
    // Half as large as the canvas itself, and seldom asked for: loaded when it is.
    const { pdf } = await import(root.dataset.pdf);
    download(await pdf(svg, root.dataset.file), "pdf");
  });
  place("bpmn").addEventListener("click", async (event) => {
    if (!modeler.get("commandStack", false)?.canUndo()) return; // Untouched: the server gives the file byte for byte.
    event.preventDefault();
    const { xml } = await modeler.saveXML({ format: true });
    download(new Blob([xml], { type: "application/xml" }), "bpmn");
  });
}
