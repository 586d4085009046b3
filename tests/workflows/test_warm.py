"""The warm child: it answers again and again, holds what is shared, and outlives no question that goes wrong."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from workflows import sandbox, warm

BPMN = Path(__file__).resolve().parents[2] / "bpmn"


@dataclass
class Shared:
    digest: str = "one"
    files: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)

    def payload(self):
        self.sent.append(self.digest)
        return {"files": sandbox.encode(self.files), "handlers": {}, "roles": ["KS"], "staffed": ["KS"], "begun": {}}


@pytest.fixture
def child():
    made = warm.Child("workflows.drafts:check_payload")
    yield made
    made.close()


def asked(child, content, shared, **options):
    return child.ask({"content": content, "file": "x.bpmn"}, shared=shared, **options)


def test_shared_files_are_sent_once_and_again_when_they_have_changed(child):
    shared = Shared()
    for _ in range(3):
        assert asked(child, "<broken", shared)["problems"][0]["code"] == "not_xml"
    shared.digest = "two"
    asked(child, "<broken", shared)

    assert shared.sent == ["one", "two"]


def test_problems_are_those_of_the_draft_and_not_of_what_it_stands_among(child):
    others = {path.name: path.read_bytes() for path in BPMN.glob("*.bpmn")}
    text = others["anamnesis.bpmn"].decode().replace('id="anamnesis"', 'id="x"')

    answer = asked(child, text, Shared(files=others))
    assert {problem["file"] for problem in answer["problems"]} <= {"x.bpmn", ""}


def test_question_larger_than_the_pipe_does_not_wait_for_a_child_that_reads_no_more(child):
    shared = Shared()
    asked(child, "<broken", shared)
    os.kill(child._process.pid, signal.SIGSTOP)
    with pytest.raises(sandbox.ChildFailed, match="timeout"):
        asked(child, "<broken" + " " * 1_000_000, shared, seconds=0.1)

    assert asked(child, "<broken" + " " * 1_000_000, shared)["problems"]


def test_question_that_takes_too_long_ends_the_child_and_the_next_gets_a_new_one(child):
    shared = Shared()
    asked(child, "<broken", shared)
    # A stopped child takes as long as one that thinks for ever, however quick the machine is.
    os.kill(child._process.pid, signal.SIGSTOP)
    with pytest.raises(sandbox.ChildFailed, match="timeout"):
        asked(child, "<broken", shared, seconds=0.1)

    assert asked(child, "<broken", shared)["problems"]
    assert shared.sent == ["one", "one"]


def test_child_that_was_killed_is_replaced(child):
    shared = Shared()
    asked(child, "<broken", shared)
    child._process.kill()
    child._process.wait()

    assert asked(child, "<broken", shared)["problems"]
