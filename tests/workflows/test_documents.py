"""Stored documents: small, faithful, readable for good."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import walks
from tests.workflows.conformance import test_conformance as conformance
from workflows import errors, serializer, values

FOLDER = Path(__file__).parent / "snapshots"
# Of version 1 each document has a file of its own; since then all documents of a version share one.
SNAPSHOTS = sorted(FOLDER.glob("[a-z]*.json"))
KEPT = [
    pytest.param(int(path.stem), stored, id=f"{path.stem} {stored['name']}")
    for path in sorted(FOLDER.glob("[0-9]*.json"))
    for stored in json.loads(path.read_text("utf-8"))
]
NAME = st.sampled_from(["typename", "data", "top", "x", "__class__", "ä", "0"])
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAME, inner, max_size=3),
    max_leaves=6,
)
PLAIN = walks.parsed(
    walks.diagram('<start id="s"/><u id="a" d:role="KS"/><end id="e"/><f a="s" b="a"/><f a="a" b="e"/>')
)


@given(st.dictionaries(NAME, VALUE))
def test_values_come_back_as_they_were_in_their_order(given):
    walk = walks.Walk(PLAIN, compacted=True, given=given)
    (task,) = walk.open()
    assert values.visible(task.data) == given
    assert list(values.visible(task.data)) == list(given)


@pytest.mark.parametrize("broken", [b"", b"nonsense", serializer.dump(serializer.fresh(PLAIN))[:-4]])
def test_what_cannot_be_read_says_so(broken):
    with pytest.raises(errors.DocumentUnreadable):
        serializer.load(broken, PLAIN)


def test_a_version_from_the_future_says_so():
    with pytest.raises(errors.DocumentUnreadable):
        serializer.load(serializer.dump(serializer.fresh(PLAIN)), PLAIN, version=serializer.VERSION + 1)


@pytest.mark.parametrize("path", SNAPSHOTS, ids=lambda path: path.stem)
def test_stored_documents_are_finished_by_todays_code(path):
    stored = json.loads(path.read_text("utf-8"))
    files = [content.encode() for content in stored["files"]]
    walk = walks.Walk.restored(walks.parsed(*files), base64.b64decode(stored["document"]), version=stored["version"])
    for step in stored["steps"]:
        assert [task.task_spec.bpmn_id for task in walk.open()] == step["open"]
        if step["act"] == "time":
            walk.move(walk.timers()[0][0])
        else:
            walk.complete(step["act"], step["values"])
    assert walk.picture()["completed"]
    assert walk.picture()["data"] == stored["result"]


@pytest.mark.parametrize(("version", "stored"), KEPT)
def test_documents_of_every_version_go_on_as_they_would_have(version, stored):
    files = [content.encode() for content in stored["files"].values()]
    walk = walks.Walk.restored(walks.parsed(*files), base64.b64decode(stored["document"]), version=version)
    walk.now, walk.registry = datetime.fromisoformat(stored["now"]), conformance.handlers()
    seen = [" ".join(conformance.open_names(walk))]
    for step in stored["steps"]:
        conformance.act(walk, tuple(step) if isinstance(step, list) else step)
        seen.append(" ".join(conformance.open_names(walk)))
    assert seen == stored["seen"]
    assert walk.workflow.completed
    assert stored["data"] is None or values.visible(walk.workflow.data) == stored["data"]


def test_there_are_stored_documents_of_every_version():
    kept = {version for version, _ in (entry.values for entry in KEPT)} | {
        json.loads(path.read_text("utf-8"))["version"] for path in SNAPSHOTS
    }
    assert kept >= set(range(1, serializer.VERSION + 1)), "python tests/workflows/keep_documents.py"
