"""How much work lies on the posts of an agency: posts, cases and open tasks per full-time post, against the ratios.

Of the other agency there are only sums: each leader sees the own staff (R41). Nobody is ranked, and nothing here says
how well somebody works.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text

from app.office import dates, models
from app.office import queries as office

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from app.supervision.desk import Reader

# So many clients shall one full-time post look after: under 25 years of age, and from 25 on.
YOUNG: Final = 75
OLDER: Final = 150
PLAN: Final = "planned_posts"
_POSTS = text("""
SELECT post.role, post.share, person.id AS staff_id, person.account_id, person.name, person.partner_id,
    (SELECT max(away.valid_to) FROM office_absence AS away
     WHERE away.staff_id = person.id AND away.valid_from <= :day AND away.valid_to > :day) AS away_until
FROM office_post AS post JOIN office_staff AS person ON person.id = post.staff_id
WHERE post.valid_from <= :day AND (post.valid_to IS NULL OR post.valid_to > :day)
    AND person.active_from <= :day AND (person.active_to IS NULL OR person.active_to > :day)
ORDER BY person.name, person.id
""")
_CASES = text("""
SELECT file.lead AS role, count(*) AS every,
    count(*) FILTER (WHERE client.birth_date > CAST(:day AS date) - make_interval(years => 25)) AS young
FROM case_file AS file JOIN client ON client.id = file.client_id
WHERE file.status = 'open' GROUP BY file.lead
""")
_TASKS = text("""
SELECT role, assignee_id, count(*) FILTER (WHERE NOT aside) AS open, count(*) FILTER (WHERE aside) AS aside
FROM workflow_task GROUP BY role, assignee_id
""")


@dataclass(frozen=True, slots=True)
class Share:
    """A person on a post: the share of a full one, until when the person is away, and the open tasks taken."""

    staff_id: int
    account_id: int | None
    name: str
    share: Decimal
    away_until: date | None
    tasks: int
    aside: int


@dataclass(frozen=True, slots=True)
class Load:
    """The work of a role: posts as planned and as held, cases it leads, open tasks, those that nobody has taken."""

    role: str
    planned: Decimal | None
    held: Decimal
    young: int
    older: int
    tasks: int
    untaken: int
    aside: int
    people: tuple[Share, ...]

    @property
    def vacant(self) -> Decimal:
        """How much of the planned posts nobody holds; without a plan, nothing unless nobody is there for open work."""
        if self.planned is not None:
            return max(self.planned - self.held, Decimal(0))
        return Decimal(0)

    @property
    def needed(self) -> Decimal:
        """How many full-time posts the ratios ask for these cases."""
        return Decimal(self.young) / YOUNG + Decimal(self.older) / OLDER

    @property
    def over(self) -> bool:
        """Whether there are more cases than the ratios allow for the posts held."""
        return self.needed > self.held

    def per_post(self, number: int) -> Decimal | None:
        """So many for each full-time post that is held; None where nobody is."""
        return Decimal(number) / self.held if self.held else None


@dataclass(frozen=True, slots=True)
class Sums:
    """What a leader sees of the other agency: sums."""

    posts: Decimal
    cases: int
    tasks: int


@dataclass(frozen=True, slots=True)
class Board:
    """The work of the own agency by role, in the order of the roles' names; the sums of the other; cases of nobody."""

    loads: tuple[Load, ...]
    other: Sums
    unled: int


def board(reader: Reader) -> Board:
    """The work of today as the leader of an agency sees it."""
    found, unled = loads(reader)
    led, known = reader.led(), office.roles(reader.session)
    own = [one for one in found if one.role in led and (one.people or one.tasks or one.aside or one.planned)]
    return Board(
        tuple(sorted(own, key=lambda one: known[one.role].name_en if reader.locale == "en" else known[one.role].name)),
        _sums(one for one in found if one.role not in led and known[one.role].partner),
        unled,
    )


def loads(reader: Reader) -> tuple[list[Load], int]:
    """The work of each role of both agencies, and how many cases nobody leads: posts, cases and tasks of today, one
    statement for each of the three.
    """
    day = dates.day_of(reader.now)
    posts = reader.session.execute(_POSTS, {"day": day}).all()
    cases = {row.role: row for row in reader.session.execute(_CASES, {"day": day})}
    tasks = reader.session.execute(_TASKS).all()
    planned: dict[str, Any] = office.setting(reader.session, PLAN) or {}
    found = [
        _load(
            role, [row for row in posts if row.role == role], cases=cases.get(role), planned=planned.get(role),
            tasks=tasks,
        )
        for role in office.roles(reader.session)
    ]  # fmt: skip
    return found, cases[""].every if "" in cases else 0


def _load(role: str, posts: list[Any], *, cases: Any, planned: float | None, tasks: Iterable[Any]) -> Load:  # noqa: ANN401  rows
    own = [row for row in tasks if row.role == role]
    taken = {row.assignee_id: row for row in own}
    people = tuple(
        Share(
            row.staff_id, row.account_id, row.name, row.share, row.away_until,
            taken[row.account_id].open if row.account_id in taken else 0,
            taken[row.account_id].aside if row.account_id in taken else 0,
        )
        for row in posts
    )  # fmt: skip
    young = cases.young if cases is not None else 0
    return Load(
        role, None if planned is None else Decimal(str(planned)), sum((row.share for row in posts), Decimal(0)),
        young=young, older=cases.every - young if cases is not None else 0,
        tasks=sum(row.open for row in own), untaken=taken[None].open if None in taken else 0,
        aside=sum(row.aside for row in own), people=people,
    )  # fmt: skip


def _sums(loads: Iterable[Load]) -> Sums:
    known = list(loads)
    return Sums(
        sum((one.held for one in known), Decimal(0)),
        sum(one.young + one.older for one in known),
        sum(one.tasks + one.aside for one in known),
    )


def languages(reader: Reader) -> list[tuple[int, str, str]]:
    """Which languages the own staff speaks, by name."""
    table = models.Staff
    rows = reader.session.execute(
        select(table.id, table.name, table.languages)
        .where(table.partner_id == reader.actor.partner, table.active_to.is_(None))
        .order_by(table.name, table.id)
    )
    return [(row.id, row.name, row.languages) for row in rows]
