from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import ages

DAYS = st.dates(date(1900, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "over"),
    [
        (date(2003, 10, 31), 6, date(2004, 5, 1)),
        (date(2003, 3, 1), 12, date(2004, 3, 1)),
        (date(2003, 11, 30), 3, date(2004, 3, 1)),
        (date(2003, 8, 31), 6, date(2004, 3, 1)),
        (date(2003, 8, 29), 6, date(2004, 2, 29)),
        (date(2004, 2, 29), 12, date(2005, 3, 1)),
        (date(2003, 12, 31), 2, date(2004, 3, 1)),
        (date(2003, 12, 15), 1, date(2004, 1, 15)),
    ],
)
def test_a_period_of_months_is_over_when_the_law_says(start, months, over):
    assert ages.after_months(start, months) == over


@pytest.mark.parametrize(
    ("event", "months", "end"),
    [
        (date(2004, 3, 15), 3, date(2004, 6, 15)),
        (date(2004, 11, 30), 3, date(2005, 2, 28)),
        (date(2003, 11, 30), 3, date(2004, 2, 29)),
        (date(2004, 9, 20), 6, date(2005, 3, 20)),
    ],
)
def test_a_period_set_off_by_an_event_ends_on_its_number_or_the_months_end(event, months, end):
    assert ages.period_end(event, months) == end


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2004, 2, 29), 24), (date(2005, 2, 28), 24), (date(2005, 3, 1), 25), (date(2008, 2, 28), 27)],
)
def test_a_leap_birth_turns_on_the_first_of_march_in_common_years(day, age):
    assert ages.legal_age(date(1980, 2, 29), day) == age


@given(DAYS, st.integers(0, 110))
def test_a_year_of_life_is_completed_at_midnight_before_the_birthday(birth, age):
    turn = ages.birthday(birth, age)
    assert ages.legal_age(birth, turn) == age
    assert ages.legal_age(birth, turn - timedelta(days=1)) == age - 1


@given(DAYS, st.integers(0, 110))
def test_a_birthday_keeps_day_and_month_wherever_the_calendar_has_them(birth, age):
    turn = ages.birthday(birth, age)
    leap_birth = (birth.month, birth.day) == (2, 29) and not calendar.isleap(birth.year + age)
    assert (turn.month, turn.day) == ((3, 1) if leap_birth else (birth.month, birth.day))


@given(DAYS, st.integers(0, 240))
def test_whole_months_are_counted_from_the_day_on_which_they_are_over(start, months):
    over = ages.after_months(start, months)
    assert ages.months_over(start, over) >= months
    assert months == 0 or ages.months_over(start, over - timedelta(days=1)) < months


@given(DAYS)
def test_the_next_month_begins_after_the_day_even_on_a_first(day):
    first = ages.first_of_next_month(day)
    assert first.day == 1
    assert 1 <= (first - day).days <= 31


def test_anniversary_and_365_days_differ_around_the_leap_day():
    by = {"months": 12, "days": 365}
    assert ages.long_term_on(date(2003, 3, 2), **by, count="anniversary") == date(2004, 3, 2)
    assert ages.long_term_on(date(2003, 3, 2), **by, count="days") == date(2004, 3, 1)
    assert ages.anniversary(date(2003, 3, 1)) == date(2004, 3, 1)
