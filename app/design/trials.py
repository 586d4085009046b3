"""What the warm child plays: scenarios of one diagram among the files that it calls and shows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.office import calendar
from workflows import closures, markup, parser, player, player_report, player_scenario, sandbox
from workflows.handlers import Mode, Registered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.problems import Problem

# The problems of files by the hash of their contents: a play asks for the same ones after each step.
_checked: dict[str, list[Problem]] = {}
_MOST = 30
_SERVED = frozenset({"serviceTask", "businessRuleTask"})


def answer(shared: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """What each scenario comes to, and what the diagrams say about their elements."""
    files = _needed(sandbox.decode({**shared["files"], **question["files"]}), question["main"])
    declared = {name: Registered(name, _nothing, **_declared(one)) for name, one in shared["handlers"].items()}
    elements = _elements(files)
    told = {
        name: _played(files, (name, script), shared=shared, question=question, declared=declared, elements=elements)
        for name, script in question["scenarios"].items()
    }
    roles = _roles(files) if question.get("roles") else {}
    return {
        "results": told, "elements": elements, "errors": _errors(files), "files": sorted(files), "roles": roles,
    }  # fmt: skip


def _nothing(_call: object) -> Mapping[str, Any]:
    return {}


def _declared(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"inputs": tuple(one["inputs"]), "outputs": one["outputs"], "mode": Mode(one["mode"])}


def _needed(files: Mapping[str, bytes], main: str) -> dict[str, bytes]:
    """The diagram, those that it calls, and the forms of all of them."""
    roots = {name: markup.read(content) for name, content in files.items() if name.endswith(".bpmn")}
    drawn = closures.processes({main: roots[main], **roots})
    names = {
        name
        for node in roots[main].iterchildren(markup.BPMN + "process")
        for name in closures.reached(drawn, node.get("id", ""))
    }
    wanted = {main, *(drawn[name].file for name in names)}
    wanted |= {closures.form_file(form) for name in names for form in closures.form_names(drawn[name].node)}
    return {name: content for name, content in files.items() if name in wanted}


def _elements(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    """Each element with its file, its kind, its handler, and the process that it calls."""
    found: dict[str, dict[str, Any]] = {}
    for name, content in files.items():
        if name.endswith(".bpmn"):
            for node in markup.read(content).iter(*markup.FLOW_NODES):
                kind = str(node.tag).removeprefix(markup.BPMN)
                handler = node.get(markup.OWN + "handler") or ""
                found[node.get("id", "")] = {
                    "file": name,
                    "kind": kind,
                    "name": (node.get("name") or "").strip(),
                    "handler": handler,
                    "served": bool(handler) or kind in _SERVED,
                    "calls": markup.local_name(node.get("calledElement") or ""),
                }
    return found


def _roles(files: Mapping[str, bytes]) -> dict[str, str]:
    """Which role each element belongs to, as it stands on it or on its lane."""
    return {
        info.id: info.role for specs in parser.parse(files).values() for info in specs.by_spec.values() if info.role
    }


def _errors(files: Mapping[str, bytes]) -> list[list[str]]:
    """The errors that the diagrams know: code and name."""
    found = {
        node.get("errorCode", ""): (node.get("name") or "").strip()
        for name, content in files.items()
        if name.endswith(".bpmn")
        for node in markup.read(content).iter(markup.BPMN + "error")
    }
    return sorted([code, name or code] for code, name in found.items() if code)


def _played(
    files: Mapping[str, bytes],
    named: tuple[str, str],
    *,
    shared: Mapping[str, Any],
    question: Mapping[str, Any],
    declared: Mapping[str, Registered],
    elements: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """One scenario; in those of `stepwise` each service waits to be answered."""
    name, script = named
    locale = question["locale"]
    try:
        scenario = player_scenario.read(script.encode())
    except player_scenario.ScenarioInvalid as invalid:
        return player_report.unreadable(invalid, locale) | {"now": None}
    if name in question["stepwise"]:
        held = frozenset(key for key, one in elements.items() if one["served"])
        scenario = replace(scenario, waits=held)
    result = player.play(
        files,
        scenario,
        main=question["main"],
        declared=declared,
        calendar=_calendar(shared["calendar"]),
        now=datetime.fromisoformat(question["now"]),
        checked=_problems(files, declared),
    )
    return player_report.as_json(result, locale) | {"now": result.now.isoformat() if result.now else None}


def _problems(files: Mapping[str, bytes], declared: Mapping[str, Registered]) -> list[Problem]:
    known = json.dumps([sorted(declared), sorted((name, hashlib.sha256(c).hexdigest()) for name, c in files.items())])
    if known not in _checked:
        if len(_checked) >= _MOST:
            _checked.clear()
        _checked[known] = player.check(files, declared)
    return _checked[known]


def as_json(found: calendar.Snapshot) -> dict[str, Any]:
    """The calendar of the office as JSON can carry it."""
    terms = [[one.name, one.expression, one.valid_from.isoformat(), one.valid_to and one.valid_to.isoformat()]
             for one in found.terms]  # fmt: skip
    closed = sorted(day.isoformat() for day in found.closed)
    return {"weekdays": sorted(found.weekdays), "closed": closed, "terms": terms}


def _calendar(given: Mapping[str, Any]) -> calendar.OfficeCalendar:
    terms = tuple(
        calendar.Term(name, expression, date.fromisoformat(since), date.fromisoformat(until) if until else None)
        for name, expression, since, until in given["terms"]
    )
    closed = frozenset(date.fromisoformat(day) for day in given["closed"])
    snapshot = calendar.Snapshot(frozenset(given["weekdays"]), closed, terms)
    return calendar.OfficeCalendar(lambda: snapshot)
