"""How processes begin: which a message or a signal begins, and at which start events people can begin one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows import definitions, jobs, parser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from workflows.handlers import Value
    from workflows.specs import ElementInfo, Specs


def waiting(session: Session, kind: str, name: str) -> list[tuple[int, str]]:
    """The newest definitions that this message or signal begins, each with the start event that waits for it."""
    found = []
    for definition_id in definitions.newest(session):
        starts = definitions.specs(session, definition_id).starts
        found += [(definition_id, start.name) for start in starts if (start.kind, start.event) == (kind, name)]
    return found


def plain(session: Session, process: str) -> tuple[ElementInfo, ...]:
    """The start events without a trigger of the newest version: who begins it chooses one where there are several.
    None where no version is deployed yet.
    """
    try:
        specs = definitions.specs(session, definitions.latest(session, process).id)
    except definitions.UnknownDefinition:
        return ()
    found = (specs.info(process, start.element) for start in parser.plain(specs.starts))
    return tuple(info for info in found if info is not None)


def told(specs: Specs, start: str) -> dict[str, str]:
    """What history says of where an instance began, by the name under which the start runs ("": the plain one).

    Empty where the diagram leaves no choice.
    """
    found = [one for one in specs.starts if one.name == start] or parser.plain(specs.starts)[:1]
    if len(specs.starts) <= 1 or not found:
        return {}
    info = specs.info(specs.process, found[0].element)
    name = info.name if info is not None else found[0].element
    return {"id": found[0].element, "name": name, "name_en": info.name_en if info is not None else name}


def leave_jobs(
    session: Session,
    kind: str,
    name: str,
    *,
    subject: str,
    payload: Mapping[str, Value],
    processes: frozenset[str] | None = None,
) -> int:
    """Leaves a job for each process (of these, if any are named) that this message or signal begins; how many."""
    found = waiting(session, kind, name)
    if processes is not None:
        found = [item for item in found if definitions.specs(session, item[0]).process in processes]
    for definition_id, start in found:
        jobs.enqueue(
            session, jobs.START, definition_id=definition_id, start=start, subject=subject, payload=dict(payload)
        )
    return len(found)
