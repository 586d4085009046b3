"""Absences: tasks go to the substitute on the first day and back after the last one, by the rule, as history says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask_babel import force_locale
from sqlalchemy import select, update

from app.office import advance, clock, dates
from app.office import models as office
from app.supervision import absences, reasons, service
from workflows.models import Entry, Task


@dataclass
class Days:
    """The office's days, and its worker, which comes by on each of them."""

    sessions: object

    @property
    def today(self) -> date:
        """The day that the clock shows."""
        with self.sessions() as session:
            return session.scalar(select(office.Clock.day))

    def written(self, later: int) -> str:
        """So many days from now, as people type it."""
        return f"{self.today + timedelta(later):%d.%m.%Y}"

    def go(self, days: int) -> None:
        """So many days pass, and the worker looks."""
        day = self.today + timedelta(days)
        with self.sessions.begin() as session:
            session.execute(update(office.Clock).values(day=day, not_before=dates.start_of(day)))
        with self.sessions.begin() as session:
            absences.turn(session, now=clock.now(session), limit=50)
            service.ripen(session, limit=50)

    def staff(self, login: str) -> str:
        """The number of a member of staff."""
        with self.sessions() as session:
            return str(session.scalar(select(office.Staff.id).where(office.Staff.login == login)))

    def holder(self, task_id: int) -> str | None:
        """Who has the task."""
        with self.sessions() as session:
            return session.scalar(select(Task.assignee).where(Task.id == task_id))

    def history(self) -> list[tuple[str, str]]:
        """Who has handed what to whom, by which reason."""
        with self.sessions() as session:
            rows = session.scalars(select(Entry).where(Entry.kind == "assigned").order_by(Entry.sequence))
            return [(row.actor, row.detail["reason"]) for row in rows]


@pytest.fixture
def days(office_sessions):
    """The days of the office."""
    service.keep_up(office_sessions)
    return Days(office_sessions)


@pytest.fixture
def taken(at, register, days):
    """A task that the reception has taken; the worker runs for it from now on."""
    task_id = register()
    at("ks").post(f"/inbox/tasks/{task_id}/claim")
    assert days.holder(task_id) == "Renate Vogt"
    return task_id


def planned(days, *, first=1, last=3, login="ks", cover="vm", **changes):
    """The form of an absence."""
    return {
        "person": days.staff(login), "first": days.written(first), "last": days.written(last), "kind": "leave",
        "substitute": days.staff(cover) if cover else "",
    } | changes  # fmt: skip


def test_the_task_goes_to_the_substitute_and_comes_back(at, days, taken):
    leader = at("leitung.aa")
    form = planned(days)
    assert leader.post("/supervision/absences", **form).status_code == 303
    assert days.holder(taken) == "Renate Vogt"
    days.go(1)
    assert days.holder(taken) == "Thomas Brück"
    assert "1 liegt bei der Vertretung" in leader.page("/supervision/absences")
    assert taken in at("vm").tasks("?view=mine")
    days.go(2)
    assert days.holder(taken) == "Thomas Brück"
    days.go(1)
    assert days.holder(taken) == "Renate Vogt"
    first, last = form["first"], form["last"]
    assert days.history() == [
        ("Regel des Büros", f"Vertretung vom {first} bis {last}"),
        ("Regel des Büros", f"Zurück nach der Vertretung vom {first} bis {last}"),
    ]
    assert f"Grund: Vertretung vom {first} bis {last}" in at("ks").page(f"/inbox/tasks/{taken}?tab=history")


def test_whoever_is_away_at_once_hands_over_at_once_and_takes_back_at_once(at, days, taken):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days, first=0))
    assert days.holder(taken) == "Thomas Brück"
    assert leader.post("/supervision/absences/1/end").status_code == 303
    assert days.holder(taken) == "Renate Vogt"
    assert "Niemand ist abwesend" in leader.page("/supervision/absences")


def test_early_return_ends_the_absence_on_that_day(at, days, taken):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days, first=0, last=9))
    days.go(2)
    leader.post("/supervision/absences/1/end")
    assert days.holder(taken) == "Renate Vogt"
    days.go(1)
    assert days.holder(taken) == "Renate Vogt"


def test_what_somebody_else_has_moved_meanwhile_stays_there(at, days, taken):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days, first=0))
    at("vm").post(f"/inbox/tasks/{taken}/release")
    days.go(4)
    assert days.holder(taken) is None


def test_without_a_substitute_the_task_stays_and_the_desk_knows_at_once(at, days, taken):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days, first=0, cover=""))
    assert days.holder(taken) == "Renate Vogt"
    assert 'data-cause="absent"' in leader.page("/stuck")
    leader.post("/supervision/absences/1/end")
    assert 'data-cause="absent"' not in leader.page("/stuck")


def test_the_rule_takes_the_task_off_the_desk(at, days, taken):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days, first=0))
    assert days.holder(taken) == "Thomas Brück"
    assert 'data-cause="absent"' not in leader.page("/stuck")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"person": ""}, "Bitte wählen Sie eine Person."),
        ({"first": "31.02.2004"}, "Dieses Datum gibt es nicht."),
        ({"last": "bald"}, "Bitte schreiben Sie das Datum als TT.MM.JJJJ"),
        ({"last": "01.01.2004"}, "Der letzte Tag liegt vor dem ersten."),
        ({"last": "01.01.2030"}, "mehr als zwei Jahre"),
        ({"first": "05.01.2003", "last": "06.01.2003"}, "schon vorbei"),
        ({"kind": "illness"}, "Bitte wählen Sie einen der Einträge."),
        ({"substitute": "999"}, "Diese Person hat keine der Rollen"),
    ],
)
def test_wrong_days_are_refused_and_what_was_typed_stays(at, days, changes, said):
    answer = at("leitung.aa").post("/supervision/absences", **(planned(days) | changes))
    assert answer.status_code == 422
    assert said in answer.text
    for name in ("first", "last"):
        typed = changes.get(name) or days.written({"first": 1, "last": 3}[name])
        assert f'name="{name}" type="text" value="{typed}"' in answer.text
    assert days.history() == []


def test_nobody_is_away_twice_and_nobody_stands_in_while_away(at, days):
    leader = at("leitung.aa")
    leader.post("/supervision/absences", **planned(days))
    answer = leader.post("/supervision/absences", **planned(days, first=3, last=5))
    assert f"schon eine Abwesenheit eingetragen: {days.written(1)} bis {days.written(3)}" in answer.text
    assert leader.post("/supervision/absences", **planned(days, first=4, last=5)).status_code == 303
    leader.post("/supervision/absences", **planned(days, login="vm", cover="leitung.aa", first=10, last=12))
    answer = leader.post("/supervision/absences", **planned(days, first=12, last=14))
    assert "Die Vertretung ist in dieser Zeit selbst abwesend" in answer.text


def test_only_the_own_leader_plans_and_ends(at, days):
    other = at("leitung.stadt")
    assert other.post("/supervision/absences", **planned(days)).status_code == 403
    at("leitung.aa").post("/supervision/absences", **planned(days))
    assert other.post("/supervision/absences/1/end").status_code == 403
    assert "Renate Vogt" not in other.page("/supervision/absences")
    assert at("leitung.aa").post("/supervision/absences/77/end").status_code == 404
    assert at("ks").get("/supervision/absences").status_code == 403


def test_the_training_clock_passes_each_of_these_days(at, days, taken, office_sessions):
    at("leitung.aa").post("/supervision/absences", **planned(days))
    at("leitung.aa").post("/office/clock", day=days.written(7))
    with office_sessions() as session:
        run_id = advance.active(session)
    while _step(office_sessions, run_id):
        pass
    assert days.holder(taken) == "Renate Vogt"
    assert [reason.split()[0] for _actor, reason in days.history()] == ["Vertretung", "Zurück"]


def _step(sessions, run_id):
    with sessions.begin() as session:
        return advance.step(session, run_id, sources=(absences.Source(),))


def test_the_reasons_of_rules_are_told_in_the_readers_language(app):
    with app.test_request_context(), force_locale("en"):
        told = reasons.told("Vertretung vom 02.02.2004 bis 04.02.2004")
        assert told == "Substitution from 02.02.2004 to 04.02.2004"
        assert reasons.told("Bitte übernehmen") == "Bitte übernehmen"
