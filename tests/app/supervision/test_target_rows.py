"""What is reckoned about running steps: working days as the calendar counts, net within gross, colours only worse."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.office import dates, profile
from app.office import service as office
from app.supervision import target_queries as queries
from app.supervision import target_rows

NAME = "bergisch_gladbach_2004"
CALENDAR = profile.snapshot(profile.read(NAME))
DAYS = st.dates(date(2003, 1, 1), date(2005, 12, 31))
INSTANTS = st.datetimes(datetime(2003, 1, 1), datetime(2005, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
RELAXED = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def stocked(session):
    """A session in which the working days of the office are."""
    office.load(session, NAME, datetime(2004, 1, 5, tzinfo=UTC))
    return session


@RELAXED
@given(first=INSTANTS, second=INSTANTS)
def test_the_time_between_is_counted_in_working_days_of_the_calendar(stocked, first, second):
    since, until = sorted((first, second))
    query = text(f"SELECT {target_rows.span(':unit', 'CAST(:a AS timestamptz)', 'CAST(:b AS timestamptz)')}")
    found = stocked.scalar(query, {"unit": "workdays", "a": since, "b": until})
    assert found == CALENDAR.working_days_between(dates.day_of(since), dates.day_of(until))


@RELAXED
@given(since=INSTANTS, count=st.integers(1, 60))
def test_a_limit_is_over_with_the_last_of_its_working_days(stocked, since, count):
    query = text(f"SELECT {target_rows.after('CAST(:a AS timestamptz)', 'CAST(:count AS integer)')}")
    found = stocked.scalar(query, {"a": since, "count": count})
    last = CALENDAR.add_working_days(dates.day_of(since), count)
    assert found == dates.start_of(last + timedelta(1))


@RELAXED
@given(moments=st.lists(INSTANTS, min_size=4, max_size=4))
def test_what_the_client_was_waited_for_never_exceeds_the_whole(stocked, moments):
    since, held, again, until = sorted(moments)
    span = target_rows.span("'workdays'", "CAST(:{0} AS timestamptz)", "CAST(:{1} AS timestamptz)")
    names = [("a", "d"), ("b", "c")]
    query = text("SELECT " + ", ".join(span.replace("{0}", one).replace("{1}", two) for one, two in names))
    gross, waited = stocked.execute(query, {"a": since, "b": held, "c": again, "d": until}).one()
    assert 0 <= waited <= gross


@given(
    amber=INSTANTS, more=st.timedeltas(timedelta(0), timedelta(90)),
    times=st.tuples(st.integers(0, 90), st.integers(0, 120)), looks=st.lists(INSTANTS, min_size=2, max_size=6),
)  # fmt: skip
def test_a_colour_only_gets_worse_and_net_is_within_gross(amber, more, times, looks):
    row = queries.Row(1, 1, "route", "workdays", "KS", None, amber, amber, amber + more, False, 0, *times)
    order = ("green", "amber", "red")
    seen = [order.index(row.colour(now)) for now in sorted(looks)]
    assert seen == sorted(seen)
    assert 0 <= row.net <= row.gross == times[0]
