"""The rule book is released like a process: checked, signed by both agencies, in force from its day, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.casework import rulebooks
from app.design import errors, files, queries, releases
from tests.app.design import rule_drafts as drafts
from tests.app.design import test_bundles
from tests.app.design import test_releases as acts
from tests.app.design.test_releases import today  # noqa: F401  a fixture


def limit_on(sessions, day) -> int:
    with sessions() as session:
        return rulebooks.in_force(session, day).parameters(day)["young_below"]


def released(at, sessions, draft: int, today, *, days: int = 0) -> int:  # noqa: F811
    release = acts.submitted(at, draft, today, days=days)
    for login in acts.LEADERS:
        assert acts.sign(at, sessions, release, login).status_code == 303
    return release


def test_a_signed_book_decides_from_its_day_on_and_the_one_before_comes_back(at, office_sessions, today):  # noqa: F811
    draft = drafts.begun(at)
    drafts.change(office_sessions, draft, drafts.limit(26))
    page = at("design").page(f"/design/{draft}/release")
    assert "Altersgrenze der Betreuung unter 25: jetzt 26 ab 01.01.2004; vorher 25 ab 01.01.2004." in page
    assert "Was entschieden ist, bleibt." in page
    assert "Laufende bleiben auf ihrer" not in page
    release = released(at, office_sessions, draft, today, days=3)

    assert not acts.activated(office_sessions, days=2)
    assert acts.activated(office_sessions, days=3)
    assert limit_on(office_sessions, today + timedelta(days=2)) == 25
    assert limit_on(office_sessions, today + timedelta(days=3)) == 26

    answer = at("leitung.aa").post(f"/design/releases/{release}/back", reason="Doch nicht")
    back = int(answer.location.rsplit("/", 1)[1])
    for login in acts.LEADERS:
        assert acts.sign(at, office_sessions, back, login).status_code == 303
    assert acts.activated(office_sessions, days=4)
    assert limit_on(office_sessions, today + timedelta(days=4)) == 25
    with office_sessions() as session:
        assert [row.version for row in rulebooks.history(session)] == ["1", "2", "1"]


def test_a_book_beside_a_process_comes_into_force_with_it(at, office_sessions, today):  # noqa: F811
    draft = acts.drawn(at)
    begun = test_bundles.take(office_sessions, draft, rulebooks.file())
    drafts.change(office_sessions, begun.draft_id, drafts.limit(26))
    released(at, office_sessions, draft, today)

    assert acts.activated(office_sessions)
    assert limit_on(office_sessions, today) == 26
    assert acts.version(office_sessions) == 2


def test_whoever_signs_late_does_not_change_what_was_decided_since(at, office_sessions, today):  # noqa: F811
    draft = drafts.begun(at)
    drafts.change(office_sessions, draft, drafts.limit(26))
    released(at, office_sessions, draft, today)

    assert acts.activated(office_sessions, days=5)

    assert limit_on(office_sessions, today + timedelta(days=4)) == 25
    assert limit_on(office_sessions, today + timedelta(days=5)) == 26


def test_a_gap_is_told_with_an_example_and_must_be_accepted(at, office_sessions, today):  # noqa: F811
    draft = drafts.begun(at)

    def narrow(book):
        row = next(row for row in book["rules"] if row["id"] == "Z6")
        row["when"][3] = ["age", "<", 24]

    drafts.change(office_sessions, draft, narrow)

    page = at("design").page(f"/design/{draft}/release")
    assert "trifft keine Zeile zu auf: Geburtsdatum" in page
    assert acts.submit(at, draft, today, accepts="").status_code == 422
    assert acts.submit(at, draft, today).status_code == 303


def test_a_book_whose_test_row_fails_is_not_submitted(at, office_sessions, today):  # noqa: F811
    draft = drafts.begun(at)

    def expect(book):
        facts = {"birth_date": "1983-01-01", "reference_date": "2004-01-05", "residence": "yes", "benefits": ["HLU"]}
        book["tests"] = [
            {"id": "P1", "title": "Jung", "on": "2004-01-05", "facts": facts | {"fit_for_work": "yes"},
             "outcome": "GRUND_P4"},
        ]  # fmt: skip

    drafts.change(office_sessions, draft, expect)

    assert "Prüfzeile P1 ergibt „Volle Betreuung unter 25 (Z6)“ statt „Grundangebote“" in at("design").page(
        f"/design/{draft}/release"
    )
    assert acts.submit(at, draft, today).status_code == 422


def test_a_book_with_faults_is_not_saved(at, office_sessions):
    draft = drafts.begun(at)
    with pytest.raises(errors.FileUnusable) as refused:
        drafts.change(office_sessions, draft, lambda book: book["rules"][3].update(outcome="NOWHERE"))
    assert refused.value.faults[0].sentence("de").startswith("Zeile Z3, Ergebnis: NOWHERE gibt es hier nicht.")


def test_a_book_has_the_name_of_the_one_of_the_office():
    with pytest.raises(errors.FileUnusable):
        files.checked(b"{}", file="books/other.json")


def test_pages_for_drawings_know_no_book(at, office_sessions):
    draft = drafts.begun(at)
    for page in ("steps", "state", "forms"):
        assert at("design").get(f"/design/{draft}/{page}").status_code == 404
    assert at("design").page("/design").count("Schrittliste") == 0
    with office_sessions() as session:
        assert rulebooks.file() in queries.in_force(session).hashes
        assert session.scalar(select(releases.Release.id)) is None
