"""What a draft would do to the cases that are open, in numbers: counted by the worker, piece by piece."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all

from app.casework import rulebooks, soundings
from app.design import checking, errors, files, playing, queries, service
from app.design.release_models import WhatIf, WhatIfStatus
from app.office import dates
from workflows import versions
from workflows.models import ALIVE, Definition, Instance, Task, Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

ACTIVE = (WhatIfStatus.QUEUED, WhatIfStatus.RUNNING)
# So many cases are routed in one transaction: the page shows how far it is, and a cancel is heard.
PIECE = 2_000


def request(session: Session, draft_id: int, *, actor: Actor, now: datetime) -> int:
    """Asks for a count on the newest state of a draft; one that is under way is taken instead. Raises ReleaseRefused
    for a draft with errors, UnknownDraft.
    """
    row = queries.whole(session, draft_id)
    found = queries.bundle(session, draft_id)
    hashes = service.digests(found)
    hashed = service.bundle_hash(hashes)
    running = select(WhatIf.id).where(
        WhatIf.draft_id == draft_id, WhatIf.hash == hashed, WhatIf.status.in_(ACTIVE), ~WhatIf.cancel_requested
    )
    there = session.scalar(running)
    if there is not None:
        return there
    if checking.whole(session, found, file=row.file, now=now).errors:
        raise errors.ReleaseRefused("errors")
    book = next((digest for name, digest in hashes.items() if files.kind(name) == "book"), "")
    made = WhatIf(
        draft_id=draft_id, hash=hashed, status=WhatIfStatus.QUEUED,
        question={"processes": _processes(session, found, now), "book": book, "files": hashes}, result={},
        total=soundings.open_cases(session) if book else 0, done=0, cursor=0, requested_at=now,
        requested_name=actor.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made.id


def _processes(session: Session, found: Mapping[str, bytes], now: datetime) -> dict[str, Any]:
    """For each process that these files change: its elements with kind and role, as they are and as they would be."""
    diagrams = [name for name in found if files.kind(name) == "bpmn"]
    known = queries.in_force(session).hashes
    told = {}
    for process in sorted(versions.holding(session, diagrams)):
        main = f"{process}.bpmn"
        if main in known:
            old = playing.outline(session, {}, main=main, now=now)
            new = playing.outline(session, found, main=main, now=now)
            told[process] = {"old": _outlined(old), "new": _outlined(new)}
    return told


def _outlined(found: playing.Played) -> dict[str, list[str]]:
    return {
        name: [str(one["kind"]), found.roles.get(name, ""), str(one["name"])] for name, one in found.elements.items()
    }


def latest(session: Session, draft_id: int) -> WhatIf | None:
    """The newest count for a draft."""
    return session.scalar(select(WhatIf).where(WhatIf.draft_id == draft_id).order_by(WhatIf.id.desc()).limit(1))


def of(session: Session, draft_id: int, hashed: str) -> WhatIf | None:
    """The newest count on exactly this content that came to its end."""
    query = select(WhatIf).where(WhatIf.draft_id == draft_id, WhatIf.hash == hashed, WhatIf.status == WhatIfStatus.DONE)
    return session.scalar(query.order_by(WhatIf.id.desc()).limit(1))


def cancel(session: Session, draft_id: int) -> None:
    """Asks the worker to stop; what was counted so far is thrown away."""
    found = latest(session, draft_id)
    if found is not None and found.status in ACTIVE:
        found.cancel_requested = True


def work(session: Session, *, now: datetime, limit: int = PIECE) -> bool:
    """Counts on in the oldest count that is asked for; whether there was something to do."""
    query = (
        select(WhatIf).where(WhatIf.status.in_(ACTIVE)).order_by(WhatIf.id).limit(1).with_for_update(skip_locked=True)
    )
    run = session.scalar(query)
    if run is None:
        return False
    if run.cancel_requested:
        _end(run, WhatIfStatus.CANCELLED, now)
    elif run.status == WhatIfStatus.QUEUED:
        run.status = WhatIfStatus.RUNNING
        run.result = _touched(session, run.question["processes"])
        if not run.question["book"]:
            _end(run, WhatIfStatus.DONE, now)
    else:
        _route(session, run, now=now, limit=limit)
    return True


def _end(run: WhatIf, status: WhatIfStatus, now: datetime) -> None:
    run.status, run.ended_at = status, now


def _touched(session: Session, processes: Mapping[str, Any]) -> dict[str, Any]:
    """The running instances of these processes: how many, which stand where nothing will be, whose work moves."""
    load = Counter(
        {role: number for role, number in session.execute(select(Task.role, func.count()).group_by(Task.role))}  # noqa: C416  rows are tuples by type only
    )
    after = Counter(load)
    told = []
    for process, known in processes.items():
        new = known["new"]
        running = _running(session, process)
        stuck = []
        for element, number in _standing(session, process):
            if element not in new or new[element][0] != known["old"].get(element, new[element])[0]:
                stuck.append([known["old"].get(element, ["", "", element])[2] or element, number])
        for element, role, number in _work(session, process):
            wanted = new.get(element, ["", ""])[1]
            if wanted and not wanted.startswith("=") and wanted != known["old"].get(element, ["", ""])[1]:
                after[role] -= number
                after[wanted] += number
        told.append({"process": process, "running": running, "stuck": stuck})
    roles = sorted({*load, *after})
    return {"processes": told, "load": [[role, load[role], after[role]] for role in roles]}


def _running(session: Session, process: str) -> int:
    counted = (
        select(func.count(Instance.id))
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Definition.process == process, Instance.status.in_(ALIVE))
    )
    return session.scalar(counted) or 0


def _standing(session: Session, process: str) -> list[tuple[str, int]]:
    """Where the running instances stand: element and how many of them."""
    places = union_all(
        select(Task.instance_id, Task.element), select(Waiting.instance_id, Waiting.element)
    ).subquery()  # fmt: skip
    query = (
        select(places.c.element, func.count(places.c.instance_id.distinct()))
        .join(Instance, Instance.id == places.c.instance_id)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Definition.process == process, Instance.status.in_(ALIVE))
        .group_by(places.c.element)
    )
    return [(element, number) for element, number in session.execute(query)]


def _work(session: Session, process: str) -> list[tuple[str, str, int]]:
    """The open tasks of the running instances: element, role, how many."""
    query = (
        select(Task.element, Task.role, func.count())
        .join(Instance, Instance.id == Task.instance_id)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Definition.process == process, Instance.status.in_(ALIVE))
        .group_by(Task.element, Task.role)
    )
    return [(element, role, number) for element, role, number in session.execute(query)]


def _route(session: Session, run: WhatIf, *, now: datetime, limit: int) -> None:
    day, digest = dates.day_of(now), run.question["book"]
    name = next(name for name in run.question["files"] if files.kind(name) == "book")
    saved = queries.saved(session, run.draft_id, {name: digest})
    if name not in saved:
        _end(run, WhatIfStatus.FAILED, now)
        return
    old, new = rulebooks.in_force(session, day), rulebooks.read(saved[name])
    found = soundings.sound(session, old, new, after=run.cursor, limit=limit, on=day)
    run.result = _added(run.result, found)
    run.done += found.seen
    if found.last is None or found.seen < limit:
        _end(run, WhatIfStatus.DONE, now)
    else:
        run.cursor = found.last


def _added(result: Mapping[str, Any], found: soundings.Sounding) -> dict[str, Any]:
    """The numbers so far with those of another piece."""
    routes = Counter({(one[0], one[1]): one[2] for one in result.get("routes", ())}) + found.routes
    groups = Counter({(one[0], one[1]): one[2] for one in result.get("groups", ())}) + found.groups
    return {
        **result,
        "unknown": result.get("unknown", 0) + found.unknown,
        "routes": [[*pair, number] for pair, number in sorted(routes.items())],
        "groups": [[*pair, number] for pair, number in sorted(groups.items())],
    }
