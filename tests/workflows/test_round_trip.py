"""What is deployed comes back byte by byte: diagrams of other tools keep their drawing, extensions and encoding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.walks import NOW
from workflows import definitions, linter, markup
from workflows.problems import Known

FILES = sorted((Path(__file__).parent / "fixtures" / "interchange").glob("*.bpmn"))


def usable():
    """The files that may be deployed when they are marked as executable, with their first process."""
    for path in FILES:
        content = path.read_bytes().replace(b'isExecutable="false"', b'isExecutable="true"')
        problems = linter.check({"p.bpmn": content}, lenient=frozenset({"role_missing"}))
        if not any(problem.severity == "error" for problem in problems):
            process = next(markup.read(content).iterchildren(markup.BPMN + "process")).get("id")
            yield pytest.param(content, process, id=path.stem)


@pytest.mark.parametrize(("content", "process"), list(usable()))
def test_a_deployed_diagram_comes_back_unchanged(session, content, process):
    known = Known(lenient=frozenset({"role_missing"}))
    definitions.deploy(session, {"p.bpmn": content}, known=known, now=NOW, by="Ada Beispiel")
    assert definitions.diagram(session, definitions.latest(session, process).id, process) == content
