"""What the agreement says, restated without looking at the rows."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules import ages, facts, routing

DAY = date(2004, 3, 1)
CARE = {"VOLL_U25", "INTENSIV_25_30", "GRUND_P4"}
BENEFITS = [frozenset(codes) for codes in ((), ("HLU",), ("ALHI",), ("ALG",), ("HLU", "ALHI"), ("HLU", "ALG"))]


def found(book, on=DAY, **given_facts):
    ordinary = {
        "birth_date": date(1976, 4, 4),
        "reference_date": on,
        "residence": "yes",
        "benefits": frozenset({"HLU"}),
        "fit_for_work": "yes",
        "available": "yes",
        "unemployed_since": date(2000, 1, 1),
    }
    return routing.find(facts.Facts(**ordinary | given_facts), on, book)


def turning(age, *, days):
    """A birth date that makes someone `age` on the day, or so many days after (+) or before (-) that."""
    return date(DAY.year - age, DAY.month, DAY.day) - timedelta(days=days)


def test_no_client_of_any_kind_stays_without_a_route(shipped):
    known = set(shipped.raw["names"]["outcomes"])
    kinds = itertools.product(
        ("yes", "no", "unclear"),
        BENEFITS,
        ("yes", "no", "limited", "unknown", ""),
        (date(2001, 1, 1), date(2004, 1, 1), None),
        ("yes", "no", "unknown"),
    )
    for place, benefits, fit, since, available in kinds:
        same = {"residence": place, "benefits": benefits, "fit_for_work": fit}
        for age in range(0, 71, 1 if place == "yes" else 10):
            client = facts.Facts(turning(age, days=0), DAY, unemployed_since=since, available=available, **same)
            outcome = routing.foresee(client, DAY, shipped)
            assert outcome.outcome in known - {"REGELUNGSLUECKE"}
            assert outcome.age == age


@pytest.mark.parametrize(
    ("limit", "before", "after"),
    [
        (15, "AUSSERHALB_U15", "VOLL_U25"),
        (18, "VOLL_U25", "VOLL_U25"),
        (25, "VOLL_U25", "INTENSIV_25_30"),
        (31, "INTENSIV_25_30", "REGEL_UE30"),
    ],
)
def test_a_limit_is_crossed_on_the_birthday_and_not_a_day_earlier_or_later(limit, before, after, shipped):
    outcomes = [found(shipped, birth_date=turning(limit, days=days)).outcome for days in (-1, 0, 1)]
    assert outcomes == [before, after, after]


def test_the_flag_for_minors_ends_on_the_eighteenth_birthday(shipped):
    flags = [found(shipped, birth_date=turning(18, days=days)).flags for days in (-1, 0, 1)]
    assert flags == [("U18",), (), ()]


@pytest.mark.parametrize(
    ("days", "flagged"), [(0, False), (1, True), (90, True), (91, False)], ids=["today", "tomorrow", "90", "91"]
)
def test_a_coming_birthday_is_announced_for_ninety_days(days, flagged, shipped):
    birth = date(1979, 6, 15)
    flags = found(shipped, on=date(2004, 6, 15) - timedelta(days=days), birth_date=birth).flags
    assert ("25_am_15.06.04" in flags) is flagged


def assert_the_office_pays_exactly_the_young(book, limit, birth, *, day, benefits):
    decided = found(book, on=day, birth_date=birth, benefits=benefits)
    young = 15 <= ages.legal_age(birth, day) < limit and "HLU" in benefits
    assert (decided.hlu_payer == "SB") is young
    assert (decided.outcome == "VOLL_U25") is young


@settings(deadline=None)
@given(
    limit=st.sampled_from([24, 25, 26]),
    birth=st.dates(date(1970, 1, 1), date(1992, 1, 1)),
    day=st.dates(date(2004, 1, 1), date(2004, 12, 31)),
    benefits=st.sampled_from(BENEFITS),
)
def test_the_office_pays_exactly_the_young_wherever_the_limit_lies(shipped, *, limit, birth, day, benefits):
    book = shipped if limit == 25 else shipped.with_parameter("young_below", limit)
    assert_the_office_pays_exactly_the_young(book, limit, birth, day=day, benefits=benefits)


@settings(deadline=None)
@given(
    months=st.sampled_from([6, 9, 12]),
    since=st.dates(date(2002, 6, 1), date(2004, 12, 31)),
    day=st.dates(date(2004, 1, 1), date(2004, 12, 31)),
    available=st.sampled_from(["yes", "no"]),
)
def test_intensive_support_needs_the_months_and_availability(shipped, *, months, since, day, available):
    book = shipped if months == 12 else shipped.with_parameter("lza_months", months)
    decided = found(book, on=day, unemployed_since=since, available=available)
    long_enough = ages.after_months(since, months) <= day
    assert (decided.outcome == "INTENSIV_25_30") is (long_enough and available == "yes")
    assert ("FREIWILLIG" in decided.flags) is (available == "no")
    assert any(flag.startswith("LZA_ab_") for flag in decided.flags) is not long_enough


@pytest.mark.parametrize(
    ("count", "route"), [("anniversary", "GRUND_P4"), ("days", "INTENSIV_25_30")], ids=["anniversary", "365 days"]
)
def test_the_way_of_counting_a_year_is_a_setting(count, route, shipped):
    book = shipped.with_parameter("lza_count", count)
    assert found(book, unemployed_since=date(2003, 3, 2)).outcome == route


@pytest.mark.parametrize(("inclusive", "route"), [(True, "INTENSIV_25_30"), (False, "REGEL_UE30")])
def test_whether_thirty_belongs_to_the_group_is_a_setting(inclusive, route, shipped):
    book = shipped.with_parameter("upper_age_inclusive", inclusive)
    assert found(book, birth_date=turning(30, days=0)).outcome == route


@pytest.mark.parametrize(
    ("name", "value", "client", "route"),
    [
        ("age_min", 18, {"birth_date": date(1987, 1, 1)}, "AUSSERHALB_U15"),
        ("sgb3_route", "REGELUNGSLUECKE", {"benefits": frozenset({"ALHI"})}, "REGELUNGSLUECKE"),
        ("not_intensive_route", "REGELUNGSLUECKE", {"available": "no"}, "REGELUNGSLUECKE"),
        ("alg_with_hlu_counts_as_hlu", False, {"benefits": frozenset({"HLU", "ALG"})}, "REGELUNGSLUECKE"),
        ("limited_is_fit", False, {"fit_for_work": "limited"}, "KLAERUNG_ARBEITSFAEHIGKEIT"),
        ("applied_counts", False, {"benefits": frozenset(), "applied": frozenset({"HLU"})}, "VERWEIS_KEIN_BEZUG"),
        ("fitness_asked_below", 31, {"birth_date": date(1960, 1, 1), "fit_for_work": "unknown"}, "REGEL_UE30"),
        ("foreign_route", "KLAERUNG_DATEN", {"benefits": frozenset({"GSIG"})}, "KLAERUNG_DATEN"),
        ("last_day", "2004-02-29", {}, "REGELUNGSLUECKE"),
    ],
)
def test_a_setting_of_the_register_changes_what_it_says(name, value, client, *, route, shipped):
    assert found(shipped, **client).outcome != route
    assert found(shipped.with_parameter(name, value), **client).outcome == route


def test_six_months_from_the_end_of_october_are_over_in_may(shipped):
    programmes = [
        found(shipped, on=day, unemployed_since=date(2003, 10, 31)).programme
        for day in (date(2004, 4, 29), date(2004, 4, 30), date(2004, 5, 1))
    ]
    assert programmes == ["", "", "AfL"]


def test_alhi_needs_a_year_for_the_programme_where_hlu_needs_half_of_it(shipped):
    since = date(2003, 4, 1)
    assert found(shipped, unemployed_since=since).programme == "AfL"
    assert found(shipped, unemployed_since=since, benefits=frozenset({"HLU", "ALHI"})).programme == ""


@pytest.mark.parametrize(
    "client",
    [
        {"birth_date": None},
        {"birth_date": DAY + timedelta(days=1)},
        {"birth_date": date(1850, 1, 1)},
        {"reference_date": None},
        {"residence": "unclear"},
        {"fit_for_work": ""},
        {"benefits_known": False},
    ],
)
def test_missing_or_impossible_data_are_cleared_before_anything_else(client, shipped):
    decided = found(shipped, **client)
    assert (decided.outcome, decided.rule, decided.programme) == ("KLAERUNG_DATEN", "Z0", "")


@given(st.data())
def test_whoever_is_cleared_keeps_the_present_payer(anyone, shipped, data):
    client = data.draw(anyone)
    decided = routing.foresee(client, DAY, shipped)
    if decided.rule in {"Z0", "Z5", "Z99"} and "HLU" in client.benefits | client.applied:
        assert decided.hlu_payer == (client.current_payer or "FB5")


@given(st.data())
def test_what_the_agreement_promises_holds_for_everyone(anyone, shipped, data):
    client = data.draw(anyone)
    decided = routing.foresee(client, DAY, shipped)
    benefits = client.benefits | client.applied
    assert (decided.hlu_payer != "") is ("HLU" in benefits)
    assert (decided.alg_payer == "AA") is bool(benefits & {"ALHI", "ALG"})
    if decided.outcome in CARE:
        assert client.residence == "yes"
        assert client.fit_for_work in {"yes", "limited"}
        assert 15 <= decided.age <= 30
    if decided.programme:
        assert decided.outcome in CARE | {"REGEL_UE30"}
        assert decided.programme.startswith("(") is (client.available != "yes" or decided.outcome == "REGEL_UE30")


def test_the_young_do_not_need_to_say_how_long_or_whether_available(shipped):
    young = {"birth_date": date(1983, 1, 1), "unemployed_since": None, "available": "unknown"}
    assert found(shipped, **young).outcome == "VOLL_U25"


def test_duration_is_asked_before_availability(shipped):
    both = {"unemployed_since": None, "available": "unknown"}
    assert found(shipped, **both).outcome == "KLAERUNG_DAUER"
    assert found(shipped, available="unknown").outcome == "KLAERUNG_VERFUEGBARKEIT"


def test_before_the_book_begins_there_is_a_gap_and_no_crash(shipped):
    assert found(shipped, on=date(2003, 12, 31)).outcome == "REGELUNGSLUECKE"
