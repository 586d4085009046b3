from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.office import calendar, dates, profile, service
from workflows import errors

SNAPSHOT = profile.snapshot(profile.read("bergisch_gladbach_2004"))
CALENDAR = calendar.OfficeCalendar(lambda: SNAPSHOT)
START = datetime(2004, 2, 18, 9, 0, tzinfo=UTC)
WORKING = st.dates(date(2004, 1, 5), date(2005, 10, 31))


def due(expression, start=START, **values):
    return dates.local(CALENDAR.due(expression, start, values))


def easter(year):
    """Gauss's formula with Lichtenberg's corrections."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    m = (15 + k - (8 * k + 13) // 25 - k // 4) % 30
    d = (19 * a + m) % 30
    limit = 21 + d - (d // 29 + (d // 28 - d // 29) * (a // 11))
    offset = 7 - (limit - (7 - (year + year // 4 + 2 - k + k // 4) % 7)) % 7
    del b, c
    return date(year, 3, 1) + timedelta(limit + offset - 1)


@pytest.mark.parametrize("year", [2004, 2005])
def test_movable_feasts_stand_where_easter_puts_them(year):
    feasts = [easter(year) + timedelta(days) for days in (-48, -2, 1, 39, 50, 60)]
    assert all(day in SNAPSHOT.closed for day in feasts)


@pytest.mark.parametrize("year", [2004, 2005])
def test_fixed_holidays_are_closed(year):
    fixed = [(1, 1), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26)]
    assert all(date(year, month, day) in SNAPSHOT.closed for month, day in fixed)


def test_rosenmontag_is_no_working_day():
    assert not SNAPSHOT.is_working_day(date(2004, 2, 23))
    assert due("werktage(3)").date() == date(2004, 2, 24)


def test_good_friday_and_easter_monday_do_not_count():
    start = dates.start_of(date(2004, 4, 8))
    assert due("werktage(1)", start).date() == date(2004, 4, 13)


def test_a_period_ends_with_the_last_second_of_its_last_day():
    assert due("werktage(5)").isoformat() == "2004-02-26T23:59:59+01:00"


def test_a_period_of_days_that_ends_on_a_closed_day_ends_on_the_next_working_day():
    # § 26 (3) SGB X: 18.02. + 5 days is Rosenmontag.
    assert due("tage(5)").date() == date(2004, 2, 24)
    assert due("wochen(1)").date() == date(2004, 2, 25)


def test_a_month_from_the_thirty_first_ends_on_the_last_of_february():
    # The last of February 2004 is a Sunday.
    assert due("monate(1)", dates.start_of(date(2004, 1, 31))).date() == date(2004, 3, 1)
    assert due("monate(1)", dates.start_of(date(2005, 1, 31))).date() == date(2005, 2, 28)


def test_a_preparation_before_a_date_is_never_late():
    birthday = dates.start_of(date(2004, 6, 15))
    assert due("tage(-56)", birthday).date() == date(2004, 4, 20)
    assert due("tage(-1)", dates.start_of(date(2004, 2, 24))).date() == date(2004, 2, 20)


@pytest.mark.parametrize("day", [date(2004, 3, 27), date(2004, 10, 30)])
def test_a_day_is_a_day_when_the_clocks_change(day):
    noon = dates.at(day, datetime.min.time().replace(hour=12))
    assert due("P1D", noon).time() == dates.local(noon).time()
    assert CALENDAR.due("PT24H", noon, {}) - noon == timedelta(hours=24)


@pytest.mark.parametrize(
    ("expression", "span"),
    [
        ("PT10S", timedelta(seconds=10)),
        ("PT1H30M", timedelta(minutes=90)),
        ("R3/PT10H", timedelta(hours=10)),
        ("P2W", timedelta(14)),
    ],
)
def test_iso_durations_are_exact(expression, span):
    assert CALENDAR.due(expression, START, {}) == START + span


def test_iso_months_end_as_the_law_counts():
    assert due("P1M", datetime(2004, 1, 31, 9, tzinfo=UTC)).isoformat() == "2004-02-29T10:00:00+01:00"


def test_a_named_deadline_means_what_the_office_says():
    assert due('frist("first_talk")') == due("werktage(5)")
    assert due("frist('contact_full')") == due("wochen(4)")
    assert due("frist(contact)", contact="contact_basic") == due("wochen(10)")


def test_a_value_that_holds_a_date_means_its_first_instant():
    assert due("age_event_at", age_event_at="2004-06-15").isoformat() == "2004-06-15T00:00:00+02:00"
    assert due("at", at="2004-06-15T08:30:00+02:00").isoformat() == "2004-06-15T08:30:00+02:00"


def test_a_value_may_hold_a_duration():
    assert due("pause", pause="P3D") == due("P3D")


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "P9999Y",
        "monate(99999)",
        "werktage()",
        "werktage(x)",
        "frist('no_such')",
        "frist(none)",
        "P",
        "PT",
        "unknown_value",
        "31.02.2004",
        "2004-02-31",
        "jahre(3)",
    ],
)
def test_an_expression_that_means_nothing_is_refused(expression):
    with pytest.raises(errors.ExpressionInvalid):
        CALENDAR.due(expression, START, {})


def test_deadlines_that_name_each_other_are_refused():
    terms = (calendar.Term("a", 'frist("b")', date(2003, 1, 1)), calendar.Term("b", 'frist("a")', date(2003, 1, 1)))
    with pytest.raises(errors.ExpressionInvalid):
        calendar.OfficeCalendar(lambda: calendar.Snapshot(terms=terms)).due('frist("a")', START, {})


def test_a_changed_deadline_counts_from_its_day_on():
    terms = (
        calendar.Term("a", "werktage(1)", date(2003, 1, 1), date(2004, 3, 1)),
        calendar.Term("a", "werktage(3)", date(2004, 3, 1)),
    )
    changed = calendar.OfficeCalendar(lambda: calendar.Snapshot(terms=terms))
    early, late = dates.start_of(date(2004, 2, 25)), dates.start_of(date(2004, 3, 1))
    assert dates.day_of(changed.due("frist('a')", early, {})) == date(2004, 2, 26)
    assert dates.day_of(changed.due("frist('a')", late, {})) == date(2004, 3, 4)


@given(WORKING, st.integers(1, 40))
def test_working_days_are_counted_one_by_one(day, count):
    last = SNAPSHOT.add_working_days(day, count)
    assert SNAPSHOT.is_working_day(last)
    assert SNAPSHOT.working_days_between(day, last) == count


@given(WORKING, st.integers(0, 40), st.integers(0, 40))
def test_more_working_days_never_end_earlier(day, one, other):
    few, many = sorted((one, other))
    assert SNAPSHOT.add_working_days(day, few) <= SNAPSHOT.add_working_days(day, many)


@given(WORKING, st.sampled_from(["werktage", "tage", "wochen", "monate"]), st.integers(0, 12))
def test_every_counted_period_ends_on_a_working_day(day, unit, count):
    end = CALENDAR.due(f"{unit}({count})", dates.start_of(day), {})
    assert SNAPSHOT.is_working_day(dates.day_of(end))
    assert end >= dates.start_of(day)


def test_the_tables_are_read_again_after_they_were_forgotten(committed):
    source = calendar.TableSource(committed)
    assert not source().closed
    with committed.begin() as session:
        service.load(session, "bergisch_gladbach_2004", START)
    assert not source().closed
    source.forget()
    assert source().closed == SNAPSHOT.closed
    assert set(source().terms) == set(SNAPSHOT.terms)
