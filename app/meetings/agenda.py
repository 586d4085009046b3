"""The agenda of a meeting, made from what supervision knows: figures of both agencies, nobody's name, no client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from babel.numbers import format_decimal
from flask_babel import force_locale, get_locale, gettext, ngettext

from app.casework import queries as casework
from app.casework import views as casework_views
from app.design import release_models, releases
from app.meetings import queries
from app.meetings.models import SeriesKind
from app.office import dates
from app.office import queries as office
from app.office import targets as limits
from app.supervision import (
    foresight,
    foresight_queries,
    process_board,
    process_times,
    process_views,
    process_words,
    target_pace,
    target_queries,
    targets,
    workload,
)
from app.supervision import queries as stuck
from app.supervision import words as stuck_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from app.meetings.models import Meeting, Series
    from app.supervision.desk import Reader

FEW: Final = 5
# So long before its end an agreement is a topic (R76: six and three months before).
TERM_DAYS: Final = 183
LANGUAGES: Final = ("de", "en")


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in a sentence; `key` finds it again in the next meeting, `page` is where the cases behind it are."""

    key: str
    text: str
    number: int | None = None
    page: str = ""
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A topic with its figures."""

    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """For which meeting of which series an agenda is made, and the day after which things are new."""

    reader: Reader
    series: Series
    meeting: Meeting
    since: date | None


def points(reader: Reader, series: Series, meeting: Meeting) -> tuple[Point, ...]:
    """The agenda in the reader's language; topics of which there is nothing to tell are left out."""
    earlier = queries.before(reader.session, meeting)
    asked = _Asked(reader, series, meeting, earlier.held_on if earlier else None)
    made = ((source, tuple(lines(asked))) for source, lines in SOURCES[SeriesKind(series.kind)].items())
    return tuple(Point(source, lines) for source, lines in made if lines)


def fixed(reader: Reader, series: Series, meeting: Meeting) -> list[tuple[str, list[dict[str, Any]]]]:
    """The agenda as it is kept: each figure in both languages."""
    said: dict[str, Sequence[Point]] = {}
    for locale in LANGUAGES:
        with force_locale(locale):
            said[locale] = points(replace(reader, locale=locale), series, meeting)
    english = {line.key: line.text for point in said["en"] for line in point.lines}
    return [
        (point.source, [
            {
                "key": line.key, "de": line.text, "en": english.get(line.key, line.text), "number": line.number,
                "page": line.page, "query": dict(line.query),
            }
            for line in point.lines
        ])
        for point in said["de"]
    ]  # fmt: skip


def kept(line: Mapping[str, Any], text: str) -> Line:
    """A figure of an agenda that was fixed, in these words."""
    return Line(line["key"], text, line["number"], line["page"], tuple(line["query"].items()))


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _tasks(asked: _Asked) -> Iterator[Line]:
    """What earlier meetings gave out and nobody has done yet."""
    today = dates.day_of(asked.reader.now)
    for row in queries.open_before(asked.reader.session, asked.meeting):
        values = {"text": row.text, "who": row.assignee or row.partner, "day": _day(row.due_on)}
        said = (
            gettext("Überfällig seit %(day)s: %(text)s (%(who)s)", **values)
            if row.due_on < today
            else gettext("Bis %(day)s: %(text)s (%(who)s)", **values)
        )
        yield Line(f"task-{row.id}", said, page="meeting_tasks.index")


def _stuck(asked: _Asked) -> Iterator[Line]:
    """How many cases stand still, by agency, and the causes that most of them have in common."""
    reader = asked.reader
    for partner in office.partners(reader.session, dates.day_of(reader.now)):
        if (roles := _roles(reader, partner.id)) and partner.id in office.LEADERS:
            found = stuck.levels(reader.session, stuck.Wanted(roles=roles), now=reader.now)
            said = gettext(
                "%(agency)s: %(red)s rot, %(amber)s gelb, %(grey)s ruhen bis zu einem Tag", agency=partner.name,
                **{level: _capped(number) for level, number in found.items()},
            )  # fmt: skip
            yield Line(f"stuck-{partner.id}", said, found["red"], "supervision.index", (("agency", partner.id),))
    counts = stuck.counts(reader.session, stuck_words.CAUSES, stuck.Wanted(), now=reader.now)
    for cause, number in sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:FEW]:
        said = f"{stuck_words.CAUSES[cause].title}: {_capped(number)}"
        yield Line(f"cause-{cause}", said, number, "supervision.index", (("cause", cause),))


def _capped(number: int) -> str:
    return f"{stuck.CAP}+" if number > stuck.CAP else str(number)


def _roles(reader: Reader, partner: str) -> frozenset[str]:
    return frozenset(code for code, row in office.roles(reader.session).items() if row.partner == partner)


def _pleas(asked: _Asked) -> Iterator[Line]:
    """What the leaders have asked of each other and not answered."""
    session, today = asked.reader.session, dates.day_of(asked.reader.now)
    for role in sorted(queries.LEADERS):
        found = stuck.asked_of(session, {role})
        late = sum(row.answer_by < today for row in found)
        if found:
            name = casework_views.role_name(role)
            said = ngettext("%(role)s: %(num)s Bitte ohne Antwort", "%(role)s: %(num)s Bitten ohne Antwort",
                            len(found), role=name)  # fmt: skip
            more = gettext(", davon %(late)s überfällig", late=late) if late else ""
            yield Line(f"plea-{role}", f"{said}{more}", len(found), "supervision.index")


def _targets(asked: _Asked) -> Iterator[Line]:
    """Which steps are over their limit, and which will be at today's speed."""
    reader = asked.reader
    known = {
        one.step: targets.name(one, reader.locale) for one in limits.valid(reader.session, dates.day_of(reader.now))
    }
    red: dict[str, int] = {}
    for one in target_queries.counts(reader.session, now=reader.now):
        red[one.step] = red.get(one.step, 0) + one.red
    for step, number in _most(red):
        if step in known:
            said = ngettext("„%(step)s“: %(num)s Fall über der Frist", "„%(step)s“: %(num)s Fälle über der Frist",
                            number, step=known[step])  # fmt: skip
            yield Line(f"red-{step}", said, number, "targets.index", (("step", step), ("colour", "red")))
    fast = target_queries.speeds(reader.session, now=reader.now)
    wanted = target_pace.breaking(reader, target_pace.SOON, fast)
    every = frozenset(office.roles(reader.session))
    until = max((one.until for one in wanted.values()), default=reader.now)
    found = target_queries.breaks(reader.session, wanted, roles=every, now=reader.now, soon=until)
    for step, number in _most({step: soon for step, (soon, _later) in found.items()}):
        said = ngettext(
            "„%(step)s“: %(num)s Fall wird beim heutigen Tempo in 30 Tagen rot",
            "„%(step)s“: %(num)s Fälle werden beim heutigen Tempo in 30 Tagen rot", number, step=known[step],
        )  # fmt: skip
        yield Line(f"break-{step}", said, number, "targets.index", (("step", step), ("breaks", "30")))


def _most(numbers: Mapping[str, int]) -> list[tuple[str, int]]:
    found = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    return [(code, number) for code, number in found[:FEW] if number]


def _coming(asked: _Asked) -> Iterator[Line]:
    """What comes in ninety days, by kind. Deadlines and timers of single tasks are no topic for a meeting."""
    reader = asked.reader
    first, last = foresight.span(reader)
    every = frozenset(office.roles(reader.session))
    kinds = [kind for kind in foresight_queries.KINDS if kind not in {"task", "timer"}]
    for kind in kinds:
        number = foresight.number(reader, foresight_queries.Wanted(first, last, every, (kind,)))
        if number:
            said = f"{foresight.TITLES[kind]}: {number}{'+' if number == foresight.CAP else ''}"
            yield Line(f"coming-{kind}", said, number, "foresight.index", (("kind", kind),))


def _bottlenecks(asked: _Asked) -> Iterator[Line]:
    """Where most of the waiting time of the last full month went, and what has become slower."""
    reader = asked.reader
    known = process_views.specs(reader)
    if known is None:
        return
    last = dates.add_months(dates.day_of(reader.now).replace(day=1), -1)
    within = process_times.period(last, last)
    every = tuple(process_views.processes(known))
    board = process_board.board(reader, known, process_board.Asked(every, within, within.back(1), "before", ""))
    for number, (element, said) in enumerate(process_words.findings(board)):
        query = (("name", "all"), ("element", element))
        yield Line(f"wait-{number}-{element}", said, None, "process_times.show", query)


def _load(asked: _Asked) -> Iterator[Line]:
    """Roles with more cases than the ratios allow, and vacant posts (R41: sums of a role, nobody's own)."""
    known = office.roles(asked.reader.session)
    found, _unled = workload.loads(asked.reader)
    for load in sorted(found, key=lambda one: (known[one.role].partner, one.role)):
        name, cases = casework_views.role_name(load.role), load.young + load.older
        values = {"role": name, "cases": cases, "held": _posts(load.held), "needed": _posts(load.needed)}
        if load.over:
            yield Line(f"load-{load.role}", gettext(
                "%(role)s: %(cases)s Fälle auf %(held)s Stellen; nach 1:75 und 1:150 wären es %(needed)s.", **values
            ), cases, "workload.index")  # fmt: skip
        if load.vacant:
            said = gettext("%(role)s: %(posts)s Stellen unbesetzt", role=name, posts=_posts(load.vacant))
            yield Line(f"vacant-{load.role}", said, None, "workload.index")


def _posts(number: Any) -> str:  # noqa: ANN401  a decimal
    return format_decimal(number, format="0.#", locale=str(get_locale()))


def _releases(asked: _Asked) -> Iterator[Line]:
    """What waits for both signatures."""
    for row in releases.releases(asked.reader.session):
        if row.state == release_models.State.REVIEW:
            said = gettext("„%(title)s“ soll ab %(day)s gelten", title=row.title, day=_day(row.effective_on))
            yield Line(f"release-{row.id}", said, None, "releases.show", (("release_id", str(row.id)),))


def _agreement(asked: _Asked) -> Iterator[Line]:
    """The end of the agreement, in its last half year (R76): it is not prolonged by itself."""
    ends = office.agreement_end(asked.reader.session)
    left = (ends - dates.day_of(asked.reader.now)).days if ends else TERM_DAYS + 1
    if ends and left <= TERM_DAYS:
        said = gettext("Die Vereinbarung gilt bis %(day)s; sie verlängert sich nicht von selbst.", day=_day(ends))
        yield Line("agreement", said, left)


def _routes(asked: _Asked) -> Iterator[Line]:
    """How often people decided otherwise than the rules proposed, and how often a case came back."""
    reader = asked.reader
    since = asked.since or dates.add_months(dates.day_of(reader.now), -3)
    found = casework.looked_back(reader.session, since=dates.start_of(since), until=reader.now)
    day = _day(since)
    if found.decided:
        yield Line("decided", gettext("Entschiedene Routen seit %(day)s: %(num)s", day=day, num=found.decided),
                   found.decided)  # fmt: skip
        yield Line("deviated", gettext("davon anders als die Regel vorschlug: %(num)s", num=found.deviated),
                   found.deviated)  # fmt: skip
    if found.gaps:
        yield Line("gaps", gettext("Fälle ohne passende Regel: %(num)s", num=found.gaps), found.gaps)
    if found.closed:
        yield Line("closed", gettext("Beendete Fälle seit %(day)s: %(num)s", day=day, num=found.closed), found.closed)
    if found.reopened:
        yield Line("reopened", gettext("Wieder aufgenommene Fälle: %(num)s", num=found.reopened), found.reopened)
    if found.integrated:
        yield Line("integrated", gettext(
            "Arbeit oder Ausbildung aufgenommen: %(num)s, davon am ersten Arbeitsmarkt: %(first)s",
            num=found.integrated, first=found.first_market,
        ), found.integrated)  # fmt: skip


SOURCES: Final[Mapping[SeriesKind, Mapping[str, Callable[[_Asked], Iterator[Line]]]]] = {
    SeriesKind.STEERING: {
        "tasks": _tasks, "stuck": _stuck, "pleas": _pleas, "targets": _targets, "coming": _coming,
        "bottlenecks": _bottlenecks, "load": _load, "releases": _releases, "agreement": _agreement,
    },
    SeriesKind.REFLECTION: {"tasks": _tasks, "routes": _routes, "bottlenecks": _bottlenecks},
}  # fmt: skip
