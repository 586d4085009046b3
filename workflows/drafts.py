"""What a designer is told while drawing: the linter's problems of the draft, hints of style, and the names it may use.

The draft is checked among the files that are in force: it and its parts take the place of their namesakes there, so
that what it calls and shows is known. Problems of the other files are not its own and are left out.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from workflows import hints, linter, markup, sandbox

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.problems import Problem


def check_payload(shared: Mapping[str, Any], question: Mapping[str, Any]) -> dict[str, Any]:
    """`{"problems": [...], "names": [...]}` for a draft; this runs in the warm child."""
    content, file = question["content"].encode(), question["file"]
    beside = question.get("beside", {})
    others = sandbox.decode({name: text for name, text in {**shared["files"], **beside}.items() if name != file})
    found, names = linter.check_among(
        file, content, others, handlers=shared["handlers"], roles=frozenset(shared["roles"]), begun=shared["begun"]
    )
    mine = [problem for problem in found if problem.file in {file, "", *beside}]
    try:
        root = markup.read(content)
    except markup.FileRefused:
        return {"problems": _told(mine), "names": []}
    # What is wrong need not be told to be ugly.
    wrong = frozenset(problem.element for problem in mine if problem.severity == "error")
    mine += hints.find(root, file=file, staffed=frozenset(shared["staffed"]), told=wrong)
    processes = [process.get("id", "") for process in root.iterchildren(markup.BPMN + "process")]
    known = {name for process in processes for name in names.known(process) or ()}
    return {"problems": _told(mine), "names": sorted(known)}


def _told(problems: list[Problem]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(problem) for problem in problems]
