// Builds everything that browsers are given. The results are committed and are package data, so installing needs no Node.
// `npm ci && npm run build` here; another folder for the results: `node build.mjs DIR`. Packages are also looked for in NODE_PATH.
import { cp, mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import german from "./designer/german.js";

// Required, not imported: only so Node looks in NODE_PATH too.
const { build } = createRequire(import.meta.url)("esbuild");
const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2] ?? path.join(here, ".."));
const folders = [path.join(here, "node_modules"), ...(process.env.NODE_PATH ?? "").split(path.delimiter).filter(Boolean)];

function installed(name) {
  const found = folders.map((folder) => path.join(folder, name)).find((folder) => existsSync(folder));
  if (!found) throw new Error(`${name} is not installed: run npm ci in ${here}`);
  return found;
}

// diagram-js builds parts of its canvas from HTML with style attributes, which the policy refuses: ours sets them through the CSSOM.
const styles = {
  name: "styles-through-cssom",
  setup(bundle) {
    bundle.onResolve({ filter: /^domify$/ }, ({ importer }) =>
      importer === path.join(here, "domify.js")
        ? { path: path.join(installed("domify"), "index.js") }
        : { path: path.join(here, "domify.js") });
  },
};

const common = { bundle: true, minify: true, legalComments: "none", target: "es2022", nodePaths: folders, logLevel: "warning", absWorkingDir: here };

function replaced(css, from, to) {
  if (!css.includes(from)) throw new Error(`KERN has changed: ${from}`);
  return css.replaceAll(from, to);
}

// KERN's faults, mended where they stand. Two of its global rules reach into widgets that are not its own: the size of every svg, the font of every element.
async function kern() {
  let css = await readFile(path.join(installed("@kern-ux/native"), "dist/kern.css"), "utf8");
  css = replaced(css, "img,\npicture,\nvideo,\ncanvas,\nsvg {", "img,\npicture {");
  css = replaced(css, "*:not(i) {\n  font-family:", "body, button, input, select, textarea {\n  font-family:");
  // In forced colours its icons are white, on whatever ground the reader has chosen: they follow the text.
  css = replaced(css, "background-color: var(--kern-color-white) !important", "background-color: CanvasText !important");
  await build({ ...common, stdin: { contents: css, loader: "css", resolveDir: here }, outfile: path.join(out, "kern.css"), loader: { ".svg": "dataurl" } });
}

async function bundles() {
  await build({ ...common, entryPoints: ["app.js", "diagram.js"], outdir: out, format: "esm", plugins: [styles] });
  await build({ ...common, entryPoints: { designer: "designer/designer.js" }, outdir: out, format: "esm", plugins: [styles] });
  // What jspdf would load for other ways of drawing, which nobody takes.
  await build({ ...common, entryPoints: { pdf: "designer/pdf.js" }, outdir: out, format: "esm", external: ["canvg", "dompurify", "html2canvas"] });
  await build({ ...common, entryPoints: { app: "app.css", diagram: "diagram.css" }, outdir: out, external: ["./fonts/*"] });
  await cp(path.join(installed("htmx.org"), "dist/htmx.min.js"), path.join(out, "htmx.js"));
}

// The canvas on which designers draw: the styles of its parts, with the one font of their icons as a file of ours.
async function designer() {
  const icons = await readFile(path.join(installed("bpmn-js"), "dist/assets/bpmn-font/css/bpmn.css"), "utf8");
  const plain = icons.replace(/\/\*[\s\S]*?\*\//g, "").replace(/@charset[^;]*;/, "").replace(/@font-face\s*\{[^}]*\}/g, "");
  const face = '@font-face { font-family: "bpmn"; src: url("./fonts/bpmn.woff2") format("woff2"); font-display: block; }\n';
  const parts = ["bpmn-js/dist/assets/diagram-js.css", "bpmn-js/dist/assets/bpmn-js.css", "diagram-js-minimap/assets/diagram-js-minimap.css"];
  const imports = parts.map((name) => `@import ${JSON.stringify(name)};\n`).join("");
  const own = await readFile(path.join(here, "designer/designer.css"), "utf8");
  await build({ ...common, stdin: { contents: imports + face + plain + own, loader: "css", resolveDir: here }, outfile: path.join(out, "designer.css"), external: ["./fonts/*"] });
  await mkdir(path.join(out, "fonts"), { recursive: true });
  await cp(path.join(installed("bpmn-js"), "dist/assets/bpmn-font/font/bpmn.woff2"), path.join(out, "fonts/bpmn.woff2"));
}

async function* scripts(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* scripts(file);
    else if (/\.(esm\.)?js$/.test(entry.name)) yield file;
  }
}

// Every word that the canvas may show has a German one: a new version of its parts must not bring English into German pages.
async function everyWord() {
  const folders = ["bpmn-js/lib/features", "diagram-js/lib/features", "diagram-js-direct-editing/lib", "diagram-js-minimap/dist"];
  const missing = new Set();
  for (const folder of folders) for await (const file of scripts(path.join(installed(folder.split("/")[0]), ...folder.split("/").slice(1)))) {
    const text = await readFile(file, "utf8");
    const asked = [...text.matchAll(/translate\(\s*'([^']+)'/g)];
    if (/replace[/]ReplaceOptions\.js$/.test(file)) asked.push(...text.matchAll(/label: '([^']+)'/g));
    for (const [, word] of asked) if (!(word in german) && !word.startsWith("HELLO")) missing.add(word);
  }
  if (missing.size) throw new Error(`designer/german.js lacks: ${[...missing].map((word) => JSON.stringify(word)).join(", ")}`);
}

async function sizes() {
  for (const name of (await readdir(out)).filter((file) => /\.(js|css)$/.test(file)).sort()) {
    const file = path.join(out, name);
    const packed = gzipSync(await readFile(file), { level: 9 }).length;
    console.log(`${name.padEnd(14)} ${String(Math.round((await stat(file)).size / 1024)).padStart(5)} kB, ${String(Math.round(packed / 1024)).padStart(4)} kB packed`);
  }
}

// The package's text of the licence does not name the holders; the font files do.
const ICONS = "Icons of the diagram canvas (font bpmn.woff2 of bpmn-font, in bpmn-js): SIL Open Font License 1.1; its words stand in fonts/OFL.txt. Copyright (C) by original authors @ fontello.com, and the bpmn.io project.";
const FIRA = "Fira Sans: Digitized data copyright 2012-2016, The Mozilla Foundation and Telefonica S.A.";

async function fonts() {
  const source = installed("@fontsource/fira-sans");
  await mkdir(path.join(out, "fonts"), { recursive: true });
  for (const subset of ["latin", "latin-ext"])
    for (const weight of [400, 500, 600, 700]) {
      const name = `fira-sans-${subset}-${weight}-normal.woff2`;
      await cp(path.join(source, "files", name), path.join(out, "fonts", name));
    }
  await writeFile(path.join(out, "fonts", "OFL.txt"), `${FIRA}\n\n${await readFile(path.join(source, "LICENSE"), "utf8")}`);
}

// All packages that are in the results, with the words of their licences; esbuild only builds and is not among them.
async function notices() {
  const lock = JSON.parse(await readFile(path.join(here, "package-lock.json"), "utf8"));
  const names = Object.entries(lock.packages).filter(([key, entry]) => key && !entry.dev && !entry.optional).map(([key]) => key.replace("node_modules/", ""));
  const parts = [];
  for (const name of names.sort()) {
    const folder = installed(name);
    const { version, license } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const words = file ? await readFile(path.join(folder, file), "utf8") : `Licensed under ${license}; the package carries no text of it.`;
    const holders = name.includes("fira-sans") ? `${FIRA}\n\n` : "";
    parts.push(`${name} ${version} (${license})\n${"-".repeat(72)}\n${holders}${words.trim()}\n`);
  }
  const head = "Parts of other projects in the files that browsers are given (app/static).\n";
  parts.push(`bpmn-font (SIL OFL 1.1)\n${"-".repeat(72)}\n${ICONS}\n`);
  const text = [head, ...parts].join("\n\n").replace(/\r\n/g, "\n").replace(/[ \t]+$/gm, "");
  await writeFile(path.join(out, "NOTICES.txt"), text);
}

await mkdir(out, { recursive: true });
await Promise.all([kern(), bundles(), designer(), fonts(), everyWord()]);
await notices();
await sizes();
