from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.casework import errors
from app.casework.cases import payers, queries
from app.office import dates

FIRST = date(2004, 1, 1)
MONTHS = [dates.add_months(FIRST, number) for number in range(18)]


def noon(day):
    return datetime.combine(day, time(12), UTC)


def rows(session, case, state="active"):
    return [row for row in queries.payers(session, case) if row.state == state]


@pytest.fixture
def paid(office, case, acting):
    payers.begin(office, case, payer="FB5", valid_from=FIRST, actor=acting("KS"), now=noon(date(2004, 1, 5)))
    return case


def test_a_change_counts_from_the_first_of_the_month_that_was_accepted(office, paid, acting):
    payers.offer(office, paid, payer="SB", valid_from=date(2004, 3, 1), actor=acting("BFK"), now=noon(date(2004, 2, 2)))
    assert queries.payer_on(office, paid, date(2004, 3, 1)) == "FB5"
    start = payers.accept(office, paid, actor=acting("FB5"), now=noon(date(2004, 2, 10)))
    assert start == date(2004, 3, 1)
    assert queries.payer_on(office, paid, date(2004, 2, 29)) == "FB5"
    assert queries.payer_on(office, paid, date(2004, 3, 1)) == "SB"


def test_an_offer_accepted_too_late_moves_to_the_next_month(office, paid, acting):
    payers.offer(office, paid, payer="SB", valid_from=date(2004, 3, 1), actor=acting("BFK"), now=noon(date(2004, 2, 2)))
    assert payers.accept(office, paid, actor=acting("FB5"), now=noon(date(2004, 3, 1))) == date(2004, 4, 1)
    assert queries.payer_on(office, paid, date(2004, 3, 31)) == "FB5"


def test_a_later_offer_drops_the_earlier_one(office, paid, acting):
    for month in (3, 5):
        payers.offer(
            office, paid, payer="SB", valid_from=date(2004, month, 1), actor=acting("BFK"), now=noon(date(2004, 2, 2))
        )
    assert [row.valid_from.month for row in rows(office, paid, "superseded")] == [3]
    assert payers.accept(office, paid, actor=acting("FB5"), now=noon(date(2004, 2, 3))) == date(2004, 5, 1)


@pytest.mark.parametrize(
    ("payer", "day", "reason"),
    [
        ("SB", date(2004, 3, 2), "not_first_of_month"),
        ("SB", date(2004, 2, 1), "not_in_future"),
        ("FB5", date(2004, 3, 1), "pays_already"),
    ],
)
def test_an_impossible_offer_is_refused(office, paid, acting, *, payer, day, reason):
    with pytest.raises(errors.PayerRefused, match=reason):
        payers.offer(office, paid, payer=payer, valid_from=day, actor=acting("BFK"), now=noon(date(2004, 2, 2)))


def test_nothing_offered_is_not_accepted(office, paid, acting):
    with pytest.raises(errors.PayerRefused):
        payers.accept(office, paid, actor=acting("FB5"), now=noon(date(2004, 2, 2)))


def test_a_second_first_payer_is_refused(office, paid, acting):
    with pytest.raises(errors.PayerRefused):
        payers.begin(office, paid, payer="SB", valid_from=FIRST, actor=acting("KS"), now=noon(date(2004, 2, 2)))


def test_the_office_that_releases_pays_at_once_only_when_nobody_does(office, case, acting):
    assert payers.take_over(office, case, payer="SB", actor=acting("BFK"), now=noon(date(2004, 1, 20))) == FIRST
    assert queries.payer_on(office, case, date(2004, 1, 20)) == "SB"


def test_the_office_takes_over_with_the_next_month_from_somebody_else(office, paid, acting):
    assert payers.take_over(office, paid, payer="SB", actor=acting("BFK"), now=noon(date(2004, 1, 20))) == date(
        2004, 2, 1
    )


def test_an_end_leaves_nobody_after_the_last_month(office, paid):
    payers.end(office, paid, last_month=date(2004, 5, 17))
    assert queries.payer_on(office, paid, date(2004, 5, 31)) == "FB5"
    assert queries.payer_on(office, paid, date(2004, 6, 1)) == ""


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["offer", "accept", "take_over", "withdraw"]),
        st.sampled_from(["SB", "FB5"]),
        st.integers(0, 45),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ACTS)
def test_exactly_one_pays_in_each_month_and_what_is_past_never_changes(office, paid, acting, acts):
    with office.begin_nested() as savepoint:
        today = date(2004, 1, 5)
        for act, payer, days in acts:
            today += timedelta(days)
            past = {month: queries.payer_on(office, paid, month) for month in MONTHS if month <= today}
            _act(office, paid, acting, act=act, payer=payer, today=today)
            for month in MONTHS:
                covering = [
                    row
                    for row in rows(office, paid)
                    if row.valid_from <= month and (row.valid_to is None or month < row.valid_to)
                ]
                assert len(covering) == 1
            assert {month: queries.payer_on(office, paid, month) for month in past} == past
        savepoint.rollback()
    office.expire_all()


def _act(session, case, acting, *, act, payer, today):
    now = noon(today)
    try:
        if act == "offer":
            start = dates.first_of_next_month(today)
            payers.offer(session, case, payer=payer, valid_from=start, actor=acting("BFK"), now=now)
        elif act == "accept":
            payers.accept(session, case, actor=acting("FB5"), now=now)
        elif act == "take_over":
            payers.take_over(session, case, payer=payer, actor=acting("BFK"), now=now)
        else:
            payers.withdraw(session, case)
    except errors.PayerRefused:
        return
