"""The whole history: lives lived, variants chosen, batches written."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import update

from app.cli.generating import loading, people, scenarios, stamp, templates, walk
from app.office import clock, dates, models
from app.supervision import process_rows
from app.supervision import service as supervision
from workflows import database, touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from app.cli.generating.stamp import Variant
    from app.cli.generating.templates import Template

    # For each position its weight and the days on which it occurs.
    Days = list[tuple[float, list[Variant]]]

BATCH = 4000
# On so many different days does a position occur.
VARIANTS = (2, 12)
CASES_PER_DAY = 500
ORDER = {table.name: place for place, table in enumerate(database.Base.metadata.sorted_tables)}


@dataclass(slots=True)
class Told:
    """What was made: cases by position and by level of standing still, and the seconds that writing took."""

    positions: Counter[str] = field(default_factory=Counter)
    findings: int = 0
    seconds: float = 0.0


def live(session: Session) -> list[Template]:
    """Lives through all lives and leaves nothing of them in the database."""
    found: list[Template] = []
    staff = walk.Staff(session)
    for number, (record, life) in enumerate(scenarios.LIVES):
        tried = session.begin_nested()
        made = walk.Walk(session, staff, scenarios.RECORDS[record])
        made.pace = Random(number)  # noqa: S311  the same lives each time
        for position, weight in life(made):
            session.flush()
            found.append(templates.take(made, record, position, weight))
        tried.rollback()
        session.expunge_all()
    touched.take(session)
    return found


def last_day(opening: date, years: int) -> date:
    """The day on which the history ends: a working day of the week."""
    day = opening + timedelta(days=365 * years)
    return day - timedelta(days=max(0, day.weekday() - 4))


def move_office(session: Session, end: datetime) -> None:
    """The office stands at the end of the history, and its agreement has held so long."""
    clock.turn_to(session, end)
    long_enough = dates.day_of(end) + timedelta(days=365)
    session.execute(update(models.Agreement).where(models.Agreement.ends < long_enough).values(ends=long_enough))


def variants(found: list[Template], *, opening: date, end: datetime, random: Random, days_each: int) -> Days:
    """For each position its weight and the days on which it occurs."""
    made, keys = [], itertools.count()
    for template in found:
        days = stamp.allowed(template, opening, end)
        chosen = random.sample(days, min(days_each, len(days)))
        if chosen:
            made.append((template.weight, [stamp.Variant(template, one, random, key=next(keys)) for one in chosen]))
    return made


def write(session: Session, told: Told, given: Days, *, cases: int, random: Random) -> Iterator[int]:
    """Writes so many cases in the order of their days; yields how many each batch had."""
    weights = [weight for weight, _ in given]
    drawn = random.choices(given, weights, k=cases)
    chosen = sorted((random.choice(of) for _, of in drawn), key=lambda one: one.reference)
    for one in chosen:
        told.positions[one.template.position] += 1
    tally(session, chosen)
    patterns = loading.Patterns(session, list(dict.fromkeys(chosen)))
    first = {
        name: templates.reserve(session, name, count)
        for name in templates.REFERRED
        if (count := sum(one.counts[name] for one in chosen))
    }
    batches = [chosen[begin : begin + BATCH] for begin in range(0, cases, BATCH)]
    # While the server takes a batch, the next one is made.
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(_make, batches[0], first, random)
        for number, batch in enumerate(batches, start=1):
            made = coming.result()
            if number < len(batches):
                coming = maker.submit(_make, batches[number], first, random)
            for table, names, lines in made:
                if names[0] == "variant":
                    patterns.insert(table, lines)
                else:
                    loading.copy(session, table, names, lines)
            yield len(batch)


def tally(session: Session, chosen: Iterable[Variant]) -> None:
    """Counts the steps that have ended in these cases, as the worker would have."""
    rows = []
    for variant, times in Counter(chosen).items():
        for row in variant.template.ended:
            moved = {name: variant.moved.instant(row[name]).isoformat() for name in ("created_at", "ended_at")}
            rows.append({**row, **moved, "times": times})
    process_rows.add(session, rows)


def _make(batch: list[Variant], first: dict[str, int], random: Random) -> list[tuple[str, tuple[str, ...], bytes]]:
    """The lines of a batch by table, in an order that references allow; moves the next ids on."""
    buffers: dict[tuple[str, tuple[str, ...]], list[bytes]] = {}
    for variant in batch:
        values = variant.stamp(first, people.draw(random))
        for name, count in variant.counts.items():
            if count:
                first[name] += count
        for table, (columns, pattern, pick) in variant.tables.items():
            buffers.setdefault((table, tuple(columns)), []).append(pattern % pick(values)[:-1])
    ordered = sorted(buffers.items(), key=lambda one: ORDER[one[0][0]])
    return [(table, names, b"".join(lines)) for (table, names), lines in ordered]


def generate(
    session: Session, cases: int, *, seed: int, years: int, opening: date, lived: list[Template] | None = None
) -> tuple[Told, Iterator[int]]:
    """Prepares everything; the iterator writes the batches and, after the last, brings the leaders' desk up to date.
    `lived` is what `live` has found in this office before.
    """
    random, told = Random(seed), Told()  # noqa: S311  the same history for the same seed
    end = dates.start_of(last_day(opening, years)) + walk.HOUR
    move_office(session, end)
    days_each = min(max(VARIANTS[0], cases // CASES_PER_DAY), VARIANTS[1])
    given = variants(lived or live(session), opening=opening, end=end, random=random, days_each=days_each)

    def run() -> Iterator[int]:
        tables = {name for _, of in given for one in of for name in one.tables}
        began = time.perf_counter()
        with loading.relieved(session, tables, cases=cases):
            yield from write(session, told, given, cases=cases, random=random)
        told.seconds = time.perf_counter() - began
        loading.count_anew(session, tables)
        told.findings = supervision.compute(session)

    return told, run()
