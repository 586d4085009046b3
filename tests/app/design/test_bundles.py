"""Bundles: a process is checked, signed, released and brought back together with its forms."""

from __future__ import annotations

import json

import pytest

from app.design import errors, queries, releases, service
from app.identity import queries as identity
from app.office import clock
from tests.app import running
from tests.app.design import test_releases as acts
from tests.app.design.test_releases import today  # noqa: F401  a fixture
from workflows import definitions
from workflows.handlers import Actor

FORM = "forms/benefit_preparation.json"


def changed(content: bytes, title: str) -> bytes:
    document = json.loads(content)
    document["drehscheibe"]["title"] = title
    return json.dumps(document, ensure_ascii=False).encode()


def take(sessions, draft: int, file: str, content: bytes | None = None, *, login: str = "design") -> service.Saved:
    """A part of a draft, begun by the owner of the login."""
    with sessions.begin() as session:
        session.info.setdefault("environment", running.ENVIRONMENT)
        account = identity.account_by_login(session, login)
        actor = Actor(id=account.id, name="Gestaltung", roles=frozenset({"PD"}))
        return service.begin_part(session, draft, file, content, actor=actor, now=clock.now(session))


def form_of(sessions, draft: int, title: str) -> int:
    """The shipped form of the process with another title, as a part of this draft."""
    part = take(sessions, draft, FORM)
    with sessions() as session:
        content = queries.content(session, part.draft_id)
    return take(sessions, draft, FORM, changed(content, title)).draft_id


def shown_title(sessions) -> str:
    with sessions() as session:
        return definitions.form(session, definitions.latest(session, "benefit").id, "benefit_preparation").title


def test_release_brings_the_form_into_force_with_its_process_and_back(at, office_sessions, today):  # noqa: F811
    before = shown_title(office_sessions)
    draft = acts.drawn(at)
    form_of(office_sessions, draft, "Leistung vorbereiten, neu gefasst")

    page = at("design").page(f"/design/{draft}/release")
    assert "Leistung vorbereiten, neu gefasst" in page
    release = acts.submitted(at, draft, today)
    assert "Leistung vorbereiten, neu gefasst" in at("leitung.aa").page(f"/design/releases/{release}")
    for login in acts.LEADERS:
        acts.sign(at, office_sessions, release, login)
    assert shown_title(office_sessions) == before
    assert acts.activated(office_sessions)
    assert shown_title(office_sessions) == "Leistung vorbereiten, neu gefasst"

    answer = at("leitung.aa").post(f"/design/releases/{release}/back", reason="Doch nicht")
    back = int(answer.location.rsplit("/", 1)[1])
    for login in acts.LEADERS:
        acts.sign(at, office_sessions, back, login)
    assert acts.activated(office_sessions)
    assert shown_title(office_sessions) == before


def test_signatures_are_void_when_a_part_changes(at, office_sessions, today):  # noqa: F811
    draft = acts.drawn(at)
    release = acts.submitted(at, draft, today)
    acts.sign(at, office_sessions, release, "leitung.stadt")

    form_of(office_sessions, draft, "Etwas anderes")

    with office_sessions() as session:
        assert releases.overtaken(session, releases.release(session, release))
    assert acts.sign(at, office_sessions, release, "leitung.aa").status_code == 409


def test_who_edited_a_form_does_not_sign(at, office_sessions, today):  # noqa: F811
    draft = acts.drawn(at)
    take(office_sessions, draft, FORM, login="leitung.aa")
    form_of(office_sessions, draft, "Von der Leitung")
    release = acts.submitted(at, draft, today)

    answer = acts.sign(at, office_sessions, release, "leitung.aa")

    assert answer.status_code == 409
    assert "mitgearbeitet" in answer.text


def test_nothing_is_submitted_that_was_not_looked_at(at, office_sessions, today):  # noqa: F811
    draft = acts.drawn(at)
    page = at("design").page(f"/design/{draft}/release")
    seen = page.split('name="seen" value="')[1].split('"')[0]
    form_of(office_sessions, draft, "Eben noch geändert")

    assert acts.submit(at, draft, today, seen=seen).status_code == 409


def test_check_uses_the_forms_of_the_bundle(at, office_sessions):
    draft = acts.drawn(at)
    content = at("design").get(f"/design/{draft}/state").json["content"]
    content = content.replace('d:form="benefit_preparation"', 'd:form="brand_new"')
    unknown = at("design").post(f"/design/{draft}/check", content=content).json["problems"]
    assert "form_missing" in {one["code"] for one in unknown}, {one["code"] for one in unknown}

    part = take(office_sessions, draft, FORM)
    with office_sessions() as session:
        form = queries.content(session, part.draft_id)
    take(office_sessions, draft, "forms/brand_new.json", form)

    known = at("design").post(f"/design/{draft}/check", content=content).json["problems"]
    assert "form_missing" not in {one["code"] for one in known}


def test_parts_are_no_drafts_of_their_own(at, office_sessions):
    draft = acts.drawn(at)
    part = form_of(office_sessions, draft, "Teil")

    with office_sessions() as session:
        assert [row.id for row in queries.drafts(session)] == [draft]
        assert [row.file for row in queries.parts(session, draft)] == [FORM]
        assert set(queries.bundle(session, draft)) == {"benefit.bpmn", FORM}
        with pytest.raises(errors.UnknownDraft):
            queries.bundle(session, part)
    for page in ("steps", "state", "release"):
        assert at("design").get(f"/design/{part}/{page}").status_code == 404
    history = at("design").page(f"/design/{part}/history")
    assert f"/design/{part}/release" not in history
    assert at("design").get(f"/design/{part}/file.bpmn").mimetype == "application/json"


@pytest.mark.parametrize(
    "file", ["forms/../x.json", "x.json", "forms/x.bpmn", "other/x.json", "forms/.json", "a/b.bpmn"]
)
def test_part_has_a_plain_name(at, office_sessions, file):
    draft = acts.drawn(at)
    with pytest.raises(errors.FileUnusable):
        take(office_sessions, draft, file, b"{}")


def test_form_that_cannot_be_read_is_no_part(at, office_sessions):
    draft = acts.drawn(at)
    with pytest.raises(errors.FileUnusable):
        take(office_sessions, draft, FORM, b'{"type": "default", "components": [{"type": "iframe"}]}')


def test_form_that_other_processes_need_is_not_broken_for_them(at, office_sessions, today):  # noqa: F811
    draft = acts.drawn(at)
    with office_sessions() as session:
        held = queries.in_force(session).hashes
        content = queries.sources(session, [held["forms/route_decision.json"]])[held["forms/route_decision.json"]]
    document = json.loads(content) | {"components": []}
    take(office_sessions, draft, "forms/route_decision.json", json.dumps(document).encode())

    page = at("design").page(f"/design/{draft}/release")

    assert "Mit Fehlern kann nichts eingereicht werden" in page
    assert acts.submit(at, draft, today).status_code == 422
