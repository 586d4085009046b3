"""Closed categories, opened with a reason for a short time: who may, what shows, who learns of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.casework import models, service
from tests import factories
from workflows.handlers import Actor

LOGINS = ("ks", "bfk", "fm", "vm", "fb5", "leitung.stadt", "leitung.aa", "design", "dsb.stadt", "dsb.aa", "admin")
# What the shipped matrix marks with B, by login.
DATA_PROTECTION = frozenset({
    "core", "benefit_status", "benefit_account", "alg_details", "fitness", "profile", "anamnesis", "plan", "referral",
    "breach", "contact", "route",
})  # fmt: skip
CLOSED = {
    "leitung.stadt": {"anamnesis", "referral"},
    "dsb.stadt": DATA_PROTECTION,
    "dsb.aa": DATA_PROTECTION,
}
CATEGORIES = ("core", "anamnesis", "referral", "medical", "log", "task", "placement", "nonsense")
REASON = {"choice": "complaint", "reason": "Beschwerde vom 3. Januar: Steht das wirklich in der Akte?"}
CASE = "/cases/1"


@pytest.fixture
def case(register, office_sessions):
    """A case with a social history."""
    register()
    with office_sessions.begin() as session:
        author = Actor(id=999, name="Erika Beispiel", roles=frozenset({"FM"}), partner="STADT")
        values = {"anamnesis": {"text": "marker-anamnesis"}}
        service.record(session, 1, kind="talk", values=values, actor=author, now=factories.OPENING)
    return CASE


@pytest.mark.parametrize("login", LOGINS)
def test_a_category_is_opened_by_whom_the_matrix_names_and_by_nobody_else(case, at, login):
    for category in CATEGORIES:
        allowed = category in CLOSED.get(login, ())
        assert (at(login).get(f"{case}/open/{category}").status_code == 200) is allowed, category
        answer = at(login).post(f"{case}/open/{category}", **REASON)
        assert answer.status_code == (303 if allowed else 403), category


def test_a_leader_reads_the_social_history_only_after_giving_a_reason(case, at):
    leader = at("leitung.stadt")
    assert "marker-anamnesis" not in leader.page(case)
    assert "Sozialanamnese öffnen" in leader.page(case)

    assert leader.post(f"{case}/open/anamnesis", **REASON).status_code == 303

    page = leader.page(case)
    assert "marker-anamnesis" in page
    assert "Sozialanamnese: für Sie offen bis" in page
    assert "marker-anamnesis" not in at("leitung.aa").page(case)
    assert "marker-anamnesis" not in at("dsb.stadt").page(case)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"choice": ""}, "Bitte machen Sie hier eine Angabe."),
        ({"choice": "curiosity"}, "Bitte wählen Sie einen der Einträge."),
        ({"reason": ""}, "Bitte machen Sie hier eine Angabe."),
        ({"reason": "weil"}, "Das ist zu kurz."),
        ({"reason": "x" * 501}, "Das ist zu lang."),
    ],
)
def test_without_a_reason_in_words_nothing_opens(case, at, typed, sentence):
    answer = at("leitung.stadt").post(f"{case}/open/anamnesis", **(REASON | typed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert (REASON | typed)["reason"] in answer.text
    assert "marker-anamnesis" not in at("leitung.stadt").page(case)


def test_it_closes_by_itself(case, at, office_sessions):
    at("leitung.stadt").post(f"{case}/open/anamnesis", **REASON)
    with office_sessions.begin() as session:
        session.execute(update(models.Opening).values(until=models.Opening.at))

    assert "marker-anamnesis" not in at("leitung.stadt").page(case)
    assert at("leitung.stadt").get(f"{case}/open/anamnesis").status_code == 200


def test_it_stays_open_for_half_an_hour(case, at, office_sessions):
    at("dsb.aa").post(f"{case}/open/core", **REASON)

    with office_sessions() as session:
        row = session.scalars(select(models.Opening)).one()
    assert row.until - row.at == timedelta(minutes=30)


def test_the_log_of_reads_tells_opening_and_reading(case, at, office_sessions):
    at("leitung.stadt").post(f"{case}/open/anamnesis", **REASON)
    at("leitung.stadt").page(case)

    with office_sessions() as session:
        rows = session.scalars(select(models.AccessEntry).order_by(models.AccessEntry.id)).all()
    assert (rows[-2].purpose, rows[-2].categories) == ("break_glass", ["anamnesis"])
    assert "anamnesis" in rows[-1].categories
    assert "Freigabe mit Begründung" in at("dsb.aa").page(case)


def test_data_protection_sees_every_opening_and_leaders_those_of_their_own_staff(case, at):
    at("leitung.stadt").post(f"{case}/open/anamnesis", **REASON)

    for login in ("dsb.stadt", "dsb.aa", "leitung.stadt"):
        assert "Steht das wirklich in der Akte?" in at(login).page("/openings"), login
    assert "Steht das wirklich" not in at("leitung.aa").page("/openings")
    for login in LOGINS:
        admitted = login in {"leitung.stadt", "leitung.aa", "dsb.stadt", "dsb.aa"}
        assert (at(login).get("/openings").status_code == 200) is admitted, login


def test_data_protection_notes_that_it_looked_at_an_opening_but_not_at_its_own(case, at):
    at("leitung.stadt").post(f"{case}/open/anamnesis", **REASON)
    at("dsb.aa").post(f"{case}/open/core", **REASON)
    theirs, own = "/openings/1/review", "/openings/2/review"

    assert at("leitung.stadt").post(theirs).status_code == 403
    assert at("dsb.aa").post(own).status_code == 403
    assert at("dsb.aa").post(theirs).status_code == 303
    page = at("dsb.stadt").page("/openings")
    assert len(re.findall(r'action="/openings/\d+/review"', page)) == 1


def test_an_opened_category_can_be_read_but_not_written(case, at):
    at("dsb.stadt").post(f"{case}/open/core", **REASON)

    assert "Sommerfeld" in at("dsb.stadt").page(case)
    assert "/correct/" not in at("dsb.stadt").page(case)
    assert at("dsb.stadt").get(f"{case}/correct/person").status_code == 403
