"""What a play tells: as JSON for machines, as lines for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workflows import player_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from workflows.player import Result
    from workflows.player_pool import Open, Wait
    from workflows.player_stage import Finding
    from workflows.problems import Problem

# People read no more; JSON holds all.
_SHOWN = 200


def problems(found: Iterable[Problem | Finding], locale: str) -> list[dict[str, str]]:
    """Each problem with element, code, message, severity and way out."""
    return [
        {
            "element": problem.element,
            "code": problem.code,
            "message": problem.message(locale),
            "severity": problem.severity,
            "remedy": problem.remedy(locale),
        }
        for problem in found
    ]


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
        "problems": problems(result.problems, locale),
    }


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
    told = as_json(result, locale)
    yield f"{_title('outcome', locale)}: {player_texts.text(f'outcome_{result.outcome}', locale)}"
    if told["trace"]:
        yield f"{_title('trace', locale)}:"
        yield from _passed(told["trace"], locale)
    if told["open"]:
        yield f"{_title('open', locale)}:"
        yield from (f"  {item['name']} {_bracket(item['role'], item['due'])}".rstrip() for item in told["open"])
    if told["waiting"]:
        yield f"{_title('waiting', locale)}:"
        yield from (f"  {_waited(item, locale)}" for item in told["waiting"])
    if told["data"]:
        yield f"{_title('data', locale)}:"
        yield from (f"  {name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told["data"].items())
    yield from problem_lines(told["problems"], locale)


def _passed(trace: list[dict[str, str]], locale: str) -> Iterator[str]:
    for item in trace[:_SHOWN]:
        yield f"  {item['at']}  {item['name']} ({item['type']}, {item['process']})"
    if len(trace) > _SHOWN:
        yield f"  {player_texts.text('more', locale, number=len(trace) - _SHOWN)}"


def problem_lines(told: list[dict[str, str]], locale: str) -> Iterator[str]:
    """Problems for people; none, no line."""
    if told:
        yield f"{_title('problems', locale)}:"
        yield from (
            f"  {item['severity']}: {item['element']}: {item['message']} {item['remedy']}".rstrip() for item in told
        )


def _title(name: str, locale: str) -> str:
    return player_texts.text(f"title_{name}", locale)


def _bracket(*parts: str | None) -> str:
    said = [part for part in parts if part]
    return f"({', '.join(said)})" if said else ""


def _waited(item: dict[str, Any], locale: str) -> str:
    kind = player_texts.text(f"kind_{item['kind']}", locale)
    return f"{kind} {item['name'] or item['element']} {_bracket(item['due'])}".rstrip()
