"""Releases: both agencies sign the same content, on its day it is in force, and nothing else ever is."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.design import queries, releases
from app.office import clock, dates
from app.office.models import Setting
from tests.app import running
from workflows import definitions

LEADERS = ("leitung.stadt", "leitung.aa")


@pytest.fixture
def today(office_sessions):
    """The day of the office."""
    with office_sessions() as session:
        return dates.day_of(clock.now(session))


def drawn(at, name: str = "Leistung, neu", file: str = "benefit.bpmn") -> int:
    answer = at("design").post("/design", kind="released", file=file)
    draft = int(answer.location.rsplit("/", 1)[1])
    save(at, draft, 1, name)
    return draft


def save(at, draft: int, known: int, name: str) -> None:
    content = at("design").get(f"/design/{draft}/state").json["content"]
    start = content.index('name="', content.index("<bpmn:process")) + 6
    content = content[:start] + name + content[content.index('"', start) :]
    answer = at("design").post(f"/design/{draft}/save", revision=known, content=content)
    assert answer.status_code == 200


def submit(at, draft: int, today, *, revision: int = 2, days: int = 0, **data):
    day = f"{today + timedelta(days=days):%d.%m.%Y}"
    given = {"reason": "Wegen der neuen Satzung", "accepts": "yes", "on": day, "revision": revision} | data
    return at("design").post(f"/design/{draft}/release", **given)


def submitted(at, draft: int, today, **data) -> int:
    answer = submit(at, draft, today, **data)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def hash_of(sessions, release: int) -> str:
    with sessions() as session:
        return releases.release(session, release).hash


def sign(at, sessions, release: int, login: str, *, seen: str = ""):
    return at(login).post(f"/design/releases/{release}/sign", seen=seen or hash_of(sessions, release))


def activated(sessions, *, days: int = 0) -> bool:
    with sessions.begin() as session:
        session.info.setdefault("environment", running.ENVIRONMENT)
        return releases.activate_due(session, clock.now(session) + timedelta(days=days))


def version(sessions) -> int:
    with sessions() as session:
        return definitions.latest(session, "benefit").version


def state(sessions, release: int) -> str:
    with sessions() as session:
        return releases.release(session, release).state


def test_release_holds_from_its_day_when_both_agencies_have_signed(at, office_sessions, today):
    release = submitted(at, drawn(at), today, days=3)
    page = at("leitung.aa").page(f"/design/releases/{release}")
    assert "heißt jetzt „Leistung, neu“" in page
    assert "wartet auf Ihre Unterschrift" in at("leitung.stadt").page("/design/releases")
    assert "1 warten auf Ihre Unterschrift" in at("leitung.stadt").page("/design")

    assert sign(at, office_sessions, release, "leitung.stadt").status_code == 303
    assert not activated(office_sessions, days=9)
    assert sign(at, office_sessions, release, "leitung.aa").status_code == 303

    assert not activated(office_sessions, days=2)
    assert version(office_sessions) == 1
    assert activated(office_sessions, days=9)
    assert not activated(office_sessions, days=9)
    assert (version(office_sessions), state(office_sessions, release)) == (2, "active")
    page = at("design").page(f"/design/releases/{release}")
    assert "in Kraft gesetzt" in page
    # The case calls this process: its running cases are touched, too.
    assert "/versions/case/move" in page


def test_edit_after_submission_makes_the_signatures_void(at, office_sessions, today):
    draft = drawn(at)
    release = submitted(at, draft, today)
    for login in LEADERS:
        sign(at, office_sessions, release, login)
    save(at, draft, 2, "Etwas anderes")

    assert "Die Unterschriften gelten nicht mehr" in at("leitung.aa").page(f"/design/releases/{release}")
    assert activated(office_sessions)
    assert (version(office_sessions), state(office_sessions, release)) == (1, "void")


def test_second_release_of_the_same_file_must_be_signed_anew_after_the_first(at, office_sessions, today):
    first, second = (submitted(at, drawn(at, name), today) for name in ("Eins", "Zwei"))
    for release in (first, second):
        for login in LEADERS:
            assert sign(at, office_sessions, release, login).status_code == 303

    assert activated(office_sessions)
    assert activated(office_sessions)
    assert [state(office_sessions, one) for one in (first, second)] == ["active", "void"]
    assert version(office_sessions) == 2


def test_only_what_was_seen_is_signed_once_for_each_agency(at, office_sessions, today):
    release = submitted(at, drawn(at), today)

    assert sign(at, office_sessions, release, "leitung.aa", seen="0" * 64).status_code == 409
    assert sign(at, office_sessions, release, "leitung.aa").status_code == 303
    assert sign(at, office_sessions, release, "leitung.aa").status_code == 409
    assert state(office_sessions, release) == "review"


def test_designers_and_clerks_sign_nothing(at, office_sessions, today):
    release = submitted(at, drawn(at), today)

    for login in ("design", "ks", "admin"):
        assert sign(at, office_sessions, release, login).status_code == 403
    assert at("ks").get(f"/design/releases/{release}").status_code == 403
    assert at("leitung.aa").post(f"/design/{1}/release").status_code == 403


def test_who_has_drawn_does_not_sign(at, office_sessions, today):
    release = submitted(at, drawn(at), today)
    with office_sessions.begin() as session:
        row = releases.release(session, release)
        person = releases.Actor(id=row.submitted_by, name="Beides", roles=frozenset({"LTG_AA"}))
        refused = releases.why_not(session, row, person, partner="AA", seen=row.hash)

    assert refused == "own_change"


def test_leader_sends_it_back_with_a_reason(at, office_sessions, today):
    release = submitted(at, drawn(at), today)

    assert at("leitung.aa").post(f"/design/releases/{release}/reject", reason="").status_code == 422
    assert at("leitung.aa").post(f"/design/releases/{release}/reject", reason="Zu früh").status_code == 303
    assert "Zu früh" in at("design").page(f"/design/releases/{release}")
    assert sign(at, office_sessions, release, "leitung.stadt").status_code == 409


def test_errors_block_and_warnings_ask(at, today):
    draft = drawn(at)
    content = at("design").get(f"/design/{draft}/state").json["content"]
    hasty = re.sub(r'(<bpmn:userTask[^>]*?)\sd:form="[^"]*"', r"\1", content, count=1)
    at("design").post(f"/design/{draft}/save", revision=2, content=hasty)
    assert "Bitte bestätigen" in submit(at, draft, today, revision=3, accepts="").text
    broken = content.replace('targetRef="', 'targetRef="nowhere_', 1)
    at("design").post(f"/design/{draft}/save", revision=3, content=broken)

    answer = submit(at, draft, today, revision=4)

    assert (answer.status_code, "hat Fehler" in answer.text) == (422, True)
    assert submit(at, draft, today, revision=4, reason="").status_code == 422
    assert submit(at, draft, today, revision=4, days=-1).status_code == 422


def test_draft_that_changes_nothing_is_not_submitted(at, today):
    answer = at("design").post("/design", kind="released", file="benefit.bpmn")

    assert submit(at, int(answer.location.rsplit("/", 1)[1]), today, revision=1).status_code == 422


def test_version_of_before_comes_back_when_both_agencies_sign_again(at, office_sessions, today):
    release = submitted(at, drawn(at), today)
    for login in LEADERS:
        sign(at, office_sessions, release, login)
    activated(office_sessions)

    assert at("design").post(f"/design/releases/{release}/back", reason="x").status_code == 403
    answer = at("leitung.stadt").post(f"/design/releases/{release}/back", reason="Formular fehlt")
    back = int(answer.location.rsplit("/", 1)[1])
    assert not activated(office_sessions)
    for login in LEADERS:
        assert sign(at, office_sessions, back, login).status_code == 303
    assert activated(office_sessions)

    with office_sessions() as session:
        content = queries.sources(session, [queries.in_force(session).hashes["benefit.bpmn"]])
    assert version(office_sessions) == 3
    assert b"Leistung, neu" not in next(iter(content.values()))


def test_written_form_is_demanded_where_the_office_says_so(at, office_sessions, today):
    with office_sessions.begin() as session:
        session.scalars(select(Setting).where(Setting.key == releases.NEEDS_DOCUMENT)).one().value = True
    release = submitted(at, drawn(at), today)
    paper = f"/design/releases/{release}/document"

    assert sign(at, office_sessions, release, "leitung.aa").status_code == 409
    assert at("design").post(paper, upload=(io.BytesIO(b"<html>"), "x.pdf")).status_code == 422
    assert at("design").post(paper, upload=(io.BytesIO(b"%PDF-1.4 scan"), "x.pdf")).status_code == 303
    answer = at("leitung.aa").get(paper)
    assert (answer.data, answer.mimetype) == (b"%PDF-1.4 scan", "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert at("ks").get(paper).status_code == 403
    assert sign(at, office_sessions, release, "leitung.aa").status_code == 303


def test_any_two_versions_are_compared_in_words(at):
    draft = drawn(at)
    page = at("leitung.aa").page(f"/design/compare?old=version:benefit:1&new=draft:{draft}")

    assert "heißt jetzt „Leistung, neu“" in page
    assert "Kein Unterschied" in at("design").page(f"/design/compare?old=draft:{draft}&new=draft:{draft}")
    for wrong in ("draft:x", "draft:999999", "version:benefit:99", "file:/etc/passwd", "::"):
        assert "Bitte wählen Sie neu" in at("design").page(f"/design/compare?old={wrong}&new=draft:{draft}")


def test_diagrams_that_differ_stand_side_by_side_with_what_changed_marked(at):
    draft = drawn(at)
    address = f"/design/compare?old=version:benefit:1&new=draft:{draft}"
    page = at("leitung.aa").page(address)
    places = re.findall(r'data-diagram="(/[^"]+)"', page)
    assert len(places) == 2
    old, new = (at("leitung.aa").get(place) for place in places)
    assert (old.mimetype, new.mimetype) == ("application/xml", "application/xml")
    assert ("Leistung, neu" in old.text, "Leistung, neu" in new.text) == (False, True)
    marked = [one for kind in ("renamed", "changed") for one in re.findall(rf"data-{kind}='(\[[^']+\])'", page)]
    assert marked

    assert 'data-diagram="/' not in at("design").page(f"/design/compare?old=draft:{draft}&new=draft:{draft}")
    assert at("design").get(f"/design/compare/draft:{draft}/forms/x.json").status_code == 404
    assert at("design").get("/design/compare/draft:x/benefit.bpmn").status_code == 404
    assert at("ks").get(places[0]).status_code == 403


def test_both_diagrams_of_a_release_can_be_read(at, today):
    release = submitted(at, drawn(at), today)

    for side, there in (("old", False), ("new", True)):
        answer = at("leitung.aa").get(f"/design/releases/{release}/{side}/benefit.bpmn")
        assert (b"Leistung, neu" in answer.data) is there
    assert at("leitung.aa").get(f"/design/releases/{release}/new/other.bpmn").status_code == 404
