"""Keeps documents as today's code stores them, for all versions to come: one of each case of the conformance suite,
taken in the middle of its way, with the way that is left.

Run before each release, and before `serializer.VERSION` changes: python tests/workflows/keep_documents.py
It writes snapshots/<version>.json, which is committed and never changed after the release.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.workflows.conformance import cases
from tests.workflows.conformance import test_conformance as conformance
from workflows import serializer

FOLDER = Path(__file__).parent / "snapshots"


def kept(case):
    """The case in the middle of its way, self-contained."""
    walk = conformance.walked(case, compacted=True)
    half = len(case.steps) // 2
    for step in case.steps[:half]:
        conformance.act(walk, step)
    return {
        "name": case.name,
        "files": {name: content.decode() for name, content in case.files.items()},
        "now": walk.now.isoformat(),
        "document": base64.b64encode(serializer.dump(walk.workflow)).decode("ascii"),
        "steps": case.steps[half:],
        "seen": case.seen[half:],
        "data": case.data,
    }


def main():
    """Writes the file of today's version."""
    found = [kept(case) for case in cases.ALL if case.steps]
    path = FOLDER / f"{serializer.VERSION}.json"
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{path.name}: {len(found)} documents")


if __name__ == "__main__":
    main()
