"""Deployed definitions: versions by content, closures, and the cache."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from threading import Thread

import pytest
from sqlalchemy import func, select

from workflows import definitions
from workflows.models import Definition, Source

NOW = datetime(2004, 1, 5, 9, tzinfo=UTC)
KNOWN = definitions.Known(roles=frozenset({"KS"}))
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="https://drehscheibe.example/bpmn/1">'


def process(name, node, label="A"):
    return (
        f'{HEAD}<process id="{name}" name="Prozess {name}"'
        f' isExecutable="true"><startEvent id="s"/>{node}<endEvent id="e"/>'
        f'<sequenceFlow id="f1" sourceRef="s" targetRef="n"/><sequenceFlow id="f2" sourceRef="n" targetRef="e"/>'
        f"</process><!-- {label} --></definitions>"
    ).encode()


def form(title="Aufnahme"):
    field = {"type": "textfield", "key": "note", "label": "Notiz", "properties": {"target": "case"}}
    return json.dumps({"type": "default", "id": "f", "components": [field], "drehscheibe": {"title": title}}).encode()


def files(label="A", title="Aufnahme"):
    return {
        "outer.bpmn": process("outer", '<callActivity id="n" calledElement="inner"/>'),
        "inner.bpmn": process("inner", '<userTask id="n" d:role="KS" d:form="f"/>', label),
        "alone.bpmn": process("alone", '<userTask id="n" d:role="KS"/>'),
        "forms/f.json": form(title),
        "forms/unused.json": form(),
    }


def deploy(session, **changes):
    made = definitions.deploy(session, files(**changes), known=KNOWN, now=NOW, by="Pia Prozess")
    return {row.process: row for row in made}


def test_each_process_gets_its_closure(session):
    made = deploy(session)
    assert {name: set(row.files) for name, row in made.items()} == {
        "outer": {"outer.bpmn", "inner.bpmn", "forms/f.json"},
        "inner": {"inner.bpmn", "forms/f.json"},
        "alone": {"alone.bpmn"},
    }
    assert {(row.version, row.deployed_by) for row in made.values()} == {(1, "Pia Prozess")}
    assert made["outer"].name == "Prozess outer"


def test_deploying_the_same_again_changes_nothing(session):
    first = deploy(session)
    again = deploy(session)
    assert {name: row.id for name, row in first.items()} == {name: row.id for name, row in again.items()}
    assert session.scalar(select(func.count()).select_from(Definition)) == 3


def test_a_change_gives_a_version_to_those_that_it_concerns(session):
    deploy(session)
    changed = deploy(session, title="Neu")
    assert {name: row.version for name, row in changed.items()} == {"outer": 2, "inner": 2, "alone": 1}
    assert definitions.latest(session, "inner").version == 2


def test_going_back_is_a_new_version(session):
    first = deploy(session)
    deploy(session, label="B")
    back = deploy(session)
    assert back["inner"].version == 3
    assert back["inner"].files == first["inner"].files
    assert session.scalar(select(func.count()).select_from(Source)) == 5


def test_older_versions_keep_their_forms_and_diagrams(session):
    old = deploy(session)["outer"]
    new = deploy(session, title="Neu", label="B")["outer"]
    assert definitions.form(session, old.id, "f").title == "Aufnahme"
    assert definitions.form(session, new.id, "f").title == "Neu"
    assert b"<!-- A -->" in definitions.diagram(session, old.id, "inner")
    assert b"<!-- B -->" in definitions.diagram(session, new.id, "inner")


def test_specs_are_ready_to_run_and_kept(session):
    row = deploy(session)["outer"]
    specs = definitions.specs(session, row.id)
    assert (specs.definition_id, specs.process, set(specs.subprocesses)) == (row.id, "outer", {"inner"})
    assert specs.info("inner", "n").form == "f"
    assert definitions.specs(session, row.id) is specs


def test_threads_share_the_cache(committed):
    with committed.begin() as session:
        number = deploy(session)["outer"].id
    found = []

    def look():
        with committed() as mine:
            found.append(definitions.specs(mine, number).process)

    threads = [Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["outer"] * 8


def test_an_invalid_upload_stores_nothing_and_says_why(session):
    wrong = files() | {"alone.bpmn": process("alone", '<userTask id="n" d:role="XX"/>')}
    with pytest.raises(definitions.DefinitionInvalid) as refused:
        definitions.deploy(session, wrong, known=KNOWN, now=NOW, by="Pia Prozess")
    assert [problem.code for problem in refused.value.problems] == ["role_unknown"]
    assert session.scalar(select(func.count()).select_from(Definition)) == 0


def test_what_is_not_there_is_refused(session):
    row = deploy(session)["alone"]
    for ask in (
        lambda: definitions.latest(session, "gone"),
        lambda: definitions.specs(session, 10**6),
        lambda: definitions.form(session, row.id, "f"),
        lambda: definitions.diagram(session, row.id, "inner"),
    ):
        with pytest.raises(definitions.UnknownDefinition):
            ask()
