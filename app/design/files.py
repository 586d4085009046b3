"""The files of drafts: what one is called and of which kind, what may be read, what a new one begins with."""

from __future__ import annotations

import json
import re
import unicodedata
from xml.sax.saxutils import quoteattr

from lxml import etree

from app.casework import rulebooks
from app.design import errors
from workflows import form_schema, markup, player_scenario

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_STEM = re.compile(r"[A-Za-z0-9_-]{1,100}")
_FOLDERS = {"forms/": "form", "books/": "book", "scenarios/": "scenario"}
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:d="https://drehscheibe.example/bpmn/1" id="definitions_{stem}" \
targetNamespace="https://drehscheibe.example/processes">
  <bpmn:process id="{stem}" name={title} isExecutable="true">
    <bpmn:startEvent id="{stem}_start" name="Beginn" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{stem}_diagram">
    <bpmndi:BPMNPlane id="{stem}_plane" bpmnElement="{stem}">
      <bpmndi:BPMNShape id="{stem}_start_shape" bpmnElement="{stem}_start">
        <dc:Bounds x="160" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="148" y="203" width="60" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def stem(title: str) -> str:
    """A name for files and ids made of a title; never empty, and beginning with a letter."""
    plain = unicodedata.normalize("NFKD", title.lower().translate(_UMLAUTS)).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:60]
    return made if made and made[0].isalpha() else f"process_{made}".rstrip("_")


def empty(title: str) -> bytes:
    """A diagram with nothing but its beginning."""
    return EMPTY.format(stem=stem(title), title=quoteattr(title)).encode()


def kind(file: str) -> str:
    """What a file of this name holds: "bpmn", "form", "book" or "scenario". Raises FileUnusable for other names."""
    if file.endswith(".bpmn") and "/" not in file:
        return "bpmn"
    folder, _, name = file.partition("/")
    found = _FOLDERS.get(f"{folder}/", "")
    if not found or not name.endswith(".json") or not _STEM.fullmatch(name.removesuffix(".json").replace(".", "_")):
        raise errors.FileUnusable("name", file[:60])
    return found


def checked(content: bytes, *, file: str = "x.bpmn") -> str:
    """The name of the file that this content would be, checked by the kind of `file`.

    A diagram is named by its first executable process, everything else keeps its name. Raises FileUnusable.
    """
    checks = {"bpmn": _diagram, "form": _form, "scenario": _scenario, "book": _book}
    held = kind(file)
    if held == "book" and file != rulebooks.file():
        raise errors.FileUnusable("name", file[:60])
    return checks[held](content) or file


def _form(content: bytes) -> str:
    try:
        form_schema.compile_form(content)
    except form_schema.FormInvalid as invalid:
        raise errors.FileUnusable("form", str(invalid)[:200]) from None
    return ""


def _book(content: bytes) -> str:
    try:
        rulebooks.read(content)
    except rulebooks.BookInvalid as invalid:
        raise errors.FileUnusable("book", str(invalid)[:200], invalid.problems) from None
    return ""


def struck(content: bytes) -> str:
    """Why the scenario of this file does not hold any more; "" for one that does."""
    given = json.loads(content)
    reason = given.get("struck") if isinstance(given, dict) and given.keys() <= {"description", "struck"} else ""
    return reason if isinstance(reason, str) else ""


def _scenario(content: bytes) -> str:
    try:
        if struck(content).strip():
            return ""
    except ValueError:
        pass  # what is no JSON is told below
    try:
        player_scenario.read(content)
    except player_scenario.ScenarioInvalid as invalid:
        raise errors.FileUnusable("scenario", str(invalid)[:200]) from None
    return ""


def _diagram(content: bytes) -> str:
    try:
        root = markup.read(content)
    except markup.FileRefused as refused:
        raise errors.FileUnusable(refused.code, refused.detail) from None
    if root.tag != f"{markup.BPMN}definitions":
        raise errors.FileUnusable("not_bpmn", etree.QName(root).localname[:60])
    processes = list(root.iterchildren(markup.BPMN + "process"))
    if not processes:
        raise errors.FileUnusable("no_process")
    first = next((process for process in processes if markup.executable(process)), processes[0])
    name = first.get("id", "")
    return f"{name if _STEM.fullmatch(name) else stem(name)}.bpmn"


def title(content: bytes, otherwise: str) -> str:
    """What people call the process of a readable diagram, or a rule book."""
    if otherwise.startswith("books/"):
        return str(rulebooks.read(content).raw["title"]["de"])[:200]
    root = markup.read(content)
    named = [*root.iter(markup.BPMN + "participant"), *root.iterchildren(markup.BPMN + "process")]
    return next((node.get("name").strip() for node in named if (node.get("name") or "").strip()), otherwise)[:200]


def as_text(content: bytes) -> str:
    """The diagram as text, whatever encoding it is stored in. Raises FileUnusable when it belies its encoding."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    encoding = root.getroottree().docinfo.encoding or "UTF-8"
    try:
        return content.decode("utf-8-sig" if encoding.upper() in {"UTF-8", "ASCII", "US-ASCII"} else encoding)
    except (LookupError, UnicodeError) as error:
        raise errors.FileUnusable("not_xml", type(error).__name__) from None
