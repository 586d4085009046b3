// Builds everything that browsers are given. The results are committed and are package data, so installing needs no Node.
// `npm ci && npm run build` here; another folder for the results: `node build.mjs DIR`. Packages are also looked for in NODE_PATH.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

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
  await build({ ...common, entryPoints: { app: "app.css", diagram: "diagram.css" }, outdir: out, external: ["./fonts/*"] });
  await cp(path.join(installed("htmx.org"), "dist/htmx.min.js"), path.join(out, "htmx.js"));
}

// The package's text of the licence does not name the holders; the font files do.
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
  const text = [head, ...parts].join("\n\n").replace(/\r\n/g, "\n").replace(/[ \t]+$/gm, "");
  await writeFile(path.join(out, "NOTICES.txt"), text);
}

await mkdir(out, { recursive: true });
await Promise.all([kern(), bundles(), fonts()]);
await notices();
