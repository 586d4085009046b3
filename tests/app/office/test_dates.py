from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.office import dates

DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2004, 1, 31), 1, date(2004, 2, 29)),
        (date(2005, 1, 31), 1, date(2005, 2, 28)),
        (date(2004, 11, 30), 3, date(2005, 2, 28)),
        (date(2004, 3, 15), 3, date(2004, 6, 15)),
        (date(2004, 3, 31), -1, date(2004, 2, 29)),
        (date(2004, 12, 31), 12, date(2005, 12, 31)),
    ],
)
def test_month_ends_as_the_law_counts(start, months, end):
    assert dates.add_months(start, months) == end


@given(DAYS, st.integers(-36, 36))
def test_a_month_later_has_the_same_number_or_is_the_last_day_of_its_month(day, months):
    later = dates.add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(1)).day == 1)


@given(DAYS)
def test_a_day_lasts_from_its_start_to_its_end(day):
    assert dates.day_of(dates.start_of(day)) == day == dates.day_of(dates.end_of(day))
    assert dates.end_of(day) + timedelta(seconds=1) == dates.start_of(day + timedelta(1))


@pytest.mark.parametrize(("day", "hours"), [(date(2004, 3, 28), 23), (date(2004, 10, 31), 25), (date(2004, 2, 23), 24)])
def test_days_on_which_the_clocks_change_are_shorter_or_longer(day, hours):
    assert dates.start_of(day + timedelta(1)) - dates.start_of(day) == timedelta(hours=hours)


@given(DAYS)
def test_the_next_month_begins_after_the_day(day):
    first = dates.first_of_next_month(day)
    assert first.day == 1
    assert first == dates.add_months(day.replace(day=1), 1)
