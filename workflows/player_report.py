"""What a play tells: as JSON for machines, as lines for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflows import player_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from workflows.player import Misfit, Result
    from workflows.player_pool import Open, Wait
    from workflows.player_scenario import ScenarioInvalid
    from workflows.player_stage import Finding
    from workflows.problems import Problem

# People read no more; JSON holds all.
_SHOWN = 200


def told(problem: Problem | Finding | Misfit, locale: str) -> dict[str, str]:
    """A problem or warning with element, code, message and way out."""
    return {
        "element": problem.element,
        "code": problem.code,
        "message": problem.message(locale),
        "remedy": problem.remedy(locale),
    }


def _of(result: Result, severity: str, locale: str) -> list[dict[str, str]]:
    return [told(problem, locale) for problem in result.problems if problem.severity == severity]


def as_json(result: Result, locale: str) -> dict[str, Any]:
    """The whole result as JSON can carry it."""
    return {
        "outcome": result.outcome,
        "trace": [
            {
                "element": passed.element,
                "name": passed.name,
                "type": passed.type,
                "process": passed.process,
                "at": passed.at,
            }
            for passed in result.trace
        ],
        "open": [_open(item) for item in result.open],
        "waiting": [_wait(item) for item in result.waiting],
        "data": dict(result.data),
        "problems": _of(result, "error", locale),
        "warnings": _of(result, "warning", locale),
    }


def unreadable(invalid: ScenarioInvalid, locale: str) -> dict[str, Any]:
    """The result, as JSON, of a scenario that cannot be read."""
    problem = {"element": "", "code": invalid.code, "message": invalid.message(locale), "remedy": ""}
    nothing: dict[str, Any] = {"trace": [], "open": [], "waiting": [], "data": {}}
    return {"outcome": "refused", **nothing, "problems": [problem], "warnings": []}


def _open(item: Open) -> dict[str, Any]:
    return {
        "element": item.element,
        "name": item.name,
        "type": item.kind,
        "process": item.process,
        "role": item.role,
        "form": item.form,
        "due": _instant(item.due_at),
    }


def _wait(wait: Wait) -> dict[str, Any]:
    return {
        "kind": wait.kind,
        "name": wait.name,
        "element": wait.element,
        "process": wait.process,
        "due": _instant(wait.due_at),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def as_lines(result: Result, locale: str) -> Iterator[str]:
    """The whole result for people."""
    shown = as_json(result, locale)
    yield f"{_title('outcome', locale)}: {player_texts.text(f'outcome_{result.outcome}', locale)}"
    if shown["trace"]:
        yield f"{_title('trace', locale)}:"
        yield from _passed(shown["trace"], locale)
    if shown["open"]:
        yield f"{_title('open', locale)}:"
        yield from (f"  {item['name']} {_bracket(item['role'], item['due'])}".rstrip() for item in shown["open"])
    if shown["waiting"]:
        yield f"{_title('waiting', locale)}:"
        yield from (f"  {_waited(item, locale)}" for item in shown["waiting"])
    if shown["data"]:
        yield f"{_title('data', locale)}:"
        yield from (f"  {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in shown["data"].items())
    for severity in ("problems", "warnings"):
        if shown[severity]:
            yield f"{_title(severity, locale)}:"
        for item in shown[severity]:
            yield f"  {item['element']}: {item['message']} {item['remedy']}".rstrip()


def _passed(trace: list[dict[str, str]], locale: str) -> Iterator[str]:
    for item in trace[:_SHOWN]:
        yield f"  {item['at']}  {item['name']} ({item['type']}, {item['process']})"
    if len(trace) > _SHOWN:
        yield f"  {player_texts.text('more', locale, number=len(trace) - _SHOWN)}"


def _title(name: str, locale: str) -> str:
    return player_texts.text(f"title_{name}", locale)


def _bracket(*parts: str | None) -> str:
    said = [part for part in parts if part]
    return f"({', '.join(said)})" if said else ""


def _waited(item: dict[str, Any], locale: str) -> str:
    kind = player_texts.text(f"kind_{item['kind']}", locale)
    return f"{kind} {item['name'] or item['element']} {_bracket(item['due'])}".rstrip()
