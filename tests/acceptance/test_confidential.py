"""Who sees what of a case: each reader what the matrix of the office allows, and nothing else."""

from __future__ import annotations

import pytest

from tests.acceptance.stage import ROUTING, staff, stage

__all__ = ["staff", "stage"]
pytestmark = pytest.mark.browser
TOLD = "Streit mit dem Stiefvater"
STRENGTH = "fährt gern Gabelstapler"


@pytest.fixture(scope="module")
def case(stage):
    """A case under 25 with benefit, profile and social history."""
    stage.register_and_check()
    stage.do("ks", ROUTING)
    stage.answers = {
        "profile": {"strengths": STRENGTH, "anamnesis_suggested": "yes"},
        "anamnesis": {"family_text": TOLD},
    }
    stage.brought_to("Plan entwerfen")
    return stage


def text(case, login: str) -> str:
    """The page of the case with all it shows to this reader."""
    return case.case_page(login)


def test_case_management_reads_the_social_history(case):
    assert TOLD in text(case, "fm")


@pytest.mark.parametrize("login", ["ks", "bfk", "vm", "fb5", "leitung.aa"])
def test_nobody_else_reads_the_social_history(case, login):
    assert TOLD not in text(case, login)


@pytest.mark.parametrize("login", ["fb5"])
def test_department_5_reads_neither_profile_nor_social_history(case, login):
    shown = text(case, login)
    assert STRENGTH not in shown
    assert "Sozialanamnese" not in shown.split("Offene Aufgaben")[0]
    assert "Sozialhilfe" in shown


@pytest.mark.parametrize("login", ["design", "admin"])
def test_design_and_administration_are_turned_away(case, login):
    page = case.page(login)
    for path in (case.case, "/inbox", "/clients/new", f"{case.case}/diagram.bpmn"):
        answer = page.goto(path)
        assert answer.status == 403, (login, path, answer.status)


def test_data_protection_reads_the_log_and_no_content(case):
    for login in ("dsb.stadt", "dsb.aa"):
        page = case.page(login)
        answer = page.goto(case.case)
        shown = page.locator("main").inner_text()
        assert answer.status in {200, 403}
        assert TOLD not in shown
        assert STRENGTH not in shown
