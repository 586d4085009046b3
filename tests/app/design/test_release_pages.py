"""The pages of a release in the browser: two leaders sign what they see, both versions are marked side by side."""

from __future__ import annotations

import pytest

from app.design import queries, releases, service
from app.identity import queries as identity
from app.office import clock, dates
from tests.app import browsing, running
from tests.app.conftest import PASSWORD
from tests.app.design import test_releases as acts
from workflows.handlers import Actor

pytestmark = pytest.mark.browser


@pytest.fixture
def submitted(office_sessions):
    """A release of a process that has another name and another task, before both leaders."""
    with office_sessions.begin() as session:
        session.info.setdefault("environment", running.ENVIRONMENT)
        now, account = clock.now(session), identity.account_by_login(session, "design")
        designer = Actor(id=account.id, name="Gestaltung", roles=frozenset({"PD"}))
        draft = service.begin_released(session, "benefit.bpmn", actor=designer, now=now).draft_id
        content = queries.content(session, draft)
        place = content.index(b' name="', content.index(b"<bpmn:userTask")) + 7
        content = content[:place] + b"Alles " + content[place:]
        service.save(session, draft, content, known=1, actor=designer, now=now)
        given = {"on": dates.day_of(now), "reason": "Wegen der neuen Satzung", "accepts": True}
        return releases.submit(session, draft, known=releases.Seen(2), actor=designer, now=now, **given)


def test_two_leaders_release_and_new_cases_get_the_new_version(page, submitted, office_sessions):
    for login in acts.LEADERS:
        page.context.clear_cookies()
        browsing.signed_in(page, login, PASSWORD)
        page.goto(f"/design/releases/{submitted}")
        page.locator("#diagrams").scroll_into_view_if_needed()
        page.locator(".diagram .is-renamed").first.wait_for()
        page.locator("a[data-jump]").first.focus()
        page.keyboard.press("Enter")
        assert not browsing.violations(page)
        browsing.shot(page, f"release-{login}")
        page.get_by_role("button", name="freigeben").click()
        page.get_by_text("unterschrieben", exact=False).first.wait_for()
    page.set_viewport_size({"width": 320, "height": 700})
    assert browsing.overflows(page) <= 0
    browsing.shot(page, "release-narrow")

    assert acts.activated(office_sessions)
    with office_sessions() as session:
        assert releases.release(session, submitted).state == "active"
    assert acts.version(office_sessions) == 2
