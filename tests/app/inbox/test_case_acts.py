"""Acts on a whole case at its page: let it rest, take it up again, open it again after its end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.casework import models
from app.office import clock


@pytest.fixture
def case(register):
    """The path of the page of a registered client's case."""
    register()
    return "/cases/1"


def close(office_sessions, *, days):
    """Closes the case as it would have been so many days ago."""
    with office_sessions.begin() as session:
        row = session.get(models.CaseFile, 1)
        ended = clock.now(session) - timedelta(days)
        row.status, row.closing_reason, row.closed_at = "closed", "moved", ended


def test_a_case_rests_until_its_day_and_only_who_reads_talks_learns_why(case, at):
    at("ks").post(f"{case}/pause", until="01.03.2004", reason="illness", remark="Klinik")

    assert "angehalten bis 01.03.2004" in at("ks").page(case)
    assert "Grund: Krankheit – Klinik" in at("fm").page(case)
    assert "Klinik" not in at("fb5").page(case)
    assert at("ks").tasks("?view=role") == []
    assert at("ks").tasks("?view=held") != []

    at("ks").post(f"{case}/continue")
    assert "angehalten bis" not in at("ks").page(case)
    assert at("ks").tasks("?view=role") != []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"until": "31.02.2004", "reason": "illness"}, "Dieses Datum gibt es nicht"),
        ({"until": "02.01.2004", "reason": "illness"}, "Dieser Tag ist schon vorbei"),
        ({"until": "01.03.2004", "reason": ""}, "Bitte wählen Sie"),
        ({"until": "01.03.2006", "reason": "other"}, "höchstens zwölf Monate"),
    ],
)
def test_a_rest_without_a_possible_day_or_reason_is_refused_with_a_sentence(case, at, typed, sentence):
    answer = at("ks").client.post(f"{case}/pause", data=typed, follow_redirects=True)
    assert sentence in answer.text
    assert "angehalten bis" not in answer.text


def test_nobody_but_the_lead_is_offered_to_let_the_case_rest(case, at):
    assert "Fall anhalten" in at("ks").page(case)
    assert "Fall anhalten" not in at("vm").page(case)
    assert at("vm").post(f"{case}/pause", until="01.03.2004", reason="other").status_code == 403


def test_a_case_closed_not_long_ago_is_opened_again(case, at, office_sessions):
    close(office_sessions, days=30)
    assert "Fall wieder öffnen" in at("ks").page(case)
    refused = at("ks").client.post(f"{case}/reopen", data={"reason": " "}, follow_redirects=True)
    assert refused.status_code == 422
    assert "Bitte machen Sie hier eine Angabe." in refused.text
    opened = at("ks").client.post(f"{case}/reopen", data={"reason": "Wieder ohne Arbeit"}, follow_redirects=True)
    assert "Der Fall ist wieder geöffnet." in opened.text
    assert "Ausweis ansehen und Hinweise aushändigen" in opened.text


@pytest.mark.usefixtures("two_beginnings")
def test_who_opens_a_case_again_says_where_it_begins(at, register, office_sessions):
    register(start="called")
    close(office_sessions, days=30)
    assert "Womit beginnt der Vorgang?" in at("ks").page("/cases/1")
    typed = {"reason": "Wieder ohne Arbeit"}
    refused = at("ks").client.post("/cases/1/reopen", data=typed, follow_redirects=True)
    assert refused.status_code == 422
    assert "Bitte wählen Sie, womit der Vorgang beginnt." in refused.text
    assert 'value="Wieder ohne Arbeit"' in refused.text
    opened = at("ks").client.post("/cases/1/reopen", data=typed | {"start": "begin"}, follow_redirects=True)
    assert "Der Fall ist wieder geöffnet." in opened.text
    assert "Beginn: Am Schalter" in at("ks").page("/cases/1")


def test_a_case_closed_long_ago_is_not_opened_again(case, at, office_sessions):
    close(office_sessions, days=200)
    assert "Wer wiederkommt, wird neu aufgenommen" in at("ks").page(case)
    answer = at("ks").client.post(f"{case}/reopen", data={"reason": "x"}, follow_redirects=True)
    assert "liegt zu lange zurück" in answer.text


def test_why_a_task_rests_is_told_in_the_readers_language(case, at):
    (task,) = at("ks").tasks("?view=role")
    at("ks").post(f"{case}/pause", until="01.03.2004", reason="illness", remark="")
    assert "Zurückgestellt: Fall angehalten" in at("ks").page(f"/inbox/tasks/{task}")

    at("ks").post("/language", locale="en", next="/")
    assert "Fall angehalten" not in at("ks").page(f"/inbox/tasks/{task}")
    assert "Fall angehalten" not in at("ks").page(case)
