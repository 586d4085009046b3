"""The page of one meeting: agenda, minutes, decisions, tasks, agreement; on screen, on paper and as a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext

from app import security
from app.casework import views as casework_views
from app.casework import words as casework_words
from app.casework.clients import birthdates
from app.meetings import agenda, errors, queries, series, service, tasks, words
from app.meetings.models import State
from app.office import dates
from app.office import queries as office
from app.supervision import desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from app.meetings.models import Meeting, Series, Topic

blueprint = Blueprint("meeting", __name__, url_prefix="/meetings/<int:meeting_id>")
_TOPIC = re.compile(r"note-(\d{1,18})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the page shows it; `before` is what it was in the meeting before."""

    text: str
    before: int | None
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """A topic as the page shows it; `topic` is None while it is made anew each time."""

    title: str
    lines: tuple[Shown, ...]
    topic: Topic | None


def _reader() -> desk.Reader:
    return desk.Reader(security.session(), security.actor(), security.now(), str(get_locale()))


@blueprint.get("")
@security.access(*series.INVITED)
def show(meeting_id: int) -> ResponseReturnValue:
    """The meeting as it stands."""
    return _page(meeting_id)


def _page(meeting_id: int, typed: Mapping[str, Any] | None = None, messages: Mapping[str, str] | None = None,
          theirs: Mapping[int, str] | None = None) -> str:  # fmt: skip
    reader = _reader()
    row, found = queries.meeting(reader.session, meeting_id, reader.actor)
    given = queries.consents(reader.session, meeting_id)
    given_tasks = queries.tasks(reader.session, meeting_id)
    leads = queries.is_leader(reader.actor)
    return render_template(
        "meetings/meeting.html", row=row, series=found, parts=_parts(reader, row, found), leads=leads,
        writes=leads and row.state == State.RUNNING, decisions=queries.decisions(reader.session, meeting_id),
        tasks=given_tasks, consents=given, words=words, typed=typed or {}, messages=messages or {},
        theirs=theirs or {}, role=casework_views.role_name, today=dates.day_of(reader.now),
        partners=_partners(reader),
        people=tasks.people(reader.session, reader.actor.partner, reader.now) if leads else {},
        agreed=any(one.partner == reader.actor.partner for one in given), own=reader.actor.partner,
        unchanged=row.state != State.CLOSED or service.digest(reader.session, row) == row.digest,
        history=[words.happened(one) for one in queries.entries(reader.session, meeting_id=meeting_id)],
    )  # fmt: skip


def _partners(reader: desk.Reader) -> dict[str, str]:
    """The agencies by name."""
    found = office.partners(reader.session, dates.day_of(reader.now))
    return {one.id: one.name for one in found if one.id in office.LEADERS}


def _parts(reader: desk.Reader, row: Meeting, found: Series) -> list[Part]:
    """The agenda: as it would be now, or as it was fixed, with the figures of the meeting before."""
    earlier = queries.before(reader.session, row)
    kept = queries.topics(reader.session, earlier.id) if earlier else ()
    then = {line["key"]: line["number"] for topic in kept for line in topic.lines}
    leads, made = queries.is_leader(reader.actor), []
    if row.state == State.PLANNED:
        for point in agenda.points(reader, found, row):
            lines = tuple(_shown(one, then, leads=leads) for one in point.lines)
            made.append(Part(str(words.TITLES[point.source]), lines, None))
    for topic in queries.topics(reader.session, row.id):
        fixed = (agenda.kept(one, words.said(one)) for one in topic.lines)
        lines = tuple(_shown(one, then, leads=leads) for one in fixed)
        made.append(Part(words.title(topic), lines, topic))
    return made


def _shown(line: agenda.Line, then: Mapping[str, int | None], *, leads: bool) -> Shown:
    """Values in addresses are codes of ours; who may not open the page gets the sentence alone."""
    query: dict[str, Any] = dict(line.query)
    address = url_for(line.page, **query) if line.page and leads else ""
    return Shown(line.text, then.get(line.key) if line.number is not None else None, address)


@blueprint.get("/minutes.txt")
@security.access(*series.INVITED)
def download(meeting_id: int) -> ResponseReturnValue:
    """The minutes as a plain text, to be filed elsewhere."""
    reader = _reader()
    row, found = queries.meeting(reader.session, meeting_id, reader.actor)
    text = render_template(
        "meetings/minutes.txt", row=row, series=found, parts=_parts(reader, row, found), words=words,
        partners=_partners(reader), decisions=queries.decisions(reader.session, meeting_id),
        tasks=queries.tasks(reader.session, meeting_id),
        consents=queries.consents(reader.session, meeting_id),
    )  # fmt: skip
    name = f"{gettext('protokoll')}-{(row.held_on or row.planned_on).isoformat()}.txt"
    sent = {"Content-Disposition": f"attachment; filename={name}"}
    return Response("\ufeff" + text, mimetype="text/plain", headers=sent)


def _acted(
    meeting_id: int, act: Callable[[], object], done: str, typed: Mapping[str, Any] | None = None
) -> ResponseReturnValue:
    """Does it and shows the meeting; a refusal is told with all that was typed."""
    queries.meeting(security.session(), meeting_id, security.actor())
    try:
        act()
    except errors.MeetingRefused as refused:
        return _page(meeting_id, typed or {}, {refused.field or "act": words.refusal(refused.code)}), (
            422 if refused.field else 409
        )
    flash(done, "success")
    return redirect(url_for("meeting.show", meeting_id=meeting_id), 303)


def _who() -> dict[str, Any]:
    return {"actor": security.actor(), "now": security.now()}


def _said(name: str, longest: int = service.LINE) -> str:
    return request.form.get(name, "").strip()[:longest]


def _chosen(name: str) -> int | None:
    given = request.form.get(name, "")
    return int(given[:18]) if given.isdigit() else None


@blueprint.post("/topics")
@security.access(*series.INVITED)
def add_topic(meeting_id: int) -> ResponseReturnValue:
    """Puts a topic on the agenda."""
    title = _said("title", service.TITLE)
    return _acted(
        meeting_id, lambda: service.add_topic(security.session(), meeting_id, title, **_who()),
        gettext("Der Punkt steht auf der Tagesordnung."), {"title": title},
    )  # fmt: skip


@blueprint.post("/topics/<int:topic_id>/drop")
@security.access(*series.INVITED)
def drop_topic(meeting_id: int, topic_id: int) -> ResponseReturnValue:
    """Takes a topic off the agenda."""
    return _acted(
        meeting_id, lambda: service.drop_topic(security.session(), meeting_id, topic_id, **_who()),
        gettext("Der Punkt ist gestrichen."),
    )  # fmt: skip


@blueprint.post("/move")
@security.access(*queries.LEADERS)
def move(meeting_id: int) -> ResponseReturnValue:
    """Puts the meeting on another day."""
    typed = {"day": _said("day", 20), "reason": _said("reason")}
    day = _day(typed["day"])
    if not isinstance(day, str):
        return _acted(
            meeting_id, lambda: service.move(security.session(), meeting_id, day, reason=typed["reason"], **_who()),
            gettext("Verschoben. Alle Eingeladenen erfahren es."), typed,
        )  # fmt: skip
    return _page(meeting_id, typed, {"day": day}), 422


def _day(text: str) -> date | str:
    """The day that was typed, or why it is none."""
    try:
        return birthdates.parse_day(text)
    except birthdates.DateRefused as refused:
        return casework_words.refusal(refused.code)


@blueprint.post("/call-off")
@security.access(*queries.LEADERS)
def call_off(meeting_id: int) -> ResponseReturnValue:
    """Calls the meeting off."""
    reason = _said("why")
    return _acted(
        meeting_id, lambda: service.call_off(security.session(), meeting_id, reason=reason, **_who()),
        gettext("Die Besprechung fällt aus. Die nächste ist geplant; vorgeschlagene Punkte stehen dort."),
        {"why": reason},
    )  # fmt: skip


@blueprint.post("/begin")
@security.access(*queries.LEADERS)
def begin(meeting_id: int) -> ResponseReturnValue:
    """Begins the meeting: the agenda is fixed with the figures of this moment."""
    reader = _reader()
    row, found = queries.meeting(reader.session, meeting_id, reader.actor)
    return _acted(
        meeting_id,
        lambda: service.begin(reader.session, meeting_id, agenda.fixed(reader, found, row), **_who()),
        gettext("Die Tagesordnung ist mit den Zahlen von jetzt festgehalten."),
    )  # fmt: skip


@blueprint.post("/minutes")
@security.access(*queries.LEADERS)
def write(meeting_id: int) -> ResponseReturnValue:
    """Keeps what was written: in the background, or by the button. With "present" the minutes are presented, too."""
    queries.meeting(security.session(), meeting_id, security.actor())
    notes = {
        int(found[1]): (text.replace("\r\n", "\n"), request.form.get(f"was-{found[1]}", "").replace("\r\n", "\n"))
        for name, text in request.form.items() if (found := _TOPIC.match(name))
    }  # fmt: skip
    typed = {"notes": {topic: text for topic, (text, _was) in notes.items()}}
    try:
        service.write(security.session(), meeting_id, notes, actor=security.actor())
        if "present" in request.form:
            service.present(security.session(), meeting_id, **_who())
    except errors.NotesConflict as conflict:
        said = gettext(
            "Jemand anderes hat zu diesen Punkten inzwischen etwas geschrieben. Bitte führen Sie beides zusammen."
        )
        return ("", 409) if security.is_fragment() else (_page(meeting_id, typed, {"act": said}, conflict.theirs), 409)
    except errors.MeetingRefused as refused:
        return ("", 409) if security.is_fragment() else (
            _page(meeting_id, typed, {"act": words.refusal(refused.code)}), 409
        )  # fmt: skip
    if security.is_fragment():
        return "", 204
    flash(gettext("Das Protokoll ist vorgelegt.") if "present" in request.form else gettext("Gesichert."), "success")
    return redirect(url_for("meeting.show", meeting_id=meeting_id), 303)


@blueprint.post("/decisions")
@security.access(*queries.LEADERS)
def decide(meeting_id: int) -> ResponseReturnValue:
    """Writes down a decision."""
    said, topic = _said("decision"), _chosen("decision_topic")
    return _acted(
        meeting_id,
        lambda: service.decide(security.session(), meeting_id, said, topic, **_who()),
        gettext("Der Beschluss ist aufgeschrieben. Er gilt, wenn beide Leitungen dem Protokoll zustimmen."),
        {"decision": said, "decision_topic": topic},
    )  # fmt: skip


@blueprint.post("/decisions/<int:decision_id>/strike")
@security.access(*queries.LEADERS)
def strike(meeting_id: int, decision_id: int) -> ResponseReturnValue:
    """Takes a decision out of the minutes."""
    return _acted(
        meeting_id, lambda: service.strike(security.session(), meeting_id, decision_id, **_who()),
        gettext("Der Beschluss ist gestrichen."),
    )  # fmt: skip


@blueprint.post("/tasks")
@security.access(*queries.LEADERS)
def give(meeting_id: int) -> ResponseReturnValue:
    """Gives out a task: to somebody of the own staff, or to the other agency."""
    said, who, topic = _said("task"), _said("who", 30), _chosen("task_topic")
    typed = {"task": said, "due_on": _said("due_on", 20), "who": who, "task_topic": topic}
    day = _day(_said("due_on", 20))
    if isinstance(day, str):
        return _page(meeting_id, typed, {"due_on": day}), 422
    person = int(who) if who.isdigit() else None
    wanted = tasks.Wanted(said, security.actor().partner if person is not None else who, person, day, topic)
    return _acted(
        meeting_id, lambda: tasks.give(security.session(), meeting_id, wanted, **_who()),
        gettext("Die Aufgabe ist vergeben."), typed,
    )  # fmt: skip


@blueprint.post("/agree")
@security.access(*queries.LEADERS)
def agree(meeting_id: int) -> ResponseReturnValue:
    """Agrees to the minutes as they were shown."""
    seen = _said("seen", 64)
    return _acted(
        meeting_id, lambda: service.agree(security.session(), meeting_id, seen, **_who()),
        gettext("Sie haben dem Protokoll zugestimmt."),
    )  # fmt: skip


@blueprint.post("/return")
@security.access(*queries.LEADERS)
def send_back(meeting_id: int) -> ResponseReturnValue:
    """Opens presented minutes again."""
    reason = _said("back")
    return _acted(
        meeting_id, lambda: service.send_back(security.session(), meeting_id, reason=reason, **_who()),
        gettext("Das Protokoll ist wieder offen."), {"back": reason},
    )  # fmt: skip
