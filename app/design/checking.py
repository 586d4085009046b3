"""Asks the warm child about drafts, and says what the office offers to those who draw: roles, forms, functions."""

from __future__ import annotations

import atexit
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.casework import begun
from app.design import files, queries, rule_checks
from app.office import dates
from app.office import queries as offices
from workflows import expressions, form_schema, handlers, sandbox, timers, warm
from workflows.errors import ExpressionInvalid
from workflows.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

LINTED = frozenset({"bpmn", "form"})
_child = warm.Child("workflows.drafts:check_payload")
atexit.register(_child.close)
# The files in force by the hashes of all of them: they change with a release, a few times a year.
_held: dict[str, Shared] = {}


@dataclass(frozen=True)
class Shared:
    """What all drafts are checked against: the files in force, and the words of the office."""

    digest: str
    files: Mapping[str, bytes]
    handlers: Mapping[str, Any]
    roles: tuple[str, ...]
    staffed: tuple[str, ...]

    def payload(self) -> dict[str, Any]:
        """The same as JSON can carry it."""
        return {
            "files": sandbox.encode(self.files),
            "handlers": self.handlers,
            "roles": list(self.roles),
            "staffed": list(self.staffed),
            "begun": begun.ASKED,
        }


class Told(Protocol):
    """A problem of any kind of file."""

    @property
    def element(self) -> str:
        """Where it is."""

    @property
    def code(self) -> str:
        """Which it is."""

    @property
    def file(self) -> str:
        """The file it is in."""

    @property
    def severity(self) -> str:
        """Whether it is an error or a warning."""

    def message(self, locale: str) -> str:
        """What is wrong, in this language."""

    def remedy(self, locale: str) -> str:
        """What to do about it, in this language."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a draft, and the process values that its conditions may read."""

    problems: tuple[Told, ...]
    names: tuple[str, ...]

    @property
    def errors(self) -> int:
        """How many of the problems keep the draft from being released."""
        return sum(problem.severity == "error" for problem in self.problems)


def _registered(session: Session) -> dict[str, dict[str, Any]]:
    registry = handlers.environment_of(session).handlers
    found = {name: registry.get(name) for name in sorted(registry.names())}
    return {
        name: {"inputs": list(one.inputs), "outputs": list(one.outputs), "mode": one.mode.value}
        for name, one in found.items()
    }


def shared(session: Session, now: datetime) -> Shared:
    """What all drafts are checked against at this moment."""
    hashes = {name: part for name, part in queries.in_force(session).hashes.items() if files.kind(name) in LINTED}
    known = _registered(session)
    roles = tuple(sorted(offices.roles(session)))
    staffed = tuple(sorted({post.role for post in offices.posts(session, dates.local(now))}))
    digest = hashlib.sha256(json.dumps([hashes, known, roles, staffed], sort_keys=True).encode()).hexdigest()
    if digest not in _held:
        contents = queries.sources(session, hashes.values())
        found = {name: contents[part] for name, part in hashes.items()}
        _held.clear()
        _held[digest] = Shared(digest, found, known, roles, staffed)
    return _held[digest]


def check(
    session: Session, content: str, *, file: str, now: datetime, beside: Mapping[str, bytes] | None = None
) -> Report:
    """The problems and hints of a draft; a check that does not come to an end is a problem, too.

    The files `beside` it, those of its bundle, take the place of those in force.
    """
    linted = {name: part for name, part in (beside or {}).items() if files.kind(name) in LINTED}
    try:
        answer = _child.ask(
            {"content": content, "file": file, "beside": sandbox.encode(linted)}, shared=shared(session, now)
        )
    except sandbox.ChildFailed as failed:
        return Report((Problem("", f"check_{failed.code}"),), ())
    return Report(tuple(Problem(**item) for item in answer["problems"]), tuple(answer["names"]))


def whole(session: Session, found: Mapping[str, bytes], *, file: str, now: datetime) -> Report:
    """The problems of everything that is released with this file: the process, and the rule book beside it."""
    report = Report((), ())
    if files.kind(file) == "bpmn":
        report = check(session, files.as_text(found[file]), file=file, now=now, beside=found)
    books = [each for name in sorted(found) if files.kind(name) == "book"
             for each in rule_checks.problems(found[name], file=name)]  # fmt: skip
    return Report((*report.problems, *books), report.names)


def fault(kind: str, source: str, names: frozenset[str] | None) -> ExpressionInvalid | None:
    """What is wrong with a condition, timer or script as it was typed; None when nothing is."""
    compilers = {
        "condition": expressions.compile_expression,
        "timer": timers.compile_timer,
        "script": expressions.compile_script,
    }
    try:
        compilers[kind](source, names)
    except ExpressionInvalid as invalid:
        return invalid
    return None


def forms(session: Session, now: datetime, beside: Mapping[str, bytes]) -> dict[str, form_schema.Form]:
    """The forms in force and those of a bundle by their names."""
    found = {}
    for name, content in {**shared(session, now).files, **beside}.items():
        if name.startswith("forms/"):
            found[name.removeprefix("forms/").removesuffix(".json")] = form_schema.compile_form(content)
    return found
