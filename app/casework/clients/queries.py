"""Finding clients: in each spelling of a name, by number or birth date, and those who may be one person."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ARRAY, Text, and_, cast, extract, or_, select

from app.casework import errors
from app.casework.clients import birthdates, matching, models, names
from app.office import queries as office
from workflows import kept

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

THRESHOLD = 50
CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A client who may be the same person, with the score and its reasons."""

    client_id: int
    number: str
    name: str
    birth_date: date | None
    birth_precision: str
    street: str
    city: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A pair of files that may be of one person, and what was decided."""

    id: int
    other_id: int
    score: int
    reasons: tuple[str, ...]
    status: str
    decided_by: str | None


def full_name(family_name: str, given_names: str) -> str:
    """The name as lists show it: Becker, Jana."""
    return f"{family_name}, {given_names}" if given_names else family_name


def matching_text(text: str) -> ColumnElement[bool]:
    """The condition that a client's names hold all words of the text, or its number or birth date is the text."""
    client = models.Client
    words = [client.search_name.contains(word, autoescape=True) for word in names.search_words(text)]
    found: list[ColumnElement[bool]] = [client.number == text.strip()]
    if words:
        found.append(and_(*words))
    with contextlib.suppress(birthdates.DateRefused):
        found.append(client.birth_date == birthdates.parse_day(text))
    return or_(*found)


def find_clients(session: Session, text: str, *, limit: int = 50) -> list[int]:
    """The ids of the clients that the text means, in the order of their names."""
    client = models.Client
    found = select(client.id).where(matching_text(text)).order_by(client.sort_name, client.id).limit(limit)
    return list(session.scalars(found))


def duplicates(session: Session, person: matching.Traits, *, without: int | None = None) -> tuple[Duplicate, ...]:
    """Who may be the same person as this one, the likeliest first; `without` leaves a client out of the comparison."""
    threshold = office.setting(session, "duplicate_threshold") or THRESHOLD
    found = [
        Duplicate(
            row.id, row.number, full_name(row.family_name, row.given_names), row.birth_date, row.birth_precision,
            row.street, row.city, likeness.score, likeness.reasons,
        )
        for row in _candidates(session, person)
        if row.id != without and (likeness := matching.compare(person, traits(row))).score >= threshold
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (-each.score, each.client_id)))


def traits(client: models.Client) -> matching.Traits:
    """What a client is compared by."""
    return matching.Traits(
        client.family_name, client.given_names, client.birth_name, client.birth_date, client.street, client.postcode
    )


def _candidates(session: Session, person: matching.Traits) -> list[models.Client]:
    """Who is worth a comparison: the same or swapped birth date, or a name of the same sound and about the same age."""
    client, born = models.Client, person.birth_date
    sounds = names.sounds(person.family_name, person.birth_name, person.given_names)
    alike = client.phonetic.has_any(cast(list(sounds), ARRAY(Text)))
    near = alike if born is None else and_(
        alike, or_(client.birth_date.is_(None), extract("year", client.birth_date) == born.year)
    )  # fmt: skip
    days = [] if born is None else [day for day in (born, matching.swapped(born)) if day]
    return list(
        session.scalars(
            select(client).where(or_(near, client.birth_date.in_(days))).order_by(client.id).limit(CANDIDATES)
        )
    )


def matches(session: Session, client_id: int) -> tuple[MatchRow, ...]:
    """The proposed and decided matches of a client."""
    match = models.ClientMatch
    rows = session.scalars(
        select(match).where(or_(match.first_id == client_id, match.second_id == client_id)).order_by(match.id)
    )
    return tuple(
        MatchRow(
            row.id, row.second_id if row.first_id == client_id else row.first_id, row.score, tuple(row.reasons),
            row.status, row.decided_by,
        )
        for row in rows
    )  # fmt: skip


def same_person(session: Session, client_id: int) -> frozenset[int]:
    """All clients that people decided to be this one, itself included, over any number of links."""
    match, known, fresh = models.ClientMatch, {client_id}, {client_id}
    while fresh:
        rows = session.execute(
            select(match.first_id, match.second_id).where(
                match.status == models.MatchStatus.SAME,
                or_(match.first_id.in_(fresh), match.second_id.in_(fresh)),
            )
        )
        fresh = {each for row in rows for each in row} - known
        known |= fresh
    return frozenset(known)


def open_matches(session: Session, client_id: int) -> bool:
    """Whether somebody still has to decide about a possible match of this client."""
    undecided = (models.MatchStatus.PENDING, models.MatchStatus.OPEN)
    return any(row.status in undecided for row in matches(session, client_id))


def client(session: Session, client_id: int) -> models.Client:
    """The client's row, for services; raises UnknownClient."""
    # Held for the transaction: the session alone would read the row again as soon as nobody looks at it.
    found = kept.once(session, (models.Client, client_id), (), lambda: session.get(models.Client, client_id))
    if found is None:
        raise errors.UnknownClient(client_id)
    return found
