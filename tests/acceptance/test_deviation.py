"""The reception deviates from the proposal: with a reason, and a second person of another role decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance.stage import ROUTING, staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
SECOND = "Abweichung als zweite Person prüfen"
DEVIATION = {
    "decision": "deviate",
    "chosen_route": "GRUND_P4",
    "deviation_reason": "Die Ausbildung beginnt in zwei Wochen.",
    "second_role": "VM",
}


def test_a_deviation_holds_when_the_second_person_approves(staff):
    staff.register_and_check()
    staff.do("ks", ROUTING, **DEVIATION)

    assert SECOND not in staff.listed("ks")
    staff.do("vm", SECOND)

    text = staff.case_page("vm")
    assert "Grundangebote" in text.split("Federführung")[0]
    assert DEVIATION["deviation_reason"] in text


def test_a_deviation_that_the_second_person_rejects_comes_back(staff):
    staff.register_and_check()
    staff.do("ks", ROUTING, **DEVIATION)
    staff.do("vm", SECOND, second_decision="reject", second_reason="Der Beginn ist nicht belegt.")

    assert ROUTING in staff.listed("ks")
    staff.do("ks", ROUTING)
    assert "Volle Betreuung unter 25" in staff.case_page("fm").split("Federführung")[0]


def test_a_deviation_without_a_reason_is_refused_and_nothing_typed_is_lost(staff):
    staff.register_and_check()
    page = staff.open("ks", ROUTING)
    staff.fill_in(page, **DEVIATION | {"deviation_reason": "kurz"})
    staff.complete(page)

    assert "Begründung der Abweichung" in page.locator("[role=alert], .kern-alert--danger").first.inner_text()
    expect(page.locator("[name=deviation_reason]")).to_have_value("kurz")
    expect(page.locator("[name=chosen_route]")).to_have_value("GRUND_P4")
    assert staff.listed("vm") == []
