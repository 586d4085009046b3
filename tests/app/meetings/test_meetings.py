"""Meetings as leaders and staff live through them: series, agenda with its figures, minutes, agreement, tasks."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from app.meetings import tasks
from app.meetings.models import Meeting, MeetingTask, Topic
from app.office.models import Clock
from app.supervision import service as desk
from tests.app.inbox.conftest import PERSON

FIRST = "12.01.2004"
STEERING = {
    "kind": "steering", "name": "Steuerungskreis", "weeks": "4", "first_on": FIRST, "time": "9 Uhr",
    "place": "Raum 114", "roles": ["LTG_STADT", "LTG_AA"],
}  # fmt: skip
CITY, AGENCY = "leitung.stadt", "leitung.aa"


def words_of(page: str) -> str:
    """The text that people read."""
    return " ".join(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL).split())


@pytest.fixture
def planned(at, office_sessions):
    """A series of steering meetings; the id of its first meeting."""
    assert at(CITY).post("/meetings/series/new", **STEERING).status_code == 303
    with office_sessions() as session:
        return session.scalar(select(Meeting.id))


@pytest.fixture
def running(at, planned):
    """The meeting after its agenda was fixed."""
    assert at(CITY).post(f"/meetings/{planned}/begin").status_code == 303
    return planned


def topic(office_sessions, meeting_id: int, source: str = "own") -> int:
    with office_sessions() as session:
        return session.scalar(select(Topic.id).where(Topic.meeting_id == meeting_id, Topic.source == source))


def on(office_sessions, day: datetime) -> None:
    """Puts the office's clock on this day."""
    with office_sessions.begin() as session:
        session.execute(update(Clock).values(day=day.date(), not_before=day))
        desk.ripen(session, limit=10)


def written(at, meeting_id: int, topic_id: int, text: str, *, was: str = "", login: str = CITY, **more):
    return at(login).post(
        f"/meetings/{meeting_id}/minutes", **{f"note-{topic_id}": text, f"was-{topic_id}": was}, **more
    )


def signed(at, meeting_id: int, login: str):
    page = at(login).page(f"/meetings/{meeting_id}")
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    return at(login).post(f"/meetings/{meeting_id}/agree", seen=seen)


def test_a_series_plans_its_first_meeting_on_a_working_day(at):
    # 21.02.2004 is a Saturday, Monday after it is Rosenmontag.
    at(CITY).post("/meetings/series/new", **STEERING | {"first_on": "21.02.2004"})
    assert "24.02.2004" in at(AGENCY).page("/meetings")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("first_on", "31.02.2004", "Dieses Datum gibt es nicht."),
        ("first_on", "02.01.2004", "Bitte wählen Sie heute oder einen späteren Tag."),
        ("name", "", "Bitte füllen Sie dieses Feld aus."),
        ("weeks", "3", "Bitte füllen Sie dieses Feld aus."),
        ("roles", [], "Bitte laden Sie mindestens eine Rolle ein."),
        ("roles", ["DSB_AA"], "Bitte laden Sie mindestens eine Rolle ein."),
    ],
)
def test_what_cannot_be_a_series_is_told_and_what_was_typed_stays(at, field, value, said):
    answer = at(CITY).post("/meetings/series/new", **STEERING | {"place": "Altes Rathaus", field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Altes Rathaus"' in answer.text


def test_the_agenda_tells_figures_of_both_agencies_and_no_client(at, register, planned):
    register()
    page = words_of(at(CITY).page(f"/meetings/{planned}"))
    assert "Was steht still?" in page
    assert re.search(r"Stadt.*?: \d+ rot, \d+ gelb, \d+ ruhen", page)
    assert "Die Zahlen unten sind von jetzt" in page
    assert not any(PERSON[name] in page for name in ("family_name", "given_names"))


def test_figures_stay_as_they_were_when_the_meeting_began_and_stand_beside_the_next_ones(
    at, register, office_sessions, planned
):
    desk.keep_up(office_sessions)
    task_id = register()
    on(office_sessions, datetime(2004, 1, 26, 8, tzinfo=UTC))
    at(CITY).post(f"/meetings/{planned}/begin")
    before = words_of(at(CITY).page(f"/meetings/{planned}"))
    figure = re.search(r"\w+: \d+ rot, [1-9]\d* gelb, \d+ ruhen", before)[0]
    assert at(AGENCY).post(f"/inbox/tasks/{task_id}/due", due="27.02.2004", reason="Kur").status_code == 303
    assert at("ks").post(f"/inbox/tasks/{task_id}/claim").status_code == 303
    assert figure in words_of(at(AGENCY).page(f"/meetings/{planned}"))
    with office_sessions() as session:
        following = session.scalar(select(Meeting.id).where(Meeting.state == "planned"))
        assert session.get(Meeting, following).planned_on == date(2004, 2, 24)
    now = words_of(at(CITY).page(f"/meetings/{following}"))
    assert figure not in now
    assert "(zuletzt " in now


@pytest.mark.usefixtures("running")
def test_figures_are_kept_in_both_languages(office_sessions):
    with office_sessions() as session:
        lines = [line for row in session.scalars(select(Topic)) for line in row.lines]
    assert lines
    assert any("rot" in line["de"] and "red" in line["en"] for line in lines)
    assert not any("rot," in line["en"] for line in lines)


def test_whoever_is_invited_proposes_topics_and_strikes_off_own_ones_only(at, office_sessions):
    at(CITY).post("/meetings/series/new", **STEERING | {"kind": "reflection", "roles": ["FM", "KS", "LTG_AA"]})
    with office_sessions() as session:
        meeting_id = session.scalar(select(Meeting.id))
    assert "Was lief gut?" in at("fm").page(f"/meetings/{meeting_id}")
    at("fm").post(f"/meetings/{meeting_id}/topics", title="Wartezeit auf Dolmetscher")
    assert "Wartezeit auf Dolmetscher" in at("ks").page(f"/meetings/{meeting_id}")
    topic_id = topic(office_sessions, meeting_id)
    assert "jede Woche" not in at("ks").page("/meetings")
    assert "alle vier Wochen" in at("ks").page("/meetings")
    assert "alle vier Wochen" not in at("bfk").page("/meetings")
    assert at("ks").post(f"/meetings/{meeting_id}/topics/{topic_id}/drop").status_code == 409
    assert at("fm").post(f"/meetings/{meeting_id}/topics/{topic_id}/drop").status_code == 303
    assert at("bfk").get(f"/meetings/{meeting_id}").status_code == 404
    assert at("fm").post(f"/meetings/{meeting_id}/begin").status_code == 403


def test_a_meeting_is_moved_with_a_reason_and_those_invited_are_told(at, planned):
    refused = at(CITY).post(f"/meetings/{planned}/move", day="24.12.2004", reason="")
    assert refused.status_code == 422
    assert 'value="24.12.2004"' in refused.text
    closed = at(CITY).post(f"/meetings/{planned}/move", day="23.02.2004", reason="Termin der Stadt")
    assert "An diesem Tag ist das Büro geschlossen" in closed.text
    assert at(CITY).post(f"/meetings/{planned}/move", day="14.01.2004", reason="Termin der Stadt").status_code == 303
    page = words_of(at(AGENCY).page(f"/meetings/{planned}"))
    assert "von 12.01.2004 auf 14.01.2004 – Termin der Stadt" in page
    assert "auf einen anderen Tag gelegt" in at(AGENCY).page("/messages")


def test_a_meeting_that_is_called_off_keeps_proposals_and_the_series_due(at, office_sessions, planned):
    at(AGENCY).post(f"/meetings/{planned}/topics", title="Räume")
    on(office_sessions, datetime(2004, 1, 20, 8, tzinfo=UTC))
    assert at(CITY).post(f"/meetings/{planned}/call-off", why="").status_code == 422
    assert at(CITY).post(f"/meetings/{planned}/call-off", why="Beide krank").status_code == 303
    with office_sessions() as session:
        following = session.scalar(select(Meeting.id).where(Meeting.state == "planned"))
    assert "Räume" in at(AGENCY).page(f"/meetings/{following}")
    assert "seit 8 Tagen überfällig" in words_of(at(CITY).page("/stuck"))


def test_an_overdue_series_stands_on_the_desk_until_it_is_held(at, office_sessions, planned):
    assert "überfällig" not in words_of(at(CITY).page("/stuck"))
    on(office_sessions, datetime(2004, 1, 14, 8, tzinfo=UTC))
    assert "Die Besprechung „Steuerungskreis“ ist seit 2 Tagen überfällig." in words_of(at(AGENCY).page("/stuck"))
    at(AGENCY).post(f"/meetings/{planned}/begin")
    assert "Steuerungskreis" not in words_of(at(AGENCY).page("/stuck"))


def test_both_leaders_agree_to_the_same_minutes_and_nothing_changes_after_that(at, office_sessions, running):
    topic_id = topic(office_sessions, running, "stuck")
    empty = at(CITY).post(f"/meetings/{running}/minutes", present="1")
    assert empty.status_code == 409
    assert "Das Protokoll ist noch leer." in empty.text
    at(CITY).post(f"/meetings/{running}/decisions", decision="Wir öffnen dienstags bis 18 Uhr.", decision_topic="")
    assert written(at, running, topic_id, "Zwei Fälle besprochen.", present="1").status_code == 303

    assert "legt Ihnen ein Protokoll vor" in at(AGENCY).page("/messages")
    assert written(at, running, topic_id, "Anders.", was="Zwei Fälle besprochen.").status_code == 409
    again = at(CITY).post(f"/meetings/{running}/agree", seen="x")
    assert again.status_code == 409
    assert signed(at, running, AGENCY).status_code == 303
    page = words_of(at(CITY).page(f"/meetings/{running}"))
    assert "Protokoll beschlossen" in page
    assert "Prüfsumme" in page
    for act, values in (
        ("minutes", {f"note-{topic_id}": "Anders.", f"was-{topic_id}": "Zwei Fälle besprochen."}),
        ("decisions", {"decision": "Noch einer"}), ("return", {"back": "Doch nicht"}), ("topics", {"title": "Neu"}),
    ):  # fmt: skip
        assert at(CITY).post(f"/meetings/{running}/{act}", **values).status_code == 409, act
    assert "Zwei Fälle besprochen." in at(CITY).page(f"/meetings/{running}")


def test_changed_rows_behind_closed_minutes_are_told(at, office_sessions, running):
    topic_id = topic(office_sessions, running, "stuck")
    written(at, running, topic_id, "So war es.", present="1")
    signed(at, running, AGENCY)
    warning = "Dieses Protokoll ist nicht mehr das, dem beide Leitungen zugestimmt haben."
    assert warning not in at(CITY).page(f"/meetings/{running}")
    with office_sessions.begin() as session:
        session.execute(update(Topic).where(Topic.id == topic_id).values(note="So war es nicht."))
    assert warning in at(CITY).page(f"/meetings/{running}")


def test_minutes_given_back_need_both_agreements_anew(at, office_sessions, running):
    topic_id = topic(office_sessions, running, "stuck")
    written(at, running, topic_id, "Kurz.", present="1")
    assert at(AGENCY).post(f"/meetings/{running}/return", back="").status_code == 422
    assert at(AGENCY).post(f"/meetings/{running}/return", back="Der Beschluss fehlt.").status_code == 303
    assert "Der Beschluss fehlt." in at(CITY).page(f"/meetings/{running}")
    assert written(at, running, topic_id, "Lang.", was="Kurz.", present="1").status_code == 303
    assert "steht aus" in at(AGENCY).page(f"/meetings/{running}")
    assert signed(at, running, AGENCY).status_code == 303


def test_two_who_write_on_one_topic_lose_nothing(at, office_sessions, running):
    stuck, other = topic(office_sessions, running, "stuck"), topic(office_sessions, running, "present")
    assert written(at, running, stuck, "Von der Stadt.").status_code == 303
    names = re.search(rf'name="was-{other}" value="([^"]*)"', at(AGENCY).page(f"/meetings/{running}"))[1]
    late = at(AGENCY).post(
        f"/meetings/{running}/minutes",
        **{
            f"note-{stuck}": "Vom Arbeitsamt.", f"was-{stuck}": "", f"note-{other}": names + "\nGast",
            f"was-{other}": names,
        },
    )  # fmt: skip
    assert late.status_code == 409
    assert "Von der Stadt." in late.text
    assert ">Vom Arbeitsamt.</textarea>" in late.text
    assert "Gast</textarea>" in late.text
    shown = dict(re.findall(r'name="was-(\d+)" value="([^"]*)"', late.text))
    both = at(AGENCY).post(
        f"/meetings/{running}/minutes",
        **{
            f"note-{stuck}": "Von der Stadt.\nVom Arbeitsamt.", f"note-{other}": names + "\nGast",
            f"was-{stuck}": shown[str(stuck)], f"was-{other}": shown[str(other)],
        },
    )  # fmt: skip
    assert both.status_code == 303
    page = at(CITY).page(f"/meetings/{running}")
    assert "Von der Stadt.\nVom Arbeitsamt." in page
    assert "Gast" in page


def test_a_leader_gives_tasks_to_own_staff_and_the_other_agency_names_its_own(at, office_sessions, running):
    page = at(CITY).page(f"/meetings/{running}")
    own = re.search(r'<option value="(\d+)">', page)
    assert (
        at(CITY).post(f"/meetings/{running}/tasks", task="Raumplan", who=own[1], due_on="20.01.2004").status_code == 303
    )
    assert at(CITY).post(f"/meetings/{running}/tasks", task="Zahlen", who="AA", due_on="20.01.2004").status_code == 303
    assert "Zahlen" in at(AGENCY).page("/meetings/tasks")
    assert "Raumplan" not in at(AGENCY).page("/meetings/tasks")
    with office_sessions() as session:
        given = {row.text: row for row in session.scalars(select(MeetingTask))}
    stolen = at(CITY).post(f"/meetings/tasks/{given['Zahlen'].id}/hand", assignee=own[1])
    assert stolen.status_code == 422
    placed = re.search(r'<option value="(\d+)">', at(AGENCY).page("/meetings/tasks"))[1]
    assert at(AGENCY).post(f"/meetings/tasks/{given['Zahlen'].id}/hand", assignee=placed).status_code == 303


def test_a_task_is_told_is_done_and_stands_on_the_next_agenda_until_then(at, office_sessions, running):
    with office_sessions() as session:
        person, name = next(iter(tasks.people(session, "STADT", datetime(2004, 1, 5, 9, tzinfo=UTC)).items()))
    at(CITY).post(f"/meetings/{running}/tasks", task="Flyer drucken", who=str(person), due_on="20.01.2004")
    with office_sessions() as session:
        task = session.scalar(select(MeetingTask))
        following = session.scalar(select(Meeting.id).where(Meeting.state == "planned"))
    assert task.assignee == name
    on(office_sessions, datetime(2004, 1, 22, 8, tzinfo=UTC))
    assert "Überfällig seit 20.01.2004: Flyer drucken" in words_of(at(AGENCY).page(f"/meetings/{following}"))
    with office_sessions.begin() as session:
        assert tasks.tell_late(session, now=datetime(2004, 1, 22, 8, tzinfo=UTC)) == 1
        assert tasks.tell_late(session, now=datetime(2004, 1, 22, 8, tzinfo=UTC)) == 0
    assert at(AGENCY).post(f"/meetings/tasks/{task.id}", outcome="Nein").status_code == 404
    assert at(CITY).post(f"/meetings/tasks/{task.id}", drop="1", outcome="").status_code == 422
    assert at(CITY).post(f"/meetings/tasks/{task.id}", outcome="200 Stück").status_code == 303
    assert at(CITY).post(f"/meetings/tasks/{task.id}", outcome="Noch mal").status_code == 409
    assert "Flyer drucken" not in words_of(at(AGENCY).page(f"/meetings/{following}"))
    assert "200 Stück" in at(AGENCY).page(f"/meetings/{running}")


def test_minutes_are_saved_as_a_text_with_all_of_it(at, office_sessions, running):
    topic_id = topic(office_sessions, running, "stuck")
    at(CITY).post(f"/meetings/{running}/decisions", decision="Wir <öffnen> früher.")
    written(at, running, topic_id, "Zwei Fälle besprochen.", present="1")
    signed(at, running, AGENCY)
    answer = at(AGENCY).get(f"/meetings/{running}/minutes.txt")
    assert answer.mimetype == "text/plain"
    assert "attachment" in answer.headers["Content-Disposition"]
    for said in ("Steuerungskreis", "Zwei Fälle besprochen.", "Wir <öffnen> früher.", "Prüfsumme", "Zugestimmt"):
        assert said in answer.text


def test_a_series_ends_with_a_reason_when_nothing_of_it_is_unfinished(at, office_sessions, running):
    assert at(CITY).post("/meetings/series/1/end", reason="Neue Struktur").status_code == 422
    topic_id = topic(office_sessions, running, "stuck")
    written(at, running, topic_id, "Kurz.", present="1")
    signed(at, running, AGENCY)
    assert at(CITY).post("/meetings/series/1/end", reason="").status_code == 422
    assert at(CITY).post("/meetings/series/1/end", reason="Neue Struktur").status_code == 303
    assert "Neue Struktur" in at(AGENCY).page("/meetings/series/1")
    on(office_sessions, datetime(2004, 1, 12, 8, tzinfo=UTC) + timedelta(weeks=8))
    assert "Steuerungskreis" not in words_of(at(AGENCY).page("/stuck"))


def test_a_double_click_begins_one_meeting(at, planned, office_sessions):
    assert at(CITY).post(f"/meetings/{planned}/begin").status_code == 303
    assert at(AGENCY).post(f"/meetings/{planned}/begin").status_code == 409
    with office_sessions() as session:
        states = sorted(session.scalars(select(Meeting.state)))
    assert states == ["planned", "running"]


def test_the_end_of_the_agreement_is_a_topic_in_its_last_half_year(at, planned, office_sessions):
    said = "Die Vereinbarung gilt bis 31.12.2004; sie verlängert sich nicht von selbst."
    on(office_sessions, datetime(2004, 6, 30, 8, tzinfo=UTC))
    assert said not in at(CITY).page(f"/meetings/{planned}")
    on(office_sessions, datetime(2004, 7, 1, 8, tzinfo=UTC))
    assert said in at(CITY).page(f"/meetings/{planned}")
