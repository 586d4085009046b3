"""What was played is kept as a scenario, played again on each state, and keeps a draft from being released."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app.design import errors, queries, releases, scenarios
from app.design.release_models import Release
from app.identity import queries as identity
from app.office import clock
from tests.app import running
from tests.app.design import test_releases as acts
from tests.app.design.test_play import begun, play
from workflows import handlers

SHIPPED = Path(__file__).parents[3] / "bpmn" / "scenarios"


def recorded(at, title: str = "Mit 15 aufgenommen") -> int:
    draft = begun(at, "reminder.bpmn", data="remind_on = 2004-03-01")
    play(at, draft, "advance")
    page = play(at, draft, "complete", element="reminder_offer", **ANSWERS)
    assert "Der Ablauf" in page
    answer = at("design").post(f"/design/{draft}/scenarios", title=title)
    assert answer.status_code == 303
    return draft


today = acts.today
ANSWERS = {"kind": "letter", "note": "Eingeladen"}


def test_scenario_is_recorded_and_runs_as_it_was(at, office_sessions):
    draft = recorded(at)
    page = at("design").page(f"/design/{draft}/scenarios")
    assert "Mit 15 aufgenommen" in page
    assert "läuft wie aufgenommen" in page
    with office_sessions() as session:
        bundle = queries.bundle(session, draft)
    kept = json.loads(bundle["scenarios/reminder.mit_15_aufgenommen.json"])
    assert kept["steps"][0]["advance"].startswith("PT")
    assert "reminder_offer" in [*kept["expect"]["passed"], *(step.get("complete") for step in kept["steps"])]
    assert at("design").get(f"/design/{draft}/scenarios/state").json == {"number": 1, "failing": []}


def without_the_task(at, draft: int) -> None:
    """The draft with another name of the element that the scenario completes."""
    state = at("design").get(f"/design/{draft}/state").json
    content = state["content"].replace("reminder_offer", "reminder_other")
    answer = at("design").post(f"/design/{draft}/save", revision=state["revision"], content=content)
    assert answer.status_code == 200, answer.text


def test_changed_process_makes_the_scenario_fail_and_blocks_the_release(at, today):
    draft = recorded(at)
    without_the_task(at, draft)
    told = at("design").get(f"/design/{draft}/scenarios/state").json
    assert told["number"] == 1
    assert "reminder_offer" in told["failing"][0]
    assert "läuft anders" in at("design").page(f"/design/{draft}/scenarios")

    answer = acts.submit(at, draft, today, revision=2)
    assert answer.status_code == 422
    assert "Ein Szenario läuft nicht mehr so" in answer.text
    assert "Mit Fehlern kann nichts eingereicht werden" in at("design").page(f"/design/{draft}/release")


@pytest.fixture
def held(at, office_sessions, today):
    """A draft of a process whose released scenario fails in it."""
    draft = recorded(at)
    acts.save(at, draft, 1, "Wiedervorlage, neu")
    release = acts.submitted(at, draft, today)
    for login in acts.LEADERS:
        acts.sign(at, office_sessions, release, login)
    assert acts.activated(office_sessions)
    later = begun(at, "reminder.bpmn", data="remind_on = 2004-03-01")
    without_the_task(at, later)
    return later


STRUCK = "scenarios/reminder.mit_15_aufgenommen/strike"


def test_a_scenario_is_struck_off_with_a_reason_and_blocks_no_release_any_more(at, office_sessions, today, held):
    assert acts.submit(at, held, today).status_code == 422
    refused = at("design").post(f"/design/{held}/{STRUCK}", reason=" ")
    assert refused.status_code == 422
    assert "Bitte sagen Sie, warum es nicht mehr gilt." in refused.text
    assert at("leitung.aa").post(f"/design/{held}/{STRUCK}", reason="Weg damit").status_code == 403
    assert at("design").post(f"/design/{held}/{STRUCK}", reason="Den Brief gibt es nicht mehr").status_code == 303
    page = at("design").page(f"/design/{held}/scenarios")
    assert "Den Brief gibt es nicht mehr" in page
    assert "läuft anders" not in page
    assert at("design").get(f"/design/{held}/scenarios/state").json["number"] == 0

    release = acts.submitted(at, held, today)
    told = "Das Szenario „Mit 15 aufgenommen“ gilt nicht mehr: Den Brief gibt es nicht mehr"
    assert told in at("leitung.aa").page(f"/design/releases/{release}")
    for login in acts.LEADERS:
        assert acts.sign(at, office_sessions, release, login).status_code == 303
    assert acts.activated(office_sessions)
    answer = at("design").post("/design", kind="released", file="reminder.bpmn")
    page = at("design").page(f"{answer.location}/scenarios")
    assert "Den Brief gibt es nicht mehr" in page
    assert "Doch behalten" not in page


def test_a_scenario_struck_off_by_mistake_comes_back(at, held):
    at("design").post(f"/design/{held}/{STRUCK}", reason="Versehen")
    answer = at("design").post(f"/design/{held}/scenarios/reminder.mit_15_aufgenommen/remove")
    assert answer.status_code == 303
    assert at("design").get(f"/design/{held}/scenarios/state").json["number"] == 1


def test_a_scenario_of_the_draft_alone_is_not_struck_off(at):
    draft = recorded(at)
    assert "Gilt nicht mehr" not in at("design").page(f"/design/{draft}/scenarios")
    assert at("design").post(f"/design/{draft}/{STRUCK}", reason="Weg").status_code == 404


def test_scenario_of_a_release_holds_for_every_later_draft(at, office_sessions, today):
    draft = recorded(at)
    acts.save(at, draft, 1, "Wiedervorlage, neu")
    release = acts.submitted(at, draft, today)
    assert "Mit 15 aufgenommen" in at("leitung.aa").page(f"/design/releases/{release}")
    for login in acts.LEADERS:
        acts.sign(at, office_sessions, release, login)
    assert acts.activated(office_sessions)

    answer = at("design").post("/design", kind="released", file="reminder.bpmn")
    later = int(answer.location.rsplit("/", 1)[1])
    page = at("design").page(f"/design/{later}/scenarios")
    assert "Mit 15 aufgenommen" in page
    assert "geltende Fassung" in page
    with office_sessions() as session:
        assert releases.may_go_back(session, releases.release(session, release))


def test_leader_does_not_sign_what_no_longer_runs_as_recorded(at, office_sessions, today):
    draft = recorded(at)
    acts.save(at, draft, 1, "Wiedervorlage, neu")
    release = acts.submitted(at, draft, today)
    page = at("leitung.stadt").page(f"/design/releases/{release}")
    assert "laufen dabei noch einmal" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)[1]
    wrong = {
        "description": "Läuft anders",
        "data": {},
        "steps": [],
        "expect": {"outcome": "completed", "passed": ["x"]},
    }
    with office_sessions.begin() as session:
        later = {"scenarios/reminder.later.json": json.dumps(wrong).encode()}
        scenarios.put(session, later, now=datetime(2004, 3, 1, 9, tzinfo=UTC))

    refused = at("leitung.stadt").post(f"/design/releases/{release}/sign", seen=seen)

    assert refused.status_code == 409
    assert "Ein Szenario läuft heute nicht mehr so" in refused.text
    with office_sessions() as session:
        assert not releases.signatures(session, release)


def test_scenarios_run_before_the_release_is_held_and_on_what_is_then_signed(at, office_sessions, today):
    draft = recorded(at)
    acts.save(at, draft, 1, "Wiedervorlage, neu")
    release = acts.submitted(at, draft, today)
    with office_sessions.begin() as leader:
        leader.info.setdefault("environment", running.ENVIRONMENT)
        leads = identity.account_by_login(leader, "leitung.aa").id
        given = {"seen": releases.release(leader, release).hash, "now": clock.now(leader)}
        given["actor"] = handlers.Actor(id=leads, name="Leitung", roles=frozenset({"LTG_AA"}))
        rehearsal = releases.rehearse(leader, release, **given)
        assert rehearsal.scenarios == ("Mit 15 aufgenommen",)
        with office_sessions.begin() as other:
            row = select(Release.id).where(Release.id == release).with_for_update(nowait=True)
            assert other.scalar(row) == release
            content = (SHIPPED / "plan.agreed.json").read_bytes()
            scenarios.put(other, {"scenarios/plan.later.json": content}, now=given["now"])
        with pytest.raises(errors.ReleaseRefused) as refused:
            releases.sign(leader, release, rehearsal=rehearsal, **given)
        assert refused.value.code == "meanwhile"

        again = releases.rehearse(leader, release, **given)
        assert releases.sign(leader, release, rehearsal=again, **given) == "review"


def test_uploaded_scenario_is_played_and_taken_out_again(at):
    draft = begun(at, "plan.bpmn")
    content = (SHIPPED / "plan.agreed.json").read_bytes()
    answer = at("design").client.post(
        f"/design/{draft}/scenarios/upload", data={"upload": (io.BytesIO(content), "plan.agreed.json")}
    )
    assert answer.status_code == 303
    name = answer.location.partition("#")[2]
    assert "läuft wie aufgenommen" in at("design").page(f"/design/{draft}/scenarios")
    assert at("design").post(f"/design/{draft}/scenarios/{name}/remove").status_code == 303
    assert "Noch kein Szenario" in at("design").page(f"/design/{draft}/scenarios")

    broken = at("design").client.post(
        f"/design/{draft}/scenarios/upload", data={"upload": (io.BytesIO(b"{]"), "x.json")}
    )
    assert broken.status_code == 422


def test_scenario_is_opened_in_the_play_and_recorded_anew(at):
    draft = recorded(at)
    name = "reminder.mit_15_aufgenommen"
    assert at("design").post(f"/design/{draft}/scenarios/{name}/open").status_code == 303
    page = play(at, draft, "back")
    assert "Als Szenario speichern" in page
    again = {"title": "Kürzer", "file": f"scenarios/{name}.json"}
    assert at("design").post(f"/design/{draft}/scenarios", **again).status_code == 303
    page = at("design").page(f"/design/{draft}/scenarios")
    assert "Kürzer" in page
    assert "Mit 15 aufgenommen" not in page
    assert at("fm").get(f"/design/{draft}/scenarios").status_code == 403


RESULT = {"outcome": "completed", "problems": [], "open": [], "waiting": [], "trace": [{"element": "a", "name": "A"}]}


@pytest.mark.parametrize(
    ("expect", "code"),
    [
        ({"outcome": "completed", "passed": ["a"]}, ""),
        ({"passed": ["b"]}, "path"),
        ({"passed": ["a", "b"]}, "ends"),
        ({"outcome": "waiting", "passed": ["a"]}, "outcome_completed"),
    ],
)
def test_first_difference_is_found(expect, code):
    found = scenarios.difference({"expect": expect}, RESULT, {"b": {"name": "Be"}})
    assert (found.code if found else "") == code
