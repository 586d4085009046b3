"""Trying a draft out: what was done so far is kept as a scenario and played again at each look, by a bounded child."""

from __future__ import annotations

import atexit
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from app.design import checking, files, queries, trials
from app.design.models import Play
from app.office import calendar
from workflows import handlers, sandbox, values, warm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

_child = warm.Child("app.design.trials:answer")
atexit.register(_child.close)
_held: dict[str, Stock] = {}
MOST_STEPS = 500
# So many scenarios are played in one question, which has its own seconds.
PIECE = 10
_WORDS = {"ja": True, "true": True, "yes": True, "nein": False, "false": False, "no": False}


@dataclass(frozen=True)
class Stock:
    """What all plays share: the diagrams and forms in force, the functions of the office, its calendar."""

    digest: str
    files: Mapping[str, bytes]
    handlers: Mapping[str, Any]
    calendar: Mapping[str, Any]

    def payload(self) -> dict[str, Any]:
        """The same as JSON can carry it."""
        return {"files": sandbox.encode(self.files), "handlers": self.handlers, "calendar": self.calendar}


@dataclass(frozen=True, slots=True)
class Played:
    """What became of scenarios, by name; `failed` says why there is nothing (the bound that was hit)."""

    results: Mapping[str, Mapping[str, Any]]
    elements: Mapping[str, Mapping[str, Any]]
    errors: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    failed: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)


def _playable(name: str) -> bool:
    return files.kind(name) in {"bpmn", "form"}


def stock(session: Session, now: datetime) -> Stock:
    """What plays share at this moment."""
    environment = handlers.environment_of(session)
    registry = environment.handlers
    known = {name: registry.get(name) for name in sorted(registry.names())}
    declared = {
        name: {"inputs": list(one.inputs), "outputs": dict(one.outputs), "mode": one.mode.value}
        for name, one in known.items()
    }
    office = environment.calendar
    days = trials.as_json(office.snapshot() if isinstance(office, calendar.OfficeCalendar) else calendar.Snapshot())
    shared = checking.shared(session, now)
    digest = hashlib.sha256(json.dumps([shared.digest, declared, days], sort_keys=True).encode()).hexdigest()
    if digest not in _held:
        _held.clear()
        found = {name: content for name, content in shared.files.items() if _playable(name)}
        _held[digest] = Stock(digest, found, declared, days)
    return _held[digest]


def play(
    session: Session,
    bundle: Mapping[str, bytes],
    scenarios: Mapping[str, str],
    *,
    main: str,
    now: datetime,
    locale: str,
    stepwise: tuple[str, ...] = (),
) -> Played:
    """Plays scenarios (at least one) on the diagram `main`. In those of `stepwise` each service waits for its step."""
    told: dict[str, Mapping[str, Any]] = {}
    names, asked = list(scenarios), _Question(stock(session, now), bundle, main, now)
    for first in range(0, len(names), PIECE):
        some = {name: scenarios[name] for name in names[first : first + PIECE]}
        try:
            answer = asked.put(scenarios=some, locale=locale, stepwise=stepwise)
        except sandbox.ChildFailed as failed:
            return Played(told, {}, failed=failed.code)
        told |= answer["results"]
    errors = tuple((code, name) for code, name in answer["errors"])
    return Played(told, answer["elements"], errors, tuple(answer["files"]))


def outline(session: Session, bundle: Mapping[str, bytes], *, main: str, now: datetime) -> Played:
    """What a diagram says about its elements and those of all that it calls, with their roles; nothing is played."""
    try:
        answer = _Question(stock(session, now), bundle, main, now).put(
            scenarios={}, locale="de", stepwise=(), roles=True
        )  # fmt: skip
    except sandbox.ChildFailed as failed:
        return Played({}, {}, failed=failed.code)
    return Played({}, answer["elements"], files=tuple(answer["files"]), roles=answer["roles"])


class _Question:
    """What the child is asked about one bundle, made once for all its pieces."""

    def __init__(self, shared: Stock, bundle: Mapping[str, bytes], main: str, now: datetime) -> None:
        own = sandbox.encode({name: content for name, content in bundle.items() if _playable(name)})
        self._shared, self._common = shared, {"files": own, "main": main, "now": now.isoformat()}

    def put(self, **asked: Any) -> Any:  # noqa: ANN401  any JSON
        """The child's answer. Raises sandbox.ChildFailed."""
        return _child.ask(self._common | asked, shared=self._shared)


def script(session: Session, draft_id: int, account: int) -> dict[str, Any] | None:
    """What this person has done so far in trying the draft out; None when nothing was begun."""
    row = session.get(Play, (draft_id, account))
    return None if row is None else dict(row.script)


def begin(session: Session, draft_id: int, account: int, *, data: Mapping[str, Any], now: datetime) -> None:
    """Begins anew with these values. Raises UnknownDraft."""
    queries.process(session, draft_id)
    session.execute(delete(Play).where(Play.draft_id == draft_id, Play.account_id == account))
    session.expire_all()
    made = {"now": now.isoformat(), "data": dict(data), "steps": []}
    session.add(Play(draft_id=draft_id, account_id=account, script=made, changed_at=now))
    session.flush()


def take_up(session: Session, draft_id: int, account: int, script: Mapping[str, Any], *, now: datetime) -> None:
    """Goes on from what was recorded. Raises UnknownDraft."""
    begin(session, draft_id, account, data=script.get("data", {}), now=now)
    row = session.get_one(Play, (draft_id, account))
    row.script = {"now": now.isoformat(), "data": {}, "steps": [], **script}
    session.flush()


def add(session: Session, draft_id: int, account: int, step: Mapping[str, Any], *, now: datetime) -> None:
    """Does one more step; nothing where nobody has begun or there is no end in sight."""
    row = session.get(Play, (draft_id, account))
    if row is not None and len(row.script["steps"]) < MOST_STEPS:
        row.script = {**row.script, "steps": [*row.script["steps"], dict(step)]}
        row.changed_at = now


def back(session: Session, draft_id: int, account: int, *, now: datetime) -> None:
    """Takes the last step back."""
    row = session.get(Play, (draft_id, account))
    if row is not None:
        row.script = {**row.script, "steps": row.script["steps"][:-1]}
        row.changed_at = now


def meant(text: str) -> Any:  # noqa: ANN401  any JSON
    """A value as somebody typed it: yes or no, a number, a list or object in JSON, else the text itself."""
    typed = text.strip()
    if typed.lower() in _WORDS:
        return _WORDS[typed.lower()]
    try:
        found = json.loads(typed.replace(",", ".") if typed.replace(",", "").lstrip("-").isdigit() else typed)
    except (ValueError, RecursionError):
        found = typed
    return typed if values.refusal({"value": found}) else found


def pairs(text: str) -> dict[str, Any]:
    """The values of lines like `name = value`; lines without a name are left out."""
    found = {}
    for line in text.splitlines()[:200]:
        name, sign, value = line.partition("=")
        if sign and name.strip().isidentifier():
            found[name.strip()] = meant(value)
    return {} if values.refusal(found) else found
