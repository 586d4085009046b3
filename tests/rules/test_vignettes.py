from __future__ import annotations

from datetime import date

import pytest

from rules import places, records, routing, transitions

RESULTS = ("alter", "route", "regel", "hlu_zahlt", "alhi_alg_zahlt", "programm", "merker")
IDS = [f"V{number:02}" for number in range(1, 38)]


def result(decision):
    age = "" if decision.age is None else str(decision.age)
    payers = (decision.hlu_payer, decision.alg_payer)
    return (age, decision.outcome, decision.rule, *payers, decision.programme, ",".join(decision.flags))


@pytest.mark.parametrize("identifier", IDS)
def test_the_vignette_is_decided_as_the_handbook_says(identifier, vignettes, shipped):
    row = next(row for row in vignettes if row["id"] == identifier)
    facts = records.parse(row, places.load()).facts()
    decision = routing.route(facts, facts.reference_date, shipped)
    assert result(decision) == tuple(row[name] for name in RESULTS)


def test_there_is_no_vignette_beside_these(vignettes):
    assert [row["id"] for row in vignettes] == IDS


class TestSandraKohl:
    """D1: registered at 24, turns 25 in the office, long-term unemployed later."""

    @pytest.fixture
    def sandra(self, person):
        return person(birth_date=date(1979, 6, 15), unemployed_since=date(2003, 8, 1), reference_date=date(2004, 1, 12))

    def test_at_24_the_office_does_everything(self, sandra, shipped):
        decision = routing.route(sandra, date(2004, 1, 12), shipped)
        assert result(decision) == ("24", "VOLL_U25", "Z6", "SB", "", "JUMP+", "")
        assert decision.payer_change_on == date(2004, 7, 1)

    def test_the_hand_over_is_prepared_eight_weeks_before(self, sandra, shipped):
        dates = transitions.handover(sandra.birth_date, shipped.parameters(date(2004, 1, 12)))
        assert (dates.prepare_on, dates.payer_from) == (date(2004, 4, 20), date(2004, 7, 1))

    def test_on_the_birthday_only_ten_months_are_over(self, sandra, shipped):
        decision = routing.route(sandra, date(2004, 6, 15), shipped)
        assert result(decision) == ("25", "GRUND_P4", "Z10", "FB5", "", "AfL", "LZA_ab_01.08.04")

    def test_a_year_of_unemployment_brings_intensive_support(self, sandra, shipped):
        assert routing.route(sandra, date(2004, 8, 1), shipped).outcome == "INTENSIV_25_30"


def test_a_plan_after_31_runs_out_no_later_than_the_agreement(person, shipped):
    parameters = shipped.parameters(date(2004, 2, 3))
    birth = date(1973, 9, 20)
    assert transitions.plan_ends(birth, parameters, agreement_ends=None) == date(2005, 3, 20)
    assert transitions.plan_ends(birth, parameters, agreement_ends=date(2004, 12, 31)) == date(2004, 12, 31)
    joerg = person(birth_date=birth, benefits=frozenset({"HLU", "ALHI"}), unemployed_since=date(2002, 8, 1))
    assert result(routing.route(joerg, date(2004, 2, 3), shipped))[1:6] == ("INTENSIV_25_30", "Z9", "FB5", "AA", "AfL")


def test_social_assistance_beside_unemployment_assistance_moves_the_case_into_the_office(person, shipped):
    before = person(birth_date=date(1981, 4, 1), benefits=frozenset({"ALHI"}))
    after = person(birth_date=date(1981, 4, 1), benefits=frozenset({"ALHI", "HLU"}))
    assert routing.route(before, date(2004, 4, 30), shipped).outcome == "GRUND_P4"
    decision = routing.route(after, date(2004, 5, 1), shipped)
    assert (decision.outcome, decision.hlu_payer, decision.alg_payer) == ("VOLL_U25", "SB", "AA")


def test_an_application_counts_provisionally_and_its_refusal_does_not(person, shipped):
    young = {"birth_date": date(1983, 11, 11), "benefits": frozenset()}
    applied = routing.route(person(**young, applied=frozenset({"HLU"})), date(2004, 1, 19), shipped)
    assert (applied.outcome, applied.flags) == ("VOLL_U25", ("VORLAEUFIG",))
    among = person(**young | {"benefits": frozenset({"HLU"})}, applied=frozenset({"HLU"}))
    assert routing.route(among, date(2004, 1, 19), shipped).flags == ("VORLAEUFIG",)
    strict = shipped.with_parameter("applied_counts", value=False)
    assert routing.route(among, date(2004, 1, 19), strict).outcome == "VERWEIS_KEIN_BEZUG"
    assert routing.route(person(**young), date(2004, 2, 16), shipped).outcome == "VERWEIS_KEIN_BEZUG"


def test_the_household_keeps_its_payer_while_the_person_is_advised_here(person, shipped):
    lisa = person(birth_date=date(1981, 1, 5), household_payer="FB5")
    decision = routing.route(lisa, date(2004, 3, 1), shipped)
    assert (decision.outcome, decision.hlu_payer) == ("VOLL_U25", "FB5")
    assert "ZAHLSTELLE_BG" in decision.flags
    assert "Die Sozialhilfe zahlt der Fachbereich 5" in decision.reasons[0].client_de


def test_the_payment_of_25_to_30_can_be_switched_from_a_day_on(person, shipped):
    switched = shipped.with_parameter("intensive_payer", "SB", since=date(2004, 10, 1))
    assert routing.route(person(), date(2004, 9, 30), switched).hlu_payer == "FB5"
    assert routing.route(person(), date(2004, 10, 1), switched).hlu_payer == "SB"
    assert routing.route(person(), date(2004, 10, 1), shipped).hlu_payer == "FB5"
