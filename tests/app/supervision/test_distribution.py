"""Distribution of new tasks: by stated rules, explained on the task, off until a leader says so."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.office import dates
from app.office import models as office
from app.supervision import distribution, reasons, service
from workflows.models import Task


def one(number, *, tasks=0, share="1", knows=False, speaks=False):
    """A candidate."""
    return distribution.Candidate(number, f"Person {number}", tasks, Decimal(share), knows, speaks)


def chosen(candidates, order=distribution.USUAL, language=""):
    """Who is chosen, and why."""
    found = distribution.choose(candidates, distribution.ORDERS[order], language)
    return found.account_id, found.reason.removeprefix("Verteilung nach Regel: ")


@pytest.mark.parametrize(
    ("candidates", "order", "expected"),
    [
        ([one(1, tasks=9)], "load", (1, "sonst ist niemand da")),
        ([one(1, tasks=3), one(2, tasks=2)], "load", (2, "hat am wenigsten offene Aufgaben je voller Stelle (2,0)")),
        ([one(1, tasks=3), one(2, tasks=2, share="0.5")], "load",
         (1, "hat am wenigsten offene Aufgaben je voller Stelle (3,0)")),
        ([one(1, knows=True, tasks=9), one(2)], "continuity", (1, "hat zuletzt an diesem Fall gearbeitet")),
        ([one(1, knows=True), one(2, speaks=True)], "language_continuity", (2, "spricht Türkisch")),
        ([one(1, knows=True), one(2, speaks=True)], "continuity_language",
         (1, "hat zuletzt an diesem Fall gearbeitet")),
        ([one(1, speaks=True, tasks=4), one(2, speaks=True, tasks=1), one(3)], "language",
         (2, "spricht Türkisch; hat am wenigsten offene Aufgaben je voller Stelle (1,0)")),
        ([one(2), one(1)], "load", (1, "alle haben gleich viel")),
    ],
)  # fmt: skip
def test_the_first_rule_that_tells_people_apart_decides(candidates, order, expected):
    assert chosen(candidates, order, "Türkisch") == expected


def test_nobody_gets_what_there_is_nobody_for():
    assert distribution.choose([], distribution.ORDERS["load"]) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from(["0.5", "1"]), st.booleans(), st.booleans()),
        min_size=1, max_size=6,
    ),
    st.sampled_from(sorted(distribution.ORDERS)),
)  # fmt: skip
def test_the_choice_does_not_hang_on_the_order_of_people_and_says_why(rows, order):
    people = [
        one(place, tasks=tasks, share=share, knows=knows, speaks=speaks)
        for place, (tasks, share, knows, speaks) in enumerate(rows)
    ]
    first = distribution.choose(people, distribution.ORDERS[order], "Türkisch")
    assert distribution.choose(people[::-1], distribution.ORDERS[order], "Türkisch") == first
    assert first.reason.startswith("Verteilung nach Regel: ")
    rule = distribution.ORDERS[order][0]
    best = people[first.account_id]
    if rule == "continuity" and any(person.knows for person in people):
        assert best.knows
    if rule == "load":
        assert best.load == min(person.load for person in people)


@pytest.fixture
def two(office_sessions):
    """A second person at the reception, and rules that work."""
    service.keep_up(office_sessions)
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day))
        second = session.scalar(select(office.Staff).where(office.Staff.login == "vm"))
        session.add(office.Post(staff_id=second.id, role="KS", share=1, valid_from=day))
    return office_sessions


def holder(sessions, task_id):
    """Who has the task."""
    with sessions() as session:
        return session.scalar(select(Task.assignee).where(Task.id == task_id))


def rule(leader, order, role="KS", reason="Bitte gleichmäßig"):
    """States a rule."""
    return leader.post(f"/supervision/distribution/{role}", order=order, reason=reason)


def test_nothing_is_distributed_until_a_leader_says_so(register, two):
    assert holder(two, register()) is None


def test_new_tasks_go_round_by_load_and_say_why(at, register, two):
    leader = at("leitung.aa")
    assert rule(leader, "load").status_code == 303
    assert "verteilt" in leader.page("/supervision/distribution")
    first = register()
    second = register(family_name="Winter", given_names="Ute", birth_date="02.07.1975")
    assert {holder(two, first), holder(two, second)} == {"Renate Vogt", "Thomas Brück"}
    login = "ks" if holder(two, second) == "Renate Vogt" else "vm"
    text = at(login).page(f"/inbox/tasks/{second}")
    assert re.search(r"Warum bei mir\?</strong> Regel des Büros, [\d.]+: Verteilung nach Regel: hat am wenigsten", text)
    assert rule(leader, "load", role="VM", reason="Probe").status_code == 303
    page = leader.page("/supervision/distribution")
    assert "Bitte gleichmäßig (Klaus Wehner, " in page
    assert "Probe (Klaus Wehner, " in page
    assert rule(leader, "").status_code == 303
    assert holder(two, register(family_name="Sommer", given_names="Ida", birth_date="05.09.1971")) is None


def test_whoever_speaks_the_language_gets_the_task(at, register, two):
    leader = at("leitung.aa")
    rule(leader, "language")
    with two() as session:
        number = session.scalar(select(office.Staff.id).where(office.Staff.login == "vm"))
    assert (
        leader.post(f"/supervision/distribution/languages/{number}", languages="Türkisch, Polnisch").status_code == 303
    )
    assert 'value="Türkisch, Polnisch"' in leader.page("/supervision/distribution")
    assert holder(two, register(language="polnisch")) == "Thomas Brück"


def test_what_somebody_gives_back_stays_open_to_all(at, register, two):
    # The training clock stands before its hour has come: then all acts bear one time.
    with two.begin() as session:
        day = session.scalar(select(office.Clock.day))
        session.execute(update(office.Clock).values(not_before=dates.start_of(day) + timedelta(hours=23, minutes=59)))
    rule(at("leitung.aa"), "load")
    task_id = register()
    login = "ks" if holder(two, task_id) == "Renate Vogt" else "vm"
    at(login).post(f"/inbox/tasks/{task_id}/release")
    assert holder(two, task_id) is None


def test_whoever_is_away_gets_none(at, register, two):
    rule(at("leitung.aa"), "load")
    with two.begin() as session:
        day = session.scalar(select(office.Clock.day))
        staff = session.scalar(select(office.Staff.id).where(office.Staff.login == "ks"))
        session.add(office.Absence(staff_id=staff, valid_from=day, valid_to=day.replace(year=day.year + 1)))
    assert holder(two, register()) == "Thomas Brück"


def test_rules_are_refused_without_reason_and_to_the_other_agency(at, two):
    leader = at("leitung.aa")
    answer = rule(leader, "load", reason=" ")
    assert answer.status_code == 422
    assert "Bitte geben Sie einen Grund an." in answer.text
    assert rule(leader, "alphabet").status_code == 422
    assert rule(leader, "load", role="FM").status_code == 403
    assert rule(leader, "load", role="NOBODY").status_code == 403
    assert at("leitung.stadt").post("/supervision/distribution/languages/1", languages="x").status_code == 403
    assert at("ks").get("/supervision/distribution").status_code == 403
    with two() as session:
        assert distribution.rules(session) == {}


def test_the_explanation_speaks_english(app):
    with app.test_request_context(), force_locale("en"):
        told = reasons.told(
            "Verteilung nach Regel: spricht Polnisch; hat am wenigsten offene Aufgaben je voller Stelle (1,0)"
        )
        assert told == "Distributed by rule: speaks Polnisch; has the fewest open tasks per full-time post (1,0)"
