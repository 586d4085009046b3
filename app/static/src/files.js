// Files: one that is chosen goes to the server at once, so that it is there whatever becomes of the page; one that is too large is
// refused here, before it travels. Signatures are drawn with pen, finger or mouse and go the way of a chosen picture.
import { once, text, whenReady } from "./page.js";

const WIDTH = 900;
const HEIGHT = 300;
const MEGABYTE = 1_000_000;
let sent = "";

function refuse(input) {
  const place = document.getElementById(`${input.id}-large`);
  const isLarge = input.files.length > 0 && input.files[0].size > Number(input.dataset.fileLimit) * MEGABYTE;
  place.textContent = isLarge ? input.dataset.fileLarge : "";
  if (isLarge) input.value = "";
  return isLarge;
}

function chosen(input) {
  if (refuse(input) || !input.files.length) return;
  sent = input.id;
  input.dispatchEvent(new CustomEvent("picked", { bubbles: true }));
}

class Drawing {
  constructor(box) {
    this.input = box.querySelector("input[type=file]");
    this.canvas = box.querySelector("canvas");
    Object.assign(this.canvas, { width: WIDTH, height: HEIGHT });
    [this.take, this.anew] = box.querySelectorAll("button[data-drawing]");
    this.take.addEventListener("click", () => this.hand());
    this.anew.addEventListener("click", () => this.empty());
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => { this.last = null; });
    this.empty();
    box.querySelector("[data-drawing-box]").hidden = false;
  }

  empty() {
    this.pen = this.canvas.getContext("2d");
    Object.assign(this.pen, { fillStyle: "#fff", strokeStyle: "#000", lineWidth: 4, lineCap: "round", lineJoin: "round" });
    this.pen.fillRect(0, 0, WIDTH, HEIGHT);
    this.last = null;
    this.take.disabled = true;
  }

  at(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [((event.clientX - left) / width) * WIDTH, ((event.clientY - top) / height) * HEIGHT];
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.last = this.at(event);
  }

  draw(event) {
    if (!this.last) return;
    const point = this.at(event);
    this.pen.beginPath();
    this.pen.moveTo(...this.last);
    this.pen.lineTo(...point);
    this.pen.stroke();
    this.last = point;
    this.take.disabled = false;
  }

  hand() {
    this.canvas.toBlob((blob) => {
      const carrier = new DataTransfer();
      carrier.items.add(new File([blob], text("signature"), { type: "image/png" }));
      this.input.files = carrier.files;
      chosen(this.input);
    }, "image/png");
  }
}

whenReady((root) => {
  for (const input of root.querySelectorAll("input[data-file-limit]")) {
    if (once(input, "File")) input.addEventListener("change", () => chosen(input));
  }
  for (const box of root.querySelectorAll("[data-draw]")) if (once(box, "Draw")) new Drawing(box);
  // The form has come anew, with the file or with what is wrong with it: the reader goes on where they were.
  const input = sent && document.getElementById(sent);
  if (input && !input.files.length) { sent = ""; input.focus(); }
});
