"""What changes clients: registration, changes of the person, links between files of one person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text

from app.casework import errors
from app.casework.circumstances import queries as circumstance_rows
from app.casework.circumstances import service as circumstances
from app.casework.clients import matching, models, names, queries, registration
from app.office import dates, places
from workflows import touched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from app.casework.clients.queries import Duplicate
    from app.casework.clients.registration import Registration
    from workflows.handlers import Actor

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 8


def register(session: Session, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> int:
    """Takes a client in, with circumstances, and proposes matches with files of maybe the same person; returns the id.

    Nothing is merged. Raises ValuesRefused with a code for each field that cannot be taken; then nothing is stored.
    """
    taken = registration.check(values, today=dates.day_of(now))
    return store(session, taken, actor=actor, now=now)


def store(session: Session, taken: Registration, *, actor: Actor, now: datetime) -> int:
    """Stores a checked registration and returns the client's id."""
    client = models.Client(
        **taken.person(), **_forms(taken.family_name, taken.given_names, taken.birth_name),
        number=_number(), residence=_residence(session, taken),
        created_at=now, created_by=actor.name, changed_at=now,
    )  # fmt: skip
    session.add(client)
    session.flush()
    for system, number in taken.identifiers.items():
        identify(session, client.id, system=system, number=number, now=now)
    state(session, client.id, taken, actor=actor, now=now)
    _propose(session, client, now)
    return client.id


def duplicates(session: Session, values: Mapping[str, Any], *, now: datetime) -> tuple[Duplicate, ...]:
    """Who may be the same person as the one about to be registered; for the screen before anything is stored."""
    taken = registration.check(values, today=dates.day_of(now))
    person = matching.Traits(
        taken.family_name, taken.given_names, taken.birth_name, taken.birth_date, taken.street, taken.postcode
    )
    return queries.duplicates(session, person)


def change_person(session: Session, client_id: int, values: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Changes what is known about a person; the names, birth date and address given replace the old ones.

    Raises ValuesRefused, UnknownClient. Who changes a birth date must have the timers of the case computed anew.
    """
    client = queries.client(session, client_id)
    before = {name: getattr(client, name) for name in registration.Registration("").person()}
    taken = registration.check(before | dict(values), today=dates.day_of(now))
    changed = taken.person() | _forms(taken.family_name, taken.given_names, taken.birth_name)
    for name, value in changed.items():
        setattr(client, name, value)
    client.residence = _residence(session, taken)
    client.changed_at, client.changed_by, client.version = now, actor.name, client.version + 1
    session.flush()
    _propose(session, client, now)


def identify(session: Session, client_id: int, *, system: str, number: str, now: datetime) -> None:
    """Notes under which number another system knows the client; raises ValuesRefused when another client has it."""
    table = models.ClientIdentifier
    holder = session.scalar(select(table.client_id).where(table.system == system, table.number == number))
    if holder is None:
        session.add(table(client_id=client_id, system=system, number=number, created_at=now))
        session.flush()
    elif holder != client_id:
        raise errors.ValuesRefused({"number": "taken"})


def decide_match(session: Session, match_id: int, status: str, *, actor: Actor, now: datetime) -> None:
    """Notes what a person decided about two files: same, different, or still open; may be decided anew (un-link)."""
    if status not in {models.MatchStatus.SAME, models.MatchStatus.DIFFERENT, models.MatchStatus.OPEN}:
        raise errors.ValuesRefused({"match": "unknown_choice"})
    match = session.scalars(select(models.ClientMatch).where(models.ClientMatch.id == match_id).with_for_update()).one()
    match.status, match.decided_by, match.decided_at = status, actor.name, now
    _touch(session, match.first_id, match.second_id)


_CASES = text("SELECT id FROM case_file WHERE client_id IN (:one, :other)")


def _touch(session: Session, one: int, other: int) -> None:
    """Says that this concerns the cases of both clients: only one of them may be under the act's lock."""
    for case_id in session.scalars(_CASES, {"one": one, "other": other}):
        touched.mark(session, str(case_id))


def link(session: Session, one: int, other: int, *, actor: Actor, now: datetime) -> None:
    """Notes that two files are of one person; both numbers stay, and the link can be taken back with `unlink`."""
    decide_match(session, _match(session, one, other, now), models.MatchStatus.SAME, actor=actor, now=now)


def unlink(session: Session, one: int, other: int, *, actor: Actor, now: datetime) -> None:
    """Notes that two files are of different persons after all."""
    decide_match(session, _match(session, one, other, now), models.MatchStatus.DIFFERENT, actor=actor, now=now)


def _match(session: Session, one: int, other: int, now: datetime) -> int:
    """The id of the pair's match, made when nothing proposed it."""
    first, second = sorted((one, other))
    table = models.ClientMatch
    found = session.scalar(select(table.id).where(table.first_id == first, table.second_id == second))
    if found is not None:
        return found
    match = table(first_id=first, second_id=second, score=0, reasons=["by_hand"], created_at=now)
    session.add(match)
    session.flush()
    return match.id


def _propose(session: Session, client: models.Client, now: datetime) -> None:
    known = {row.other_id for row in queries.matches(session, client.id)}
    for found in queries.duplicates(session, queries.traits(client), without=client.id):
        if found.client_id not in known:
            first, second = sorted((client.id, found.client_id))
            pair = {"first_id": first, "second_id": second, "score": found.score, "reasons": list(found.reasons)}
            session.add(models.ClientMatch(**pair, created_at=now))
            _touch(session, first, second)
    session.flush()


def state(session: Session, client_id: int, taken: Registration, *, actor: Actor, now: datetime) -> None:
    """Notes the circumstances of a registration as the newest statement; a benefit that counts is not repeated."""
    today = dates.day_of(now)
    counting = {row.kind for row in circumstance_rows.benefits(session, client_id) if row.counts_on(today)}
    kinds = None if taken.benefits is None else [kind for kind in taken.benefits if kind not in counting]
    circumstances.state_benefits(session, client_id, kinds, actor=actor, now=now, status=taken.benefit_status)
    if taken.fit_for_work:
        circumstances.state_fitness(
            session, client_id, taken.fit_for_work, actor=actor, now=now, basis=taken.fitness_basis,
            found_on=taken.fitness_date,
        )  # fmt: skip
    reason = taken.not_available_reason
    circumstances.state_availability(session, client_id, taken.available, actor=actor, now=now, reason=reason)
    circumstances.state_unemployment(session, client_id, taken.unemployed_since, actor=actor, now=now)
    session.flush()


def _forms(family_name: str, given_names: str, birth_name: str) -> dict[str, Any]:
    return {
        "search_name": names.search_form(family_name, given_names, birth_name),
        "sort_name": names.sort_form(family_name, given_names),
        "phonetic": list(names.sounds(family_name, given_names, birth_name)),
    }


def _number() -> str:
    """An own random number: no order, no birth date, nothing to guess (a social insurance number may not be used)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def _residence(session: Session, taken: Registration) -> str:
    """Without a fixed abode the actual stay counts: whoever came and named no other place stays here."""
    if taken.no_fixed_abode and not taken.city:
        return models.Residence.YES.value
    return places.residence(session, taken.city, taken.postcode)
