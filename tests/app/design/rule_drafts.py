"""Drafts of the rule book for tests: begun as the pages begin them, changed by a function of the book."""

from __future__ import annotations

import json

from app.casework import rulebooks
from app.design import queries, service
from app.identity import queries as identity
from app.office import clock
from tests.app import running
from workflows.handlers import Actor


def begun(at) -> int:
    """A draft of the rule book in force."""
    answer = at("design").post("/design", kind="released", file=rulebooks.file())
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("/design/")[1].split("/")[0])


def raw(sessions, draft: int) -> dict:
    """The newest state of the draft."""
    with sessions() as session:
        return json.loads(queries.content(session, draft))


def change(sessions, draft: int, act, *, login: str = "design") -> int:
    """Saves the book as this function leaves it; the number of the new state."""
    with sessions.begin() as session:
        session.info.setdefault("environment", running.ENVIRONMENT)
        account = identity.account_by_login(session, login)
        actor = Actor(id=account.id, name="Gestaltung", roles=frozenset({"PD"}))
        book = json.loads(queries.content(session, draft))
        act(book)
        content = json.dumps(book, ensure_ascii=False).encode()
        known = queries.draft(session, draft).revision
        return service.save(session, draft, content, known=known, actor=actor, now=clock.now(session)).number


def limit(value: int):
    """Sets the age below which somebody is young."""

    def act(book: dict) -> None:
        book["parameters"]["young_below"] = [{"from": "2004-01-01", "value": value}]

    return act
