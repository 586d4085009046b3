"""Who pays a household: both desks clear it up first, and the present payer goes on meanwhile (A20, D5)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.casework import queries
from app.casework.cases import payers

LISA = {"id": "D5", "name": "Lisa Braun", "geburtsdatum": "05.01.1981", "stichtag": "12.01.2004"}


def lisa(walk, payer):
    """Somebody of 23 whose household is paid, or may be paid, by somebody else."""
    walk.arrive("V01", **LISA)
    walk.case.household_payer = payer
    walk.through_routing()
    return walk


@pytest.mark.parametrize("named", ["FB5", "unclear"])
def test_the_payer_of_a_household_is_cleared_up_before_anything_is_paid(walk, named):
    lisa(walk, named)
    assert walk.case.route == "VOLL_U25"
    assert walk.open == {"book_first_talk", "benefit_household"}
    walk.do("benefit_household", household_choice="FB5")
    assert walk.open == {"book_first_talk", "benefit_household_answer"}
    assert walk.tasks()["benefit_household_answer"].role == "FB5"
    walk.do("benefit_household_answer")
    assert walk.open == {"book_first_talk", "benefit_confirm"}
    assert queries.notices(walk.session, walk.case_id)[0].receiver == "FB5"
    assert queries.payer_on(walk.session, walk.case_id, walk.today) == "FB5"


@pytest.mark.parametrize("choice", ["SB", "none"])
def test_a_household_that_the_office_pays_goes_on_to_the_preparation(walk, choice):
    lisa(walk, "unclear")
    walk.do("benefit_household", household_choice=choice)
    walk.do("benefit_household_answer")
    assert walk.open == {"book_first_talk", "benefit_prepare"}
    assert queries.payer_on(walk.session, walk.case_id, walk.today) == "FB5"


def test_who_does_not_agree_sends_the_question_back(walk):
    lisa(walk, "unclear")
    walk.do("benefit_household")
    walk.do("benefit_household_answer", household_answer="disagree", remark="Die Eltern zahlen selbst.")
    assert "benefit_household" in walk.open


def test_an_open_answer_escalates_while_the_question_stays(walk):
    lisa(walk, "unclear")
    walk.do("benefit_household")
    walk.until(walk.today + timedelta(days=10))
    assert {"benefit_household_answer", "benefit_escalate_household"} <= walk.open


def test_what_was_agreed_is_not_asked_again(walk):
    lisa(walk, "unclear")
    walk.do("benefit_household")
    walk.do("benefit_household_answer")
    walk.do("benefit_confirm")
    assert queries.facts_of(walk.session, walk.case_id, date(2004, 2, 1))["household_payer"] == "FB5"


def test_department_5_begins_to_pay_where_nobody_did(walk):
    walk.arrive("V03")
    payers.end(walk.session, walk.case_id, last_month=date(2003, 12, 1))
    walk.through_routing()
    walk.do("benefit_confirm")
    assert queries.payer_on(walk.session, walk.case_id, walk.today) == "FB5"
