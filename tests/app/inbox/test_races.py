"""Fifty people hand in one task at the same moment: one is first, all others read who was and when."""

from __future__ import annotations

import re
import threading
from collections import Counter

import pytest
from sqlalchemy import func, select

from app.identity import models as identity
from app.office import models as office
from tests.app.conftest import PASSWORD, SYSTEM_NOW
from workflows.models import Entry, Task

PEOPLE = 50


@pytest.fixture
def colleagues(app, office_sessions):
    """As many people at the reception, each at a browser of their own."""
    with office_sessions.begin() as session:
        known = session.scalars(select(identity.Account).where(identity.Account.login == "ks")).one()
        post = session.scalars(select(office.Post).where(office.Post.role == "KS").limit(1)).one()
        for number in range(PEOPLE):
            account = identity.Account(
                login=f"ks{number}", name=f"Kollegin {number:02}", password_hash=known.password_hash,
                created_at=SYSTEM_NOW, password_changed_at=SYSTEM_NOW,
            )  # fmt: skip
            session.add(account)
            session.flush()
            first = session.get_one(office.Staff, post.staff_id)
            staff = office.Staff(
                login=account.login, name=account.name, partner_id=first.partner_id, account_id=account.id,
                active_from=first.active_from,
            )  # fmt: skip
            session.add(staff)
            session.flush()
            session.add(office.Post(staff_id=staff.id, role="KS", share=1, valid_from=post.valid_from))
    clients = [app.test_client() for _ in range(PEOPLE)]
    for number, client in enumerate(clients):
        assert client.post("/login", data={"login": f"ks{number}", "password": PASSWORD}).status_code == 303
    return clients


def test_of_fifty_completions_one_wins_and_the_others_read_by_whom_and_when(colleagues, register, office_sessions):
    task = register()
    barrier, answers = threading.Barrier(PEOPLE), [None] * PEOPLE

    def hand_in(number):
        barrier.wait()
        data = {"notice_given": "on", "identity_paper": "seen"}
        answers[number] = colleagues[number].post(f"/inbox/tasks/{task}/complete", data=data)

    threads = [threading.Thread(target=hand_in, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: PEOPLE - 1}
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    with office_sessions() as session:
        done = session.execute(select(func.count()).where(Entry.task_id == task, Entry.kind == "task_completed"))
        assert done.scalar_one() == 1
        assert session.get(Task, task) is None
    for number, answer in enumerate(answers):
        if number != winner:
            said = f"Erledigt von Kollegin {winner:02} am " + r"\d\d\.\d\d\.\d{4}, \d\d:\d\d\."
            assert re.search(said, answer.text), answer.text
