"""The page of a case: everything about one client on one sheet, for each reader what the access matrix allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, func, or_, select

from app.casework import access, errors
from app.casework.attachments import queries as attachments
from app.casework.cases import models, queries
from app.casework.circumstances import queries as circumstances
from app.casework.clients import models as client_models
from app.casework.clients import queries as clients
from app.casework.corrections import queries as correction_queries
from app.casework.glass import queries as glass
from app.casework.plans import queries as plan_queries
from app.casework.records import queries as record_queries
from app.office import dates
from workflows import models as host

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from app.casework.cases.standing import NoticeRow, PayerRow
    from workflows.handlers import Actor

DEPARTMENT = "FB5"
OFFICE = "SB"


@dataclass(frozen=True, slots=True)
class Head:
    """What every reader of the page sees of the case itself."""

    number: str
    reference_date: date
    opened_at: datetime
    status: str
    lead: str
    next_contact: date | None
    closed_at: datetime | None
    closing_reason: str
    provisional: bool
    instance_id: int | None


@dataclass(frozen=True, slots=True)
class Core:
    """The person. `address_hidden` tells that there is an address which only the lead sees."""

    number: str
    name: str
    family_name: str
    given_names: str
    birth_name: str
    birth_date: date | None
    birth_precision: str
    sex: str
    nationality: str
    language: str
    interpreter: bool
    street: str
    postcode: str
    city: str
    residence: str
    no_fixed_abode: bool
    blocked: bool
    address_hidden: bool
    phone: str
    email: str
    representative: str
    identifiers: Mapping[str, str]
    matches: tuple[clients.MatchRow, ...]


@dataclass(frozen=True, slots=True)
class Benefits:
    """The benefits; a reduced reader learns kind and status only."""

    known: bool
    rows: tuple[circumstances.BenefitRow, ...]
    payer: str
    payers: tuple[PayerRow, ...]
    notices: tuple[NoticeRow, ...]
    unemployed_since: date | None
    available: str
    not_available_reason: str


@dataclass(frozen=True, slots=True)
class Fitness:
    """Fitness for work; a reduced reader learns the value only."""

    value: str
    basis: str
    found_on: date | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Route:
    """The route and how it came about; a reduced reader learns the route only."""

    route: str
    route_group: str
    rule: str
    rule_version: str
    decisions: tuple[queries.DecisionRow, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Proposals, work taken up, programmes."""

    proposals: tuple[plan_queries.ProposalRow, ...]
    integrations: tuple[plan_queries.IntegrationRow, ...]
    participations: tuple[plan_queries.ParticipationRow, ...]


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case for one reader. What the reader may not see is None or empty; `readings` says how much shows."""

    case_id: int
    client_id: int
    readings: Mapping[str, access.Reading]
    head: Head
    core: Core | None
    benefits: Benefits | None
    fitness: Fitness | None
    route: Route | None
    plans: tuple[plan_queries.PlanRow, ...]
    placement: Placement | None
    contacts: tuple[record_queries.ContactRow, ...]
    records: tuple[record_queries.RecordRow, ...]
    comments: tuple[record_queries.CommentRow, ...]
    log: tuple[record_queries.AccessRow, ...]
    corrections: tuple[correction_queries.CorrectionRow, ...]
    glass: Mapping[str, datetime]
    files: tuple[attachments.AttachmentRow, ...]

    @property
    def breakable(self) -> tuple[str, ...]:
        """The closed categories that this reader can open with a reason."""
        return tuple(name for name, reading in self.readings.items() if reading.level is access.Level.BREAK_GLASS)

    def records_of(self, category: str) -> tuple[record_queries.RecordRow, ...]:
        """The newest records of a category."""
        return tuple(row for row in self.records if row.category == category and row.latest)

    @property
    def shown(self) -> tuple[str, ...]:
        """The categories of which something stands on the page; of what is only known to exist nothing does."""
        parts = {
            "core": self.core, "benefit_status": self.benefits, "fitness": self.fitness, "route": self.route,
            "plan": self.plans, "placement": self.placement, "contact": self.contacts or self.comments,
            "task": self.readings["task"].is_visible, "log": self.log,
        }  # fmt: skip
        written = {row.category for row in self.records if row.values is not None}
        written |= {row.category for row in self.files if row.name is not None}
        return tuple(category for category in access.CATEGORIES if parts.get(category) or category in written)


def case_page(session: Session, case_id: int, actor: Actor, now: datetime) -> CasePage:
    """The case as this reader may see it; raises UnknownCase, and AccessDenied when nothing of it may be seen."""
    case = queries.case_file(session, case_id)
    readings = readings_of(session, case_id, actor, now=now)
    if not any(reading.is_visible for reading in readings.values()):
        raise errors.AccessDenied("no_access")
    core = _core(session, case, readings["core"], actor)
    hidden = correction_queries.hidden_fields(address=core is None or core.address_hidden)
    return CasePage(
        case_id=case.id,
        client_id=case.client_id,
        readings=readings,
        head=_head(case),
        core=core,
        benefits=_benefits(session, case, readings["benefit_status"], dates.day_of(now)),
        fitness=_fitness(session, case, readings["fitness"], dates.day_of(now)),
        route=_route(session, case, readings["route"]),
        plans=plan_queries.plans(session, case_id, readings["plan"]),
        placement=_placement(session, case_id, readings["placement"]),
        contacts=record_queries.contacts(session, case_id, readings["contact"]),
        records=record_queries.records(session, case_id, readings, actor.id),
        comments=record_queries.comments(session, case_id) if readings["contact"].is_full else (),
        log=record_queries.reads(session, case_id) if readings["log"].is_visible else (),
        corrections=correction_queries.corrections(session, case.client_id, readings, without=hidden),
        glass=glass.opened(session, case_id, actor.id, now=now),
        files=attachments.kept(session, case_id, readings, actor.id),
    )


def readings_of(session: Session, case_id: int, actor: Actor, *, now: datetime) -> dict[str, access.Reading]:
    """What this reader may do with each category of a case, those included that were opened with a reason and are open
    still; raises UnknownCase.
    """
    standing = _standings(session, [case_id], dates.day_of(now)).get(case_id)
    if standing is None:
        raise errors.UnknownCase(case_id)
    readings = access.matrix(session).readings(actor.roles, standing)
    closed = {name for name, reading in readings.items() if reading.level is access.Level.BREAK_GLASS}
    opened = closed and closed & set(glass.opened(session, case_id, actor.id, now=now))
    return readings | {name: access.Reading(access.Level.FULL) for name in opened}


def is_address_hidden(session: Session, case_id: int, actor: Actor) -> bool:
    """Whether the client's address is protected from this reader, who does not lead the case."""
    case = queries.case_file(session, case_id)
    return bool(clients.client(session, case.client_id).blocked) and case.lead not in actor.roles


def may_read(session: Session, case_id: int, category: str, actor: Actor, *, now: datetime) -> bool:
    """Whether this reader sees anything of a category of a case; raises UnknownCase."""
    return readings_of(session, case_id, actor, now=now)[category].is_visible


def readable(
    session: Session, case_ids: Collection[int], category: str, actor: Actor, *, now: datetime
) -> frozenset[int]:
    """Of which of these cases this reader sees anything of a category, in two statements for any number of them; in
    one where it does not matter how the reader stands to a case.
    """
    matrix = access.matrix(session)
    if all(matrix.reading(category, actor.roles, standing).is_visible for standing in access.STANDINGS):
        return frozenset(case_ids)
    standings = _standings(session, case_ids, dates.day_of(now))
    return frozenset(
        case_id for case_id, standing in standings.items() if matrix.reading(category, actor.roles, standing).is_visible
    )


def _standings(session: Session, case_ids: Collection[int], today: date) -> dict[int, access.Standing]:
    """A case is the department's own while it pays or is asked to, or has a notice or a task there.

    The office pays when it does so now, or is competent by the newest decision on the route.
    """
    case, payer, notice, task = models.CaseFile, models.PayerPeriod, models.Notice, host.Task
    decision = models.RouteDecision
    here = select(payer.id).where(
        payer.case_id == case.id,
        payer.state != models.PayerState.SUPERSEDED,
        or_(payer.valid_to.is_(None), payer.valid_to > today),
    )
    # A month that somebody else has taken over is not here yet: until then the department pays.
    pays = here.where(payer.payer == DEPARTMENT)
    office_pays = here.where(payer.payer == OFFICE, payer.state == models.PayerState.ACTIVE, payer.valid_from <= today)
    told = select(notice.id).where(notice.case_id == case.id, notice.receiver == DEPARTMENT)
    asked = select(task.id).where(task.subject == cast(case.id, Text), task.role == DEPARTMENT)
    newest = select(decision.hlu_payer).where(decision.case_id == case.id).order_by(decision.id.desc()).limit(1)
    rows = session.execute(
        select(
            case.id,
            or_(pays.exists(), told.exists(), asked.exists()).label("own"),
            or_(office_pays.exists(), func.coalesce(newest.scalar_subquery(), "") == OFFICE).label("office_pays"),
        ).where(case.id.in_(case_ids))
    )
    return {row.id: access.Standing(own=row.own, office_pays=row.office_pays) for row in rows}


def _head(case: models.CaseFile) -> Head:
    values = {name: getattr(case, name) for name in Head.__dataclass_fields__}
    return Head(**(values | {"number": case.number or ""}))


def _core(session: Session, case: models.CaseFile, reading: access.Reading, actor: Actor) -> Core | None:
    if not reading.is_visible:
        return None
    client = clients.client(session, case.client_id)
    table = client_models.ClientIdentifier
    numbers = session.execute(select(table.system, table.number).where(table.client_id == client.id))
    hidden = client.blocked and case.lead not in actor.roles
    names = {"name", "address_hidden", "identifiers", "matches"}
    values = {name: getattr(client, name) for name in Core.__dataclass_fields__ if name not in names}
    if hidden:
        values |= {"street": "", "postcode": "", "city": "", "phone": "", "email": ""}
    return Core(
        **values,
        name=clients.full_name(client.family_name, client.given_names),
        address_hidden=hidden,
        identifiers={row.system: row.number for row in numbers},
        matches=clients.matches(session, client.id) if reading.writes else (),
    )


def _benefits(session: Session, case: models.CaseFile, reading: access.Reading, day: date) -> Benefits | None:
    if not reading.is_visible:
        return None
    known = circumstances.circumstances(session, case.client_id, day)
    payer = queries.payer_on(session, case.id, day)
    if reading.is_full:
        return Benefits(
            known.benefits_known, known.benefits, payer, queries.payers(session, case.id),
            queries.notices(session, case.id), known.unemployed_since, known.available, known.not_available_reason,
        )  # fmt: skip
    rows = tuple(
        circumstances.BenefitRow(row.id, row.kind, row.status, None, None, "", "") for row in known.counting(day)
    )
    return Benefits(known.benefits_known, rows, payer, (), (), known.unemployed_since, known.available, "")


def _fitness(session: Session, case: models.CaseFile, reading: access.Reading, day: date) -> Fitness | None:
    if not reading.is_visible:
        return None
    known = circumstances.circumstances(session, case.client_id, day)
    if reading.is_full:
        return Fitness(known.fit_for_work, known.fitness_basis, known.fitness_date, known.fitness_until)
    return Fitness(known.fit_for_work, "", None, None)


def _route(session: Session, case: models.CaseFile, reading: access.Reading) -> Route | None:
    if not reading.is_visible:
        return None
    decisions = queries.decisions(session, case.id) if reading.is_full else ()
    return Route(case.route, case.route_group, case.rule, case.rule_version, decisions)


def _placement(session: Session, case_id: int, reading: access.Reading) -> Placement | None:
    if not reading.is_visible:
        return None
    return Placement(
        plan_queries.proposals(session, case_id),
        plan_queries.integrations(session, case_id),
        plan_queries.participations(session, case_id),
    )
