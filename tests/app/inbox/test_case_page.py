"""The page of a case and the office's clock: who sees what, what is written down, what is refused."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.casework import models


@pytest.fixture
def case(register):
    """The path of the page of a registered client's case."""
    register(phone="02202 12345", representative="Frau Beispiel")
    return "/cases/1"


def test_the_page_of_a_case_shows_client_route_tasks_and_history(case, at):
    page = at("fm").page(case)

    for text in ("Sommerfeld, Pia", "12.03.1982", "02202 12345", "Hilfe zum Lebensunterhalt: laufend", "Verlauf"):
        assert text in page
    assert "Ausweis ansehen und Hinweise aushändigen" in page


def test_each_read_is_written_down_with_its_purpose(case, at, office_sessions):
    at("fm").page(case)
    at("vm").page(f"{case}?purpose=information")

    with office_sessions() as session:
        rows = session.scalars(select(models.AccessEntry).order_by(models.AccessEntry.id)).all()
    assert [(row.purpose, row.across) for row in rows][-2:] == [("counselling", True), ("information", True)]


def test_data_protection_sees_who_read_and_nothing_else(case, at):
    at("fm").page(case)

    page = at("dsb.stadt").page(case)
    assert "Wer diese Akte gelesen hat" in page
    assert "Sommerfeld" not in page
    assert "Sommerfeld" not in at("dsb.stadt").page("/cases?q=sommerfeld")


def test_department_5_sees_cases_of_its_own_only(at, register):
    register()
    register(family_name="Anders", birth_date="01.02.1981", benefits=["ALHI"])

    assert "/cases/1" in at("fb5").page("/cases?q=sommerfeld")
    assert "/cases/2" not in at("fb5").page("/cases?q=anders")
    assert at("fb5").get("/cases/2").status_code == 403


@pytest.mark.parametrize("login", ["design", "admin"])
def test_who_has_no_business_with_clients_sees_no_case(case, at, login):
    assert at(login).get(case).status_code == 403
    assert at(login).get("/inbox").status_code == 403


def test_an_unknown_case_is_not_found(at):
    assert at("ks").get("/cases/4711").status_code == 404
    assert at("ks").get("/cases/4711/diagram.bpmn").status_code == 404


def test_diagrams_are_those_of_the_case(case, at):
    assert b"<bpmn:process" in at("ks").get(f"{case}/diagram.bpmn?process=benefit").data
    assert at("ks").get(f"{case}/diagram.bpmn?process=../secret").status_code == 404


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("31.02.2004", "Dieses Datum gibt es nicht"),
        ("", "TT.MM.JJJJ"),
        ("04.01.2004", "geht nur vorwärts"),
        ("05.01.2004", "geht nur vorwärts"),
        ("05.01.2010", "höchstens 800 Tage"),
    ],
)
def test_the_clock_goes_forward_by_possible_steps_only(at, day, sentence):
    answer = at("leitung.aa").post("/office/clock", day=day)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_move_of_the_clock_can_be_watched_and_stopped(at):
    leader = at("leitung.stadt")
    assert leader.post("/office/clock", day="20.01.2004").status_code == 303

    page = leader.page("/office/clock")
    assert "wartet auf den Beginn" in page
    assert "Die Uhr wird gerade schon gestellt." in at("leitung.aa").post("/office/clock", day="21.01.2004").text
    stop = re.search(r'action="(/office/clock/\d+/cancel)"', page)[1]
    assert leader.post(stop).status_code == 303


def test_only_leaders_and_administration_move_the_clock(at):
    for login in ("ks", "fm", "design", "dsb.aa"):
        assert at(login).post("/office/clock", day="20.01.2004").status_code == 403, login
    assert at("admin").post("/office/clock", day="20.01.2004").status_code == 303


def test_everybody_sees_who_works_in_the_office(at):
    page = at("ks").page("/office")

    assert "Fallmanagement" in page
    assert "LTG_STADT" not in page
