// What every page runs: one behaviour a file.
import "./focus.js";
import "./filters.js";
import "./form.js";
import "./files.js";
import "./keyboard.js";
import "./drafts.js";
import "./idle.js";
import "./bulk.js";
import "./diagrams.js";
import "./menu.js";
