"""The workload: posts against the plan and the ratios, tasks as they are taken; the own staff only (R41)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from app.casework import models as casework
from app.office import models as office
from app.supervision import workload


def row(text: str, role: str) -> str:
    """The row of a role, without marks of the page."""
    found = re.search(rf'<tr data-role="{role}">(.*?)</tr>', text, re.DOTALL)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def load(*, held="1", young=0, older=0, planned=None) -> workload.Load:
    """The load of a role without tasks."""
    return workload.Load("FM", planned, Decimal(held), young, older, 0, 0, 0, ())


@pytest.mark.parametrize(
    ("given", "over"),
    [
        (load(young=75), False), (load(young=76), True), (load(older=150), False), (load(older=151), True),
        (load(held="0.5", young=37), False), (load(held="0.5", young=38), True), (load(young=38, older=76), True),
        (load(held="0"), False), (load(held="0", older=1), True),
    ],
)  # fmt: skip
def test_the_ratios_count_for_each_full_post(given, over):
    assert given.over is over


def test_what_nobody_holds_of_the_plan_is_vacant():
    assert load(held="0.5", planned=Decimal(1)).vacant == Decimal("0.5")
    assert load(held="2", planned=Decimal(1)).vacant == 0
    assert load(held="0").vacant == 0


def test_a_task_counts_for_its_role_and_for_whoever_has_taken_it(at, register):
    task_id = register()
    leader = at("leitung.aa")
    before = row(leader.page("/supervision/workload"), "KS")
    assert "0,5 von 0,5 besetzt" in before
    assert "davon nicht übernommen: 1" in before
    assert "2 je voller Stelle" in before
    at("ks").post(f"/inbox/tasks/{task_id}/claim")
    text = leader.page("/supervision/workload")
    assert "nicht übernommen" not in row(text, "KS")
    assert re.search(r'Renate Vogt</td>.*?Übernommene Aufgaben">1', text, re.DOTALL)


def test_cases_are_set_against_the_posts_of_the_role_that_leads_them(at, register, office_sessions):
    register()
    leader = at("leitung.stadt")
    assert "1 offener Fall ist noch niemandem zugeordnet" in leader.page("/supervision/workload")
    with office_sessions.begin() as session:
        session.execute(update(casework.CaseFile).values(lead="FM"))
        session.execute(update(casework.Client).values(birth_date=date(1984, 5, 1)))
    said = row(leader.page("/supervision/workload"), "FM")
    assert "1 von 75" in said
    assert "0 von 150" in said
    assert "im Rahmen" in said


def test_a_post_that_ended_is_vacant(at, office_sessions):
    with office_sessions.begin() as session:
        day = session.scalar(select(office.Clock.day))
        session.execute(update(office.Post).where(office.Post.role == "FM").values(valid_to=day))
    assert "unbesetzt: 1" in row(at("leitung.stadt").page("/supervision/workload"), "FM")


def test_the_other_agency_is_seen_in_sums_only(at, register):
    register()
    text = at("leitung.stadt").page("/supervision/workload")
    assert 'data-role="KS"' not in text
    assert "Renate Vogt" not in text
    assert "Aufgaben: 1" in text
    assert at("ks").get("/supervision/workload").status_code == 403
