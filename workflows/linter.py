"""What a diagram may contain: everything that behaves as the standard says, and nothing else.

`lint` asks a bounded child process; `check` is what the child does. The order is: read safely, known words only, ids
and references, structure, ties to the office, names and expressions, tokens; and last the parser itself, which must
find nothing left to refuse.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from workflows import (
    closures,
    form_schema,
    lint_bindings,
    lint_names,
    lint_references,
    lint_starts,
    lint_structure,
    lint_tokens,
    lint_vocabulary,
    markup,
    parser,
    sandbox,
)
from workflows.form_schema import Form, FormInvalid
from workflows.lint_bindings import Office
from workflows.lint_sheet import MAX_PROBLEMS, Sheet
from workflows.problems import Known, Problem
from workflows.sandbox import ChildFailed

if TYPE_CHECKING:
    from workflows.lint_names import Declared

Files = Mapping[str, bytes]
MAX_FILES = 500
MAX_TOTAL = 20_000_000
_FILE = re.compile(r"[A-Za-z0-9_-]{1,100}\.bpmn|forms/[A-Za-z0-9_-]{1,100}\.json")


def lint(files: Files, known: Known) -> list[Problem]:
    """All problems of these files, found in a bounded child process; a child that hangs or dies is a problem too."""
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_TOTAL:
        return [Problem("", "files_too_many", {"max": MAX_FILES})]
    payload = {
        "files": sandbox.encode(files),
        "handlers": None if known.handlers is None else {n: _declared(h) for n, h in known.handlers.items()},
        "roles": None if known.roles is None else sorted(known.roles),
        "lenient": sorted(known.lenient),
        "begun": dict(known.begun),
    }
    try:
        answer = sandbox.run("lint", payload)
    except ChildFailed as failed:
        return [Problem("", f"check_{failed.code}")]
    return [Problem(**item) for item in answer]


def _declared(handler: Any) -> dict[str, Any]:  # noqa: ANN401  a registered handler
    return {"inputs": list(handler.inputs), "outputs": list(handler.outputs), "mode": handler.mode.value}


def check_payload(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same inside the child, as JSON."""
    roles = payload["roles"]
    found = check(
        sandbox.decode(payload["files"]),
        handlers=payload["handlers"],
        roles=None if roles is None else frozenset(roles),
        lenient=frozenset(payload["lenient"]),
        begun=payload["begun"],
    )
    return [dataclasses.asdict(problem) for problem in found]


def check(
    files: Files,
    *,
    handlers: Declared | None = None,
    roles: frozenset[str] | None = None,
    lenient: frozenset[str] = frozenset(),
    begun: Mapping[str, bool] | None = None,
) -> list[Problem]:
    """All problems of these files. For what strangers drew, ask `lint`: this one runs in the caller's process."""
    problems: list[Problem] = [Problem("", "file_name", file=name[:120]) for name in files if not _FILE.fullmatch(name)]
    sheets = _sheets(files, problems, lenient)
    forms = _forms(files, problems)
    _look(sheets, forms, problems, mine=sheets, handlers=handlers, roles=roles, begun=begun or {})
    if not _errors(problems):
        problems += _parsed(files)
    return problems[:MAX_PROBLEMS]


def check_among(
    name: str,
    content: bytes,
    others: Files,
    *,
    handlers: Declared,
    roles: frozenset[str],
    begun: Mapping[str, bool] | None = None,
) -> tuple[list[Problem], lint_names.Names]:
    """The problems of one diagram among others that were checked before, and the names that its conditions may read.

    What the others are read into is kept for the next question: this is asked again and again while somebody draws.
    """
    problems: list[Problem] = [] if _FILE.fullmatch(name) else [Problem("", "file_name", file=name[:120])]
    mine = _sheets({name: content}, problems, frozenset())
    kept = {other: Sheet(other, _kept_root(text)) for other, text in others.items() if other.endswith(".bpmn")}
    forms = {
        other.removeprefix(closures.FORMS).removesuffix(".json"): _kept_form(text)
        for other, text in others.items()
        if other.startswith(closures.FORMS)
    }
    sheets = {**kept, **mine}
    names = _look(sheets, forms, problems, mine=mine, handlers=handlers, roles=roles, begun=begun or {})
    if mine and not _errors(problems):
        problems += _parsed({**others, name: content}, [process.get("id") for process in mine[name].processes])
    return problems[:MAX_PROBLEMS], names


_kept_root = functools.lru_cache(256)(markup.read)
_kept_form = functools.lru_cache(1024)(form_schema.compile_form)


def _look(
    sheets: Mapping[str, Sheet],
    forms: Mapping[str, Form],
    problems: list[Problem],
    *,
    mine: Mapping[str, Sheet],
    handlers: Declared | None,
    roles: frozenset[str] | None,
    begun: Mapping[str, bool],
) -> lint_names.Names:
    """Notes the problems of `mine`, which stand among the sheets."""
    for sheet in mine.values():
        lint_vocabulary.check(sheet)
        lint_references.check(sheet)
        lint_structure.hidden(sheet)
    lint_references.check_across(sheets.values())
    drawn = closures.processes({name: sheet.root for name, sheet in sheets.items()})
    names = lint_names.names(drawn, forms, handlers)
    # What follows walks along flows, calls and names; it needs words that are known and references that hold.
    if not _errors(problems):
        _walk(sheets, problems, Office(drawn, forms, names, handlers, roles, begun), mine=mine)
    return names


def _errors(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _sheets(files: Files, problems: list[Problem], lenient: frozenset[str]) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for name, content in files.items():
        if name.endswith(".bpmn"):
            try:
                sheets[name] = sheet = Sheet(name, markup.read(content), problems, lenient)
                lint_vocabulary.tell_foreign(sheet, markup.foreign(content))
            except markup.FileRefused as refused:
                problems.append(Problem("", refused.code, {"detail": refused.detail}, file=name))
    return sheets


def _forms(files: Files, problems: list[Problem]) -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for name, content in files.items():
        if name.startswith(closures.FORMS) and name.endswith(".json"):
            try:
                forms[name.removeprefix(closures.FORMS).removesuffix(".json")] = form_schema.compile_form(content)
            except FormInvalid as invalid:
                problems += [Problem(f.part, f.code, dict(f.values), file=name) for f in invalid.faults]
    return forms


def _walk(sheets: Mapping[str, Sheet], problems: list[Problem], office: Office, *, mine: Mapping[str, Sheet]) -> None:
    outside = frozenset(name for name, handler in (office.handlers or {}).items() if handler["mode"] == "outside")
    waits = lint_structure.Waits(office.drawn, outside)
    lint_bindings.check_calls(sheets, office)
    problems += lint_bindings.check_forms(office)
    for sheet in mine.values():
        lint_structure.check(sheet, waits)
        lint_bindings.check(sheet, office)
        lint_names.check(sheet, office.names)
        lint_starts.check(sheet, office)
    if not _errors(problems):
        for sheet in mine.values():
            lint_tokens.check(sheet)


def _parsed(files: Files, processes: list[str] | None = None) -> list[Problem]:
    """What the parser refuses although nothing above did: better one clumsy sentence than a crash at night."""
    try:
        if processes is None:
            parser.parse(files)
        for process in processes or ():
            parser.parse(files, process=process)
    except ValidationException as error:
        return [Problem(error.id or "", "not_parsable", {"detail": str(error)[:300]}, file=error.file_name or "")]
    return []
