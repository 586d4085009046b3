"""Reminders from the stuck desk: seen on the task and in the history by whoever has it; own staff only (R41)."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def taken(at, register):
    """A task that the reception has taken and read."""
    task_id = register()
    at("ks").post(f"/inbox/tasks/{task_id}/claim")
    at("ks").page(f"/inbox/tasks/{task_id}")
    return task_id


def unread(text: str, task_id: int) -> bool:
    """Whether the list shows the task as new."""
    row = re.search(rf'id="task-{task_id}".*?</tr>', text, re.DOTALL)[0]
    return "ungelesen" in row


def test_the_reminded_finds_the_task_new_with_the_words(at, taken):
    assert not unread(at("ks").page("/inbox"), taken)
    answer = at("leitung.aa").post(f"/stuck/tasks/{taken}/remind", text="Bitte bis Freitag klären.")
    assert answer.status_code == 303
    assert unread(at("ks").page("/inbox"), taken)
    text = at("ks").page(f"/inbox/tasks/{taken}")
    assert "Erinnerung" in text
    assert "Klaus Wehner" in text
    assert "Bitte bis Freitag klären." in text
    history = at("ks").page(f"/inbox/tasks/{taken}?tab=history")
    assert "erinnert" in history
    assert "an Renate Vogt" in history


def test_an_empty_reminder_and_one_of_a_done_task_are_not_sent(at, taken):
    leader = at("leitung.aa")
    leader.post(f"/stuck/tasks/{taken}/remind", text="  ")
    assert "Bitte schreiben Sie, woran Sie erinnern." in leader.page("/stuck")
    leader.post("/stuck/tasks/4711/remind", text="Bitte")
    assert "inzwischen erledigt" in leader.page("/stuck")
    assert "Erinnerung" not in at("ks").page(f"/inbox/tasks/{taken}")


def test_the_other_agencys_staff_is_reminded_by_its_leader(at, taken):
    assert at("leitung.stadt").post(f"/stuck/tasks/{taken}/remind", text="Bitte").status_code == 403
    assert at("ks").post(f"/stuck/tasks/{taken}/remind", text="Bitte").status_code == 403


def test_the_task_says_who_gave_it_and_why(at, taken):
    leader = at("leitung.aa")
    page = leader.page(f"/inbox/tasks/{taken}")
    person = re.search(r'<option value="(\d+)">Renate Vogt', page)[1]
    assert "Warum bei" not in at("ks").page(f"/inbox/tasks/{taken}")
    leader.post(f"/inbox/tasks/{taken}/assign", person=person, reason="Sie kennen die Familie")
    text = at("ks").page(f"/inbox/tasks/{taken}")
    assert re.search(r"Warum bei mir\?</strong> Klaus Wehner, [\d.]+: Sie kennen die Familie", text)
    assert "Warum bei Renate Vogt?" in leader.page(f"/inbox/tasks/{taken}")
