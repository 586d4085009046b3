"""Intervening at the screen: foreseen, with a reason, with a second person where money or rights hang on it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import worker
from app.casework import models, service
from app.office import clock
from tests.app import running
from workflows import engine, errors, history, queries
from workflows.models import Entry, Incident, Instance, Task

REASON = "Ausweis lag schon vor."
CASE = "/cases/1/interventions"
CASES = ("leitung.stadt", "leitung.aa", "admin")


@pytest.fixture(autouse=True)
def case(register):
    """The path of the page of a registered client's case, which stands at its first task."""
    register()
    return "/cases/1"


def links(text: str) -> list[str]:
    """Where the acts offered on a page lead."""
    return [html.unescape(found) for found in re.findall(rf'href="({CASE}/\w+\?[^"]+)"', text)]


def offered(text: str) -> set[str]:
    return {re.search(r"interventions/(\w+)", link)[1] for link in links(text)}


def link(desk, act: str) -> str:
    """Where an act leads; that on a step inside a called process comes behind that on the call."""
    return [found for found in links(desk.page(CASE)) if f"/{act}?" in found][-1]


def hidden(text: str) -> dict[str, str]:
    """What the form of the last step carries along."""
    form = next(
        part for part in re.findall(r'<form method="post"[^>]*>.*?</form>', text, re.DOTALL) if 'name="seen"' in part
    )
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found if name != "csrf_token"}


def intervene(desk, act: str, reason: str = REASON, more: str = ""):
    """Goes through the steps of an act; the answer to the last one."""
    path = link(desk, act) + more
    return desk.post(path.partition("?")[0], **hidden(desk.page(path)), reason=reason)


def seen(desk, path: str = "/interventions/1") -> str:
    return hidden(desk.page(path))["seen"]


def values(session, columns):
    return session.execute(select(columns)).scalars().all()


def tasks(sessions) -> list[str]:
    with sessions() as session:
        return sorted(values(session, Task.element))


def status(sessions) -> str:
    with sessions() as session:
        return session.execute(select(Instance.status)).scalar_one()


def entry(sessions, kind: str):
    with sessions() as session:
        return session.execute(select(Entry.__table__).where(Entry.kind == kind)).one()


def request_of(sessions):
    with sessions() as session:
        return session.execute(select(models.InterventionRequest.__table__)).one()


def trouble(sessions) -> None:
    """Something failed at the first step."""
    with sessions.begin() as session:
        failed = errors.StepFailed("intake_identity", "Ausweis ansehen", "call timeout", 1)
        engine.record_incident(session, failed, now=clock.now(session), code="call")


def test_only_who_leads_the_staff_is_offered_to_intervene(case, at):
    whole = {"suspend", "change", "cancel"}
    assert offered(at("leitung.aa").page(CASE)) == whole | {"skip", "redo", "move"}
    assert offered(at("leitung.stadt").page(CASE)) == set()
    assert offered(at("admin").page(CASE)) == set()
    assert "Eingreifen" in at("leitung.aa").page(case)
    assert at("leitung.stadt").get(f"{CASE}/suspend?run=1").status_code == 403
    assert at("ks").get(CASE).status_code == 403


def test_a_step_is_skipped_after_its_consequence_was_shown_and_a_reason_given(case, at, office_sessions):
    desk = at("leitung.aa")
    path = link(desk, "skip")
    page = desk.page(path)
    assert "Das verschwindet" in page
    assert "Ausweis ansehen" in page
    bare = desk.post(path.partition("?")[0], **hidden(page), reason=" ")
    assert bare.status_code == 422
    assert "Begründung" in bare.text
    assert tasks(office_sessions) == ["intake_identity"]
    assert intervene(desk, "skip").status_code == 303
    assert tasks(office_sessions) == ["routing_confirm"]
    line = entry(office_sessions, "skipped")
    assert (line.element, line.detail["reason"], line.detail["gone"][0]["element"]) == (
        "intake_identity", REASON, "intake_identity",
    )  # fmt: skip
    shown = at("ks").page(case)
    assert "Schritt übersprungen" in shown
    assert REASON in shown


def test_a_stopped_case_says_so_and_rests_until_somebody_goes_on(case, at, office_sessions):
    desk = at("leitung.aa")
    intervene(desk, "suspend")
    (task,) = at("ks").tasks("?view=role")
    for page in (at("ks").page(case), at("ks").page(f"/inbox/tasks/{task}"), desk.page(CASE)):
        assert "Dieser Fall ist gestoppt." in page
    assert "Fall gestoppt" in at("ks").page("/inbox?view=role")
    assert offered(desk.page(CASE)) == {"resume", "cancel"}
    assert at("leitung.stadt").page("/interventions").count(REASON) == 1
    intervene(desk, "resume")
    assert status(office_sessions) == "running"
    assert "gestoppt." not in at("ks").page(case)


def test_what_rights_hang_on_is_done_by_two_people(case, at, office_sessions):
    answer = intervene(at("leitung.aa"), "cancel", "Doppelt angelegt.")
    assert answer.status_code == 303
    assert tasks(office_sessions) == ["intake_identity"]
    assert request_of(office_sessions).money_only is False
    # Whoever asks cannot confirm, nor can those whose business it is not.
    asker = at("leitung.aa")
    assert "Zurückziehen" in asker.page("/interventions/1")
    assert asker.post("/interventions/1/confirm", seen=request_of(office_sessions).digest).status_code == 403
    assert at("fb5").post("/interventions/1/confirm", seen=request_of(office_sessions).digest).status_code == 403
    other = at("leitung.stadt")
    assert "1 Eingriff wartet auf Ihre Bestätigung" in other.page("/inbox")
    assert "Doppelt angelegt." in other.page("/interventions")
    assert other.post("/interventions/1/confirm", seen=seen(other)).status_code == 303
    assert (status(office_sessions), tasks(office_sessions)) == ("cancelled", [])
    detail = entry(office_sessions, "cancelled").detail
    assert (detail["reason"], detail["second"]["name"]) == ("Doppelt angelegt.", request_of(office_sessions).decided_by)
    # The case is closed with it, and can be opened again.
    assert "Fall wieder öffnen" in at("ks").page(case)
    assert other.post("/interventions/1/confirm", seen="x").status_code == 409


def test_a_case_that_has_moved_is_shown_anew_and_asked_again(at, office_sessions):
    intervene(at("leitung.aa"), "cancel")
    other = at("leitung.stadt")
    old = seen(other)
    intervene(at("leitung.aa"), "skip")
    answer = other.post("/interventions/1/confirm", seen=old)
    assert answer.status_code == 409
    assert "Der Fall hat sich inzwischen bewegt" in answer.text
    assert status(office_sessions) == "running"
    assert "Anders als bei der Vorlage" in other.page("/interventions/1")
    assert other.post("/interventions/1/confirm", seen=seen(other)).status_code == 303
    assert status(office_sessions) == "cancelled"


def test_the_screen_of_who_intervenes_is_shown_anew_too(at, office_sessions):
    desk = at("leitung.aa")
    path = link(desk, "suspend")
    form = hidden(desk.page(path))
    answer = desk.post(path.partition("?")[0], **(form | {"seen": "0" * 32}), reason=REASON)
    assert answer.status_code == 409
    assert REASON in answer.text
    assert status(office_sessions) == "running"


def test_a_request_is_refused_with_a_reason(at, office_sessions):
    intervene(at("leitung.aa"), "cancel")
    other = at("leitung.stadt")
    assert other.post("/interventions/1/refuse", reason="").status_code == 422
    assert other.post("/interventions/1/refuse", reason="Erst mit mir sprechen.").status_code == 303
    assert "Erst mit mir sprechen." in at("leitung.aa").page(CASE)
    assert (status(office_sessions), request_of(office_sessions).status) == ("running", "refused")
    assert entry(office_sessions, "intervention_refused").detail["reason"] == "Erst mit mir sprechen."


def test_who_asked_may_withdraw_and_nobody_else(at, office_sessions):
    intervene(at("leitung.aa"), "cancel")
    assert at("leitung.stadt").post("/interventions/1/withdraw").status_code == 403
    assert at("leitung.aa").post("/interventions/1/withdraw").status_code == 303
    assert request_of(office_sessions).status == "withdrawn"
    assert at("leitung.stadt").post("/interventions/1/confirm", seen="x").status_code == 409


def test_a_request_that_nobody_confirms_expires(at, office_sessions):
    intervene(at("leitung.aa"), "cancel")
    with office_sessions.begin() as session:
        row = session.get(models.InterventionRequest, 1)
        assert row.expires_at > row.at
        row.expires_at = clock.now(session) - timedelta(minutes=1)
    assert at("leitung.stadt").post("/interventions/1/confirm", seen="x").status_code == 409
    while worker.act(office_sessions):
        pass
    assert request_of(office_sessions).status == "expired"
    assert entry(office_sessions, "intervention_expired").actor == "System"
    with office_sessions() as session:
        assert history.verify(session, 1)


def test_the_same_is_not_asked_for_twice(at):
    intervene(at("leitung.aa"), "cancel")
    assert intervene(at("leitung.aa"), "cancel").status_code == 422


def test_administration_helps_in_trouble_and_learns_no_name(at, office_sessions):
    trouble(office_sessions)
    desk = at("admin")
    listed, page = desk.page("/interventions"), desk.page(CASE)
    assert "Die Gegenstelle hat nicht rechtzeitig geantwortet." in listed
    assert "Sommerfeld" not in listed + page
    assert offered(page) == {"suspend", "skip", "redo", "move"}
    assert desk.get("/cases/1").status_code == 403
    assert desk.post("/cases/1/incidents/1/retry", reason="").status_code == 303
    assert desk.post("/cases/1/incidents/1/retry", reason="Leitung steht wieder.").status_code == 303
    with office_sessions() as session:
        assert values(session, Incident.resolved_by) == [queries.timeline(session, "1")[-1].actor]
    assert entry(office_sessions, "retried").detail == {"reason": "Leitung steht wieder."}
    assert offered(desk.page(CASE)) == set()


def test_a_value_of_the_run_is_changed_by_two_people_and_says_what_it_was(at, office_sessions):
    desk = at("leitung.aa")
    path = link(desk, "change")
    assert "Unterlagen vollständig" in desk.page(path)
    assert desk.get(f"{path}&v-complete=perhaps").status_code == 200
    answer = intervene(desk, "change", more="&v-duplicates_open=yes")
    assert answer.status_code == 303
    other = at("leitung.stadt")
    assert "Mögliche Doppelerfassung offen" in other.page("/interventions/1")
    assert other.post("/interventions/1/confirm", seen=seen(other)).status_code == 303
    detail = entry(office_sessions, "values_set").detail
    assert (detail["values"], detail["before"]) == ({"duplicates_open": True}, {"duplicates_open": [False]})


def test_a_token_is_moved_by_two_people(at, office_sessions):
    desk = at("leitung.aa")
    assert "Zu welchem Schritt?" in desk.page(link(desk, "move"))
    intervene(desk, "move", more="&target=intake_papers")
    other = at("leitung.stadt")
    assert "Unterlagen nachreichen lassen" in other.page("/interventions/1")
    other.post("/interventions/1/confirm", seen=seen(other))
    assert tasks(office_sessions) == ["intake_papers"]
    assert entry(office_sessions, "moved").detail["to"] == "intake_papers"


def test_what_only_money_hangs_on_is_confirmed_by_who_may_release_payments(at, office_sessions):
    with office_sessions.begin() as session:
        row = request_for(session, money_only=True)
        session.add(row)
    assert "1 Eingriff wartet" in at("fb5").page("/inbox")
    assert "Eingriff wartet" not in at("leitung.aa").page("/inbox")


def request_for(session, *, money_only: bool) -> models.InterventionRequest:
    now = clock.now(session)
    return models.InterventionRequest(
        case_id=1, instance_id=1, act="cancel", key=None, target="", values={}, element="", name="", reason="x",
        money_only=money_only, told={}, digest="", actor_id=999, actor="Ada", at=now,
        expires_at=now + timedelta(1), status="open", remark="",
    )  # fmt: skip


@pytest.mark.parametrize("login", CASES)
def test_addresses_that_lead_nowhere_are_not_found(at, login):
    for path in (f"{CASE}/explode?run=1", f"{CASE}/skip?run=7", f"{CASE}/skip?run=1&key=x", "/interventions/9"):
        assert at(login).get(path).status_code == 404, path
    assert at(login).get(f"{CASE}/skip?run=1").status_code == 409


def test_everything_is_told_in_english_too(at):
    desk = at("leitung.aa")
    desk.post("/language", locale="en", next="/")
    page = desk.page(CASE) + desk.page(link(desk, "skip")) + desk.page(link(desk, "cancel"))
    assert "Skip the step" in page
    assert "Look at the passport" not in page
    for german in ("Eingreifen", "verschwindet", "Begründung", "Ausweis"):
        assert german not in page


def test_the_office_gives_the_second_person_a_period(at, office_sessions):
    intervene(at("leitung.aa"), "cancel")
    row = request_of(office_sessions)
    assert row.expires_at == running.ENVIRONMENT.calendar.due("werktage(3)", row.at, {})
    assert not service.expire_intervention(office_sessions(), now=row.at)
