"""Correcting a client's data at the desk: who may, what is kept, and what the rules make of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.casework import models

LOGINS = ("ks", "bfk", "fm", "vm", "fb5", "leitung.stadt", "leitung.aa", "design", "dsb.stadt", "dsb.aa", "admin")
# Who may write which section, by the access matrix of the shipped office.
WRITERS = {
    "person": {"ks", "bfk", "fm", "vm"},
    "benefits": {"ks", "bfk", "fb5"},
    "fitness": {"fm"},
    "work": {"fm", "vm"},
}
CASE = "/cases/1"


@pytest.fixture
def case(register):
    """A registered client's case."""
    register(phone="02202 12345", street="Hauptstr. 5")
    return CASE


@pytest.fixture
def to_confirmation(at, case):
    """Takes the case to the open confirmation of its route."""

    def led() -> None:
        assert case
        (identity,) = at("ks").tasks()
        typed = {"notice_given": "on", "identity_paper": "seen"}
        assert at("ks").post(f"/inbox/tasks/{identity}/complete", **typed).status_code == 303

    return led


def fields(page: str) -> dict[str, str]:
    """What stands in the form of a page."""
    found = dict(
        re.findall(
            r'<input class="kern-form-input__input[^"]*" id="[^"]*" name="([^"]+)" type="text" value="([^"]*)"', page
        )
    )
    found |= dict(re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)"', page))
    for name, body in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def correct(desk, section, *, reason="Zahlendreher", **changes):
    path = f"{CASE}/correct/{section}"
    return desk.post(path, **(fields(desk.page(path)) | {"reason": reason} | changes))


@pytest.mark.parametrize("section", WRITERS)
def test_each_section_is_put_right_by_who_may_write_it_and_by_nobody_else(case, at, section):
    for login in LOGINS:
        desk = at(login)
        allowed = login in WRITERS[section]
        assert (desk.get(f"{case}/correct/{section}").status_code == 200) is allowed, login
        answer = desk.post(f"{case}/correct/{section}", reason="x")
        assert answer.status_code == (422 if allowed else 403), login
        if login not in {"design", "admin"}:
            assert (f"{case}/correct/{section}" in desk.page(case)) is allowed, login


def test_what_stood_there_stays_readable_with_who_when_and_why(case, at):
    assert correct(at("vm"), "person", street="Neuer Weg 7", phone="").status_code == 303

    page = at("fm").page(case)
    assert "Neuer Weg 7" in page
    assert "vorher „Hauptstr. 5“, jetzt „Neuer Weg 7“" in page
    assert "vorher „02202 12345“, jetzt „keine Angabe“" in page
    assert "Grund: Zahlendreher" in page


def test_a_refused_correction_loses_nothing_that_was_typed(case, at):
    answer = correct(at("ks"), "person", birth_date="31.02.1980", street="Neuer Weg 7", reason="")

    assert answer.status_code == 422
    assert "Bitte machen Sie hier eine Angabe." in answer.text
    answer = correct(at("ks"), "person", birth_date="31.02.1980", street="Neuer Weg 7", reason="Ausweis")
    assert answer.status_code == 422
    assert "Dieses Datum gibt es nicht." in answer.text
    assert 'value="31.02.1980"' in answer.text
    assert 'value="Neuer Weg 7"' in answer.text
    assert ">Ausweis</textarea>" in answer.text
    assert "Neuer Weg 7" not in at("ks").page(case)


@pytest.mark.usefixtures("case")
def test_nothing_changed_is_no_correction(at):
    answer = correct(at("ks"), "person")

    assert answer.status_code == 422
    assert "Es wurde nichts geändert." in answer.text


def test_a_colleagues_correction_is_not_overwritten_unseen(case, at):
    slow = fields(at("vm").page(f"{case}/correct/person"))
    correct(at("fm"), "person", city="Bensberg")
    answer = at("vm").post(f"{case}/correct/person", **(slow | {"phone": "0221 1", "reason": "neu"}))

    assert answer.status_code == 422
    assert "Inzwischen hat jemand anderes" in answer.text
    assert "Bensberg" in answer.text
    again = {**slow, "seen": fields(answer.text)["seen"], "city": "Bensberg", "phone": "0221 1", "reason": "neu"}
    assert at("vm").post(f"{case}/correct/person", **again).status_code == 303


def test_a_corrected_birth_date_leads_to_a_new_proposal_with_the_new_age(at, to_confirmation, office_sessions):
    to_confirmation()
    with office_sessions() as session:
        before = session.scalars(select(models.RouteDecision)).one()
        assert (before.age, before.proposal) == (21, "VOLL_U25")

    assert correct(at("ks"), "person", birth_date="12.03.1978").status_code == 303

    with office_sessions() as session:
        after = session.scalars(select(models.RouteDecision)).one()
        assert (after.age, after.proposal, after.decided_by) == (25, "GRUND_P4", "")
    assert "Vorschlag bestätigen oder abweichen" in at("ks").page("/inbox")


def test_a_corrected_benefit_leads_to_a_new_proposal(case, at, to_confirmation, office_sessions):
    to_confirmation()
    benefit = next(name for name in fields(at("bfk").page(f"{case}/correct/benefits")) if name.endswith("-kind"))

    assert correct(at("bfk"), "benefits", **{benefit: "ALHI"}).status_code == 303

    with office_sessions() as session:
        after = session.scalars(select(models.RouteDecision)).one()
        assert (after.rule, after.proposal) == ("Z7", "GRUND_P4")
    assert "Leistung: vorher „Hilfe zum Lebensunterhalt“, jetzt „Arbeitslosenhilfe“" in at("fm").page(case)


def test_a_telephone_number_leaves_the_proposal_alone(at, to_confirmation):
    to_confirmation()
    tasks = at("ks").tasks()
    correct(at("vm"), "person", phone="0221 4711")

    assert at("ks").tasks() == tasks


def test_reception_adds_and_ends_benefits_without_seeing_their_dates(case, at, office_sessions):
    benefit = next(name for name in fields(at("bfk").page(f"{case}/correct/benefits")) if name.endswith("-from"))
    correct(at("bfk"), "benefits", **{benefit: "01.10.2003"})
    page = at("ks").page(f"{case}/correct/benefits")

    assert "01.10.2003" not in page
    added = {"benefit-new-kind": "ALG", "benefit-new-status": "running", "benefit-new-from": "01.01.2004"}
    assert correct(at("ks"), "benefits", **added).status_code == 303
    with office_sessions() as session:
        rows = session.scalars(select(models.Benefit).order_by(models.Benefit.id)).all()
        assert [(row.kind, f"{row.valid_from}") for row in rows] == [("HLU", "2003-10-01"), ("ALG", "2004-01-01")]
    assert "01.10.2003" not in at("ks").page(case)


def test_a_benefit_does_not_end_before_it_begins(case, at):
    benefit = next(name for name in fields(at("bfk").page(f"{case}/correct/benefits")) if name.endswith("-from"))
    changes = {benefit: "01.02.2004", benefit.replace("from", "to"): "01.01.2004"}
    answer = correct(at("bfk"), "benefits", **changes)

    assert answer.status_code == 422
    assert "Das Ende liegt vor dem Beginn." in answer.text


def test_work_and_fitness_are_put_right(case, at):
    assert (
        correct(
            at("vm"), "work", unemployed_since="01.03.2003", available="no", not_available_reason="Kind"
        ).status_code
        == 303
    )
    assert correct(at("fm"), "fitness", fit_for_work="limited", fitness_basis="CERTIFICATE").status_code == 303

    page = at("fm").page(case)
    assert "01.03.2003" in page
    assert "ärztliches Attest" in page
    assert "CERTIFICATE" not in page


def test_a_protected_address_is_put_right_by_the_lead_alone(case, at, office_sessions):
    correct(at("fm"), "person", blocked="yes", street="Geheimer Weg 1")
    with office_sessions.begin() as session:
        session.scalars(select(models.CaseFile)).one().lead = "FM"

    form = at("vm").page(f"{case}/correct/person")
    assert "Geheimer Weg" not in form
    assert 'name="street"' not in form
    assert correct(at("vm"), "person", nationality="deutsch", street="Anderswo 2").status_code == 303
    assert "Geheimer Weg" not in at("vm").page(case)
    assert "Hauptstr. 5" not in at("vm").page(case)
    assert "Geheimer Weg 1" in at("fm").page(case)


def test_there_are_no_other_sections(case, at):
    assert at("fm").get(f"{case}/correct/secrets").status_code == 404
    assert at("fm").get("/cases/99/correct/person").status_code == 404
