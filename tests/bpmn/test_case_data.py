"""What is typed about a client stays with the case: never in the process's document, tasks, history or jobs."""

from __future__ import annotations

import json

import pytest
import zstandard
from sqlalchemy import text

from tests.bpmn import walking
from workflows import forms
from workflows.models import Instance

MARK = "Quittenmarmelade"
TEXTS = {"textfield", "textarea"}
# Everything that the host of processes keeps, and the arguments of jobs.
HOST_TABLES = ("workflow_task", "workflow_waiting", "workflow_entry", "workflow_incident", "procrastinate_jobs")


class MarkedWalk(walking.Walk):
    """Types the mark into every free text about the client."""

    def __init__(self, session, registry):
        super().__init__(session, registry)
        self.marked = set()

    def fill(self, form, typed):
        marks = {key: f"{MARK} {key}" for key in free_texts(form) if key not in typed}
        taken = super().fill(form, typed | marks)
        self.marked |= {f"{form.id}.{key}" for key in marks if MARK in json.dumps(taken.case.get(key))}
        return taken


def free_texts(form):
    """The names of the fields in which anything may be typed about the client."""
    return [field.key for field in form.inputs() if field.target == "case" and field.type in TEXTS]


@pytest.fixture
def walk(session, registry):
    return MarkedWalk(session, registry)


def kept_by_the_host(session):
    """All that the host keeps, as text: rows, documents unpacked, job arguments."""
    session.flush()
    found = [str(row) for table in HOST_TABLES for row in session.execute(text(f"SELECT * FROM {table}"))]
    documents = session.query(Instance.document).all()
    found += [zstandard.ZstdDecompressor().decompress(document).decode() for (document,) in documents]
    return "\n".join(found)


def kept_by_the_office(session):
    """The plain text of the office's tables."""
    names = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
    tables = [name for name in names if not name.startswith(("workflow_", "procrastinate_"))]
    return "\n".join(str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}")))


def care(walk):
    """From the confirmed route to the closed case, with a deviation of its own in each step that asks for reasons."""
    walk.through_plan()
    walk.do("placement_check", placeable="no")
    walk.do("placement_apply")
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk")
    walk.do("closing_talk", closing_reason="second_market")
    if "closing_confirm_benefit" in walk.open:
        walk.do("closing_confirm_benefit")
    assert walk.case.status == "closed"


@pytest.mark.parametrize("vignette", ["V01", "V03", "V09"])
def test_what_is_typed_about_a_client_never_reaches_the_host(walk, vignette):
    walk.arrive(vignette).through_routing()
    for element in ("benefit_prepare", "benefit_release", "benefit_confirm"):
        if element in walk.open:
            walk.do(element)
    care(walk)
    assert len(walk.marked) > 5
    assert MARK not in kept_by_the_host(walk.session)


def test_the_social_history_is_nowhere_in_plain_text(walk):
    walk.arrive("V01").through_routing()
    walk.do("book_first_talk")
    walk.do("profile_interview", anamnesis_suggested="yes")
    walk.through_plan()
    told = [name.removeprefix("anamnesis.") for name in walk.marked if name.startswith("anamnesis.")]
    assert len(told) > 3
    plain = kept_by_the_office(walk.session)
    assert [name for name in told if f"{MARK} {name}" in plain] == []


@pytest.mark.parametrize("name", sorted(name for name in walking.files() if name.startswith("forms/")))
def test_free_text_is_never_a_process_value(name):
    form = forms.compile_form(walking.files()[name])
    assert [field.key for field in form.inputs() if field.type in TEXTS and field.target == "process"] == []
