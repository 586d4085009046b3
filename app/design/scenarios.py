"""Scenarios of a process: recorded while playing, kept with it, played again on every state and before each release."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.design import errors, files, playing, queries, service
from app.design.release_models import ScenarioEdition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.design.queries import DraftRow
    from workflows.handlers import Actor

FOLDER = "scenarios/"
_EXPECTATIONS = frozenset({"expected_outcome", "expected_passed"})


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that went otherwise than recorded, by a code and what its sentence names."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """A scenario and what became of it on the files of a draft."""

    file: str
    title: str
    steps: int
    auto_complete: bool
    part: DraftRow | None
    difference: Difference | None
    # Whether it holds already, or in this draft alone.
    holds: bool

    @property
    def name(self) -> str:
        """The name of the file without folder and ending."""
        return self.file.removeprefix(FOLDER).removesuffix(".json")

    @property
    def passes(self) -> bool:
        """Whether everything went as recorded."""
        return self.difference is None


@dataclass(frozen=True, slots=True)
class Struck:
    """A scenario that does not hold any more, why, and whether the draft says so."""

    file: str
    title: str
    reason: str
    drafted: bool

    @property
    def name(self) -> str:
        """The name of the file without folder and ending."""
        return self.file.removeprefix(FOLDER).removesuffix(".json")


def of(session: Session, found: Mapping[str, bytes], *, file: str) -> dict[str, bytes]:
    """The scenarios of the process of this file: those in force, and those that were recorded with the draft."""
    return {name: content for name, content in _all(session, found, file=file).items() if not files.struck(content)}


def struck(session: Session, found: Mapping[str, bytes], *, file: str) -> tuple[Struck, ...]:
    """The scenarios of the process of this file that somebody has struck off."""
    return tuple(Struck(*one, drafted=one[0] in found) for one in struck_in(_all(session, found, file=file)))


def struck_in(found: Mapping[str, bytes]) -> list[tuple[str, str, str]]:
    """The scenarios that these files strike off: file, title, reason."""
    return [
        (name, _title(name, json.loads(content)), reason)
        for name, content in sorted(found.items())
        if files.kind(name) == "scenario" and (reason := files.struck(content))
    ]


def _all(session: Session, found: Mapping[str, bytes], *, file: str) -> dict[str, bytes]:
    start = f"{FOLDER}{file.removesuffix('.bpmn')}."
    hashes = {name: one for name, one in queries.in_force(session).hashes.items() if name.startswith(start)}
    contents = queries.sources(session, hashes.values())
    kept = {name: contents[one] for name, one in hashes.items() if one in contents}
    return kept | {name: content for name, content in found.items() if files.kind(name) == "scenario"}


def run(
    session: Session, draft: DraftRow, found: Mapping[str, bytes], *, now: datetime, locale: str
) -> tuple[Trial, ...]:
    """Plays all scenarios of a draft on the files of its bundle."""
    known = of(session, found, file=draft.file) if draft.file.endswith(".bpmn") else {}
    if not known:
        return ()
    scripts = {name: content.decode() for name, content in known.items()}
    played = playing.play(session, found, scripts, main=draft.file, now=now, locale=locale)
    parts = {row.file: row for row in queries.parts(session, draft.id)}
    holding = of(session, {}, file=draft.file)
    return tuple(
        _trial(name, scripts[name], played, parts.get(name), holds=name in holding) for name in sorted(scripts)
    )


def _trial(file: str, script: str, played: playing.Played, part: DraftRow | None, *, holds: bool) -> Trial:
    given = json.loads(script)
    result = played.results.get(file)
    differs = Difference("stopped") if result is None else difference(given, result, played.elements)
    alone = bool(given.get("auto_complete"))
    return Trial(file, _title(file, given), len(given.get("steps", ())), alone, part, differs, holds)


def _title(file: str, given: Mapping[str, Any]) -> str:
    return str(given.get("description") or file.removeprefix(FOLDER).removesuffix(".json"))


def difference(
    given: Mapping[str, Any], result: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]
) -> Difference | None:
    """Where a play first left what its scenario expects; None when it never did."""
    hard = [one for one in result["problems"] if one["code"] not in _EXPECTATIONS]
    if hard:
        return Difference("problem", {"message": f"{hard[0]['message']} {hard[0]['remedy']}".strip()})
    expected = given.get("expect", {})
    return _path(expected.get("passed", ()), result["trace"], elements) or _outcome(expected.get("outcome"), result)


def _path(
    expected: Sequence[str], trace: Sequence[Mapping[str, str]], elements: Mapping[str, Mapping[str, Any]]
) -> Difference | None:
    place, before = 0, ""
    for name in expected:
        at = next((number for number in range(place, len(trace)) if trace[number]["element"] == name), None)
        if at is None:
            found = trace[place] if place < len(trace) else None
            values = {"wanted": _named(name, elements), "before": before, "found": _named_row(found, elements)}
            return Difference("path" if found else "ends", values)
        place, before = at + 1, _named(name, elements)
    return None


def _named(element: str, elements: Mapping[str, Mapping[str, Any]]) -> str:
    return str(elements.get(element, {}).get("name") or element)


def _named_row(row: Mapping[str, str] | None, elements: Mapping[str, Mapping[str, Any]]) -> str:
    return "" if row is None else row["name"] or _named(row["element"], elements)


def _outcome(expected: str | None, result: Mapping[str, Any]) -> Difference | None:
    found = "waiting" if result["open"] or result["waiting"] else "completed"
    if expected is None or expected == found or (expected == result["outcome"]):
        return None
    return Difference(f"outcome_{found}")


def written(script: Mapping[str, Any], title: str, result: Mapping[str, Any]) -> bytes:
    """The scenario of what was played, with what came of it as what is expected. Raises StepRefused after a failure."""
    if result.get("outcome") not in {"completed", "waiting"}:
        raise errors.StepRefused("failed_play")
    made = {key: value for key, value in script.items() if key not in {"description", "expect"}}
    passed = [one["element"] for one in result["trace"]]
    made = {"description": title, **made, "expect": {"outcome": result["outcome"], "passed": passed}}
    return json.dumps(made, ensure_ascii=False, indent=1).encode()


def name_for(session: Session, draft: DraftRow, title: str) -> str:
    """A file for a new scenario of this title that is not taken."""
    stem = f"{draft.file.removesuffix('.bpmn')}.{files.stem(title)[:40]}"
    taken = _all(session, queries.bundle(session, draft.id), file=draft.file)
    names = [stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3))]
    return next(f"{FOLDER}{name}.json" for name in names if f"{FOLDER}{name}.json" not in taken)


def keep(session: Session, draft: DraftRow, file: str, content: bytes, *, actor: Actor, now: datetime) -> None:
    """Takes a scenario into the draft, or saves it anew there. Raises FileUnusable, DraftDiscarded."""
    service.begin_part(session, draft.id, file, content, actor=actor, now=now)


def strike(session: Session, draft: DraftRow, file: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Takes a scenario out of force with the release of this draft; the reason stands in its history for good.

    Raises UnknownDraft for one that does not hold, StepRefused without a reason.
    """
    known = of(session, {}, file=draft.file)
    if file not in known:
        raise errors.UnknownDraft(draft.id)
    if not reason:
        raise errors.StepRefused("required")
    made = {"description": _title(file, json.loads(known[file])), "struck": reason}
    keep(session, draft, file, json.dumps(made, ensure_ascii=False, indent=1).encode(), actor=actor, now=now)


def is_new(content: bytes, digest: str) -> bool:
    """Whether this is not the scenario of this hash."""
    return service.digest(content) != digest


def put(session: Session, found: Mapping[str, bytes], *, now: datetime) -> None:
    """Lets the scenarios among these files hold from now on: every later state is played with them."""
    for name, content in found.items():
        if files.kind(name) == "scenario":
            session.add(ScenarioEdition(file=name, digest=service.digest(content), content=content, put_at=now))
    session.flush()
