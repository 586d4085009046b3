"""What a draft would do to the open cases, in numbers: touched, stuck, moved to another group, work by role."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.casework import models
from app.design import whatif
from app.office import clock, dates
from tests.app import running
from tests.app.design import rule_drafts
from tests.app.design import test_releases as acts
from tests.app.inbox.conftest import register  # noqa: F401  a fixture
from workflows.models import Task

FACTS = {
    "birth_date": "1982-03-12", "reference_date": "2004-01-05", "residence": "yes", "benefits": ["HLU"],
    "fit_for_work": "yes", "available": "yes", "unemployed_since": "2003-09-01", "on": "2004-01-05", "derived": {},
}  # fmt: skip


@pytest.fixture
def case(register, office_sessions):  # noqa: F811
    """An open case with a decision of the rules."""
    register()
    with office_sessions.begin() as session:
        found = session.scalar(select(models.CaseFile.id))
        session.add(
            models.RouteDecision(
                case_id=found, proposed_at=clock.now(session), reference_date=date(2004, 1, 5), proposal="VOLL_U25",
                proposal_group="full", rule="Z6", inputs=FACTS,
            )
        )  # fmt: skip
    return found


def counted(sessions, *, limit: int = 2) -> int:
    """Lets the worker count to the end; how often it looked."""
    for number in range(20):
        with sessions.begin() as session:
            session.info.setdefault("environment", running.ENVIRONMENT)
            if not whatif.work(session, now=clock.now(session), limit=limit):
                return number
    raise AssertionError


@pytest.mark.usefixtures("case")
def test_other_rules_tell_who_would_change_the_group(at, office_sessions):
    draft = rule_drafts.begun(at)
    rule_drafts.change(office_sessions, draft, rule_drafts.limit(20))
    assert "noch nicht gezählt" in at("leitung.aa").page(f"/design/{draft}/whatif")

    assert at("design").post(f"/design/{draft}/whatif").status_code == 303
    assert "wartet auf den Beginn" in at("design").page(f"/design/{draft}/whatif?poll=1")
    counted(office_sessions)
    page = at("design").page(f"/design/{draft}/whatif")
    assert "1 von 1 offenen Fällen bekämen einen anderen Vorschlag" in page
    assert "alles aus einer Hand" in page
    assert "Sommerfeld" not in page

    with office_sessions() as session:
        today = dates.day_of(clock.now(session))
    release = acts.submitted(at, draft, today)
    assert "Die Betreuung wechseln würden: 1" in at("leitung.aa").page(f"/design/releases/{release}")


@pytest.mark.usefixtures("case")
def test_other_process_tells_who_could_not_be_moved(at, office_sessions):
    with office_sessions() as session:
        element = session.scalar(select(Task.element))
    file = f"{element.partition('_')[0]}.bpmn"
    draft = int(at("design").post("/design", kind="released", file=file).location.rsplit("/", 1)[1])
    content = at("design").get(f"/design/{draft}/state").json["content"]
    changed = re.sub(rf'(?<!form=")\b{element}\b', f"{element}_new", content)
    assert at("design").post(f"/design/{draft}/save", revision=1, content=changed).status_code == 200

    at("design").post(f"/design/{draft}/whatif")
    counted(office_sessions)
    with office_sessions() as session:
        result = whatif.latest(session, draft).result
    told = {one["process"]: one for one in result["processes"]}
    assert told["case"]["running"] == 1
    assert sum(number for _name, number in told["case"]["stuck"]) == 1
    assert "Laufende Fälle in geänderten Prozessen" in at("leitung.stadt").page(f"/design/{draft}/whatif")


@pytest.mark.usefixtures("case")
def test_count_is_stopped_and_begun_anew(at, office_sessions):
    draft = rule_drafts.begun(at)
    at("design").post(f"/design/{draft}/whatif")
    at("design").post(f"/design/{draft}/whatif", act="cancel")
    counted(office_sessions)
    assert "abgebrochen" in at("design").page(f"/design/{draft}/whatif")
    at("design").post(f"/design/{draft}/whatif")
    counted(office_sessions, limit=1)
    assert "0 von 1 offenen Fällen" in at("design").page(f"/design/{draft}/whatif")
    rule_drafts.change(office_sessions, draft, rule_drafts.limit(20))
    assert "Seitdem wurde der Entwurf geändert" in at("design").page(f"/design/{draft}/whatif")
    assert at("fm").get(f"/design/{draft}/whatif").status_code == 403
