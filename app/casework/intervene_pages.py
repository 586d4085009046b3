"""What the pages of interventions show: where a case stands, what may be done there, and the consequence in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.casework import intervene_forms, queries, words
from app.casework.interventions import acts, authority
from app.casework.interventions.acts import Act
from workflows import definitions, interventions
from workflows import queries as host
from workflows.handlers import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.interventions.acts import Wanted
    from app.casework.interventions.authority import Authority
    from workflows.handlers import Actor
    from workflows.queries import InstanceRow
    from workflows.specs import ElementInfo

LIVE = frozenset({"running", "suspended"})
ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Spot:
    """A step where the case stands, with what the reader may do there."""

    key: str
    name: str
    process: str
    kind: str
    role: str
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A running or stopped instance of a case as the page shows it."""

    id: int
    process: str
    is_stopped: bool
    spots: tuple[Spot, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that comes, goes or changes: a task for a role, a term, a message, a call."""

    kind: str
    name: str
    role: str
    due_at: datetime | None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an intervention would lead to, ready to be read. `ends` tells that the run would be over."""

    is_possible: bool
    code: str
    step: str
    gone: tuple[Effect, ...]
    new: tuple[Effect, ...]
    changed: tuple[Effect, ...]
    services: tuple[str, ...]
    ends: bool
    money: tuple[str, ...]
    rights: tuple[str, ...]
    digest: str

    @property
    def is_nothing(self) -> bool:
        """Whether no task and no term would change."""
        return not (self.gone or self.new or self.changed or self.services or self.ends)


class Names:
    """The names of the elements of one version of a process in the reader's language."""

    def __init__(self, session: Session, definition_id: int, locale: str) -> None:
        self._specs, self._locale = definitions.specs(session, definition_id), locale

    def info(self, process: str, element: str) -> ElementInfo | None:
        """The element of this process."""
        found = self._specs.by_spec.get((process, element)) or self._specs.elements.get(element)
        return found if found is None or found.process == process or not process else None

    def name(self, element: str, otherwise: str = "") -> str:
        """What people call the element."""
        info = self._specs.elements.get(element)
        if info is None:
            return otherwise or element
        return (info.name_en if self._locale == ENGLISH else "") or info.name


def runs(session: Session, case_id: int, *, actor: Actor, now: datetime, locale: str) -> tuple[Run, ...]:
    """The live instances of a case, with what this person may do in each."""
    live = [row for row in host.instances(session, str(case_id)) if row.status in LIVE]
    return tuple(_run(session, case_id, row, actor=actor, now=now, locale=locale) for row in live)


def _run(
    session: Session, case_id: int, row: InstanceRow, *, actor: Actor, now: datetime, locale: str
) -> Run:  # fmt: skip
    allowed = authority.of(session, case_id, row.id, actor)
    names, stopped = Names(session, row.definition_id, locale), row.status == "suspended"
    spots = tuple(
        _spot(session, case_id, place, allowed, names=names, stopped=stopped)
        for place in acts.places(session, row.id, now=now)
    )
    return Run(row.id, row.process, stopped, spots, _whole(allowed, stopped=stopped))


def _whole(allowed: Authority, *, stopped: bool) -> tuple[Act, ...]:
    offered = {
        Act.SUSPEND: allowed.may_suspend and not stopped,
        Act.RESUME: allowed.may_resume and stopped,
        Act.CHANGE: allowed.whole and not stopped,
        Act.CANCEL: allowed.whole,
    }
    return tuple(act for act, is_offered in offered.items() if is_offered)


def _spot(
    session: Session, case_id: int, place: interventions.Place, allowed: Authority, *, names: Names, stopped: bool
) -> Spot:
    partner = authority.step_partner(session, case_id, place.key, place.role)
    may = allowed.may_step(partner, place.element) and not stopped and not place.kind.endswith("Gateway")
    role = next((row.role for row in host.open_tasks(session, str(case_id)) if row.element == place.element), "")
    shown = role or ("" if place.role.startswith("=") else place.role)
    return Spot(
        str(place.key), names.name(place.element, place.name), words.word(place.process, "process"), place.kind,
        shown, (Act.SKIP, Act.REDO, Act.MOVE) if may else (),
    )  # fmt: skip


def targets(session: Session, wanted: Wanted, *, now: datetime, locale: str) -> list[tuple[str, str]]:
    """Where the token of this step could go: for doing again only to what was done, in the order of the diagram."""
    place = _place(session, wanted, now)
    if place is None:
        return []
    done = host.position(session, wanted.instance_id)["processes"].get(place.process, {"done": []})["done"]
    names = Names(session, definition(session, wanted), locale)
    found = [name for name in place.targets if wanted.act is Act.MOVE or name in done]
    drawn = [(name, names.name(name)) for name in found if name != place.element or wanted.act is Act.REDO]
    return [(name, text) for name, text in drawn if text != name]


def items(session: Session, wanted: Wanted, *, now: datetime, locale: str) -> list[intervene_forms.Item]:
    """The values that belong to this intervention."""
    definition_id = definition(session, wanted)
    if wanted.act is Act.CHANGE:
        held = interventions.values(session, wanted.instance_id, now=now)
        return intervene_forms.of_run(session, definition_id, held, locale)
    place = _place(session, wanted, now)
    step = None if place is None else Names(session, definition_id, locale).info(place.process, place.element)
    if step is None or wanted.act is not Act.SKIP:
        return []
    return intervene_forms.of_step(session, definition_id, step, environment_of(session).handlers, locale=locale)


def definition(session: Session, wanted: Wanted) -> int:
    """The version of the process that this instance follows."""
    return next(
        row.definition_id for row in host.instances(session, str(wanted.case_id)) if row.id == wanted.instance_id
    )


def step_name(session: Session, wanted: Wanted, element: str, locale: str) -> str:
    """What people call a step of this instance."""
    return Names(session, definition(session, wanted), locale).name(element)


def stands(session: Session, wanted: Wanted, *, now: datetime, locale: str) -> str:
    """The name of the step that is meant; nothing where the whole run is."""
    place = _place(session, wanted, now)
    return step_name(session, wanted, place.element, locale) if place is not None else ""


def _place(session: Session, wanted: Wanted, now: datetime) -> interventions.Place | None:
    return next((place for place in acts.places(session, wanted.instance_id, now=now) if place.key == wanted.key), None)


def is_of_case(session: Session, case_id: int, instance_id: int) -> bool:
    """Whether this instance is about this case and lives."""
    return any(row.id == instance_id and row.status in LIVE for row in host.instances(session, str(case_id)))


def consequence(session: Session, wanted: Wanted, foreseen: acts.Foreseen, locale: str) -> Consequence:
    """What was foreseen, in the names of the reader's language."""
    seen, names = foreseen.preview, Names(session, definition(session, wanted), locale)
    both = {(piece.kind, piece.element) for piece in seen.gone} & {(piece.kind, piece.element) for piece in seen.new}
    before = {(piece.kind, piece.element): piece.due_at for piece in seen.gone}
    return Consequence(
        is_possible=seen.possible, code=seen.code, step=names.name(seen.element) if seen.element else "",
        gone=tuple(_effects((piece for piece in seen.gone if (piece.kind, piece.element) not in both), names)),
        new=tuple(_effects((piece for piece in seen.new if (piece.kind, piece.element) not in both), names)),
        changed=tuple(_effects((piece for piece in seen.new if (piece.kind, piece.element) in both), names, before)),
        services=seen.services, ends=seen.status not in LIVE and seen.possible,
        money=_guarded(seen.guards, "money", names), rights=_guarded(seen.guards, "rights", names),
        digest=foreseen.digest,
    )  # fmt: skip


def _effects(
    pieces: Iterable[interventions.Piece], names: Names, before: Mapping[tuple[str, str], datetime | None] | None = None
) -> Iterable[Effect]:
    for piece in pieces:
        was = (before or {}).get((piece.kind, piece.element))
        yield Effect(piece.kind, names.name(piece.element, piece.name), piece.role, piece.due_at, was)


def _guarded(guards: Iterable[interventions.Guard], kind: str, names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names.name(guard.element, guard.name) for guard in guards if guard.kind == kind))


def number(session: Session, case_id: int) -> str:
    """The number of a case: all that administration learns of whose it is. Raises UnknownCase."""
    return queries.case_file(session, case_id).number or ""
