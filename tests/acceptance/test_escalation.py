"""What nobody answers goes to the leader when the office's clock says so; the task itself stays where it is."""

from __future__ import annotations

from datetime import date

import pytest

from tests.acceptance.stage import ROUTING, staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
CONFIRM = "Fallbeginn bestätigen"
SETTLE = "Unbestätigte Meldung klären"


def test_an_unconfirmed_start_is_told_to_the_leader_after_three_working_days(staff):
    staff.register_and_check(birth_date="12.03.1977", unemployed_since="01.06.2002")
    staff.do("ks", ROUTING)
    staff.move_clock(date(2004, 1, 7))
    assert SETTLE not in staff.listed("leitung.stadt")

    staff.watch_clock(date(2004, 1, 9))
    assert SETTLE in staff.listed("leitung.stadt")
    assert CONFIRM in staff.listed("fb5")

    staff.do("leitung.stadt", SETTLE)
    staff.do("fb5", CONFIRM)
    assert "bestätigt von" in staff.case_page("fm")
