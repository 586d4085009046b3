"""The bounded child: it answers, and whatever goes wrong in it is told as a problem, never as a traceback."""

from __future__ import annotations

import os

import pytest

from workflows import linter, sandbox
from workflows.problems import Known, Problem


def test_files_travel_unchanged():
    files = {"a.bpmn": bytes(range(256))}
    assert sandbox.decode(sandbox.encode(files)) == files


def test_the_child_sees_none_of_our_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    assert "DATABASE_URL" in os.environ
    assert "DATABASE_URL" not in sandbox._environment()


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("while True: pass", "timeout"),
        ("raise SystemExit(3)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("from workflows import sandbox; sandbox._bound(); x = 'x' * 10**10", "crashed"),
        (
            "from workflows import sandbox; sandbox._bound(); open('/tmp/never-written', 'w').write('x' * 10**6)",
            "crashed",
        ),
        ("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, -1))\nwhile True: pass", "timeout"),
        ("print('x' * 21_000_000)", "too_much"),
    ],
)
def test_a_child_that_fails_is_told_apart(monkeypatch, program, code):
    prefix = f"import sys; sys.path[:0] = [{str(sandbox._ROOT)!r}]\n"
    monkeypatch.setattr(sandbox, "_START", prefix + program)
    with pytest.raises(sandbox.ChildFailed) as failed:
        sandbox.run("lint", {}, seconds=1.0 if code == "timeout" and "RLIMIT" not in program else 30)
    assert failed.value.code == code


def test_a_child_that_hangs_becomes_a_problem(monkeypatch):
    monkeypatch.setattr(sandbox, "_START", "raise SystemExit(1)")
    assert linter.lint({}, Known()) == [Problem("", "check_crashed")]
    assert linter.lint({}, Known())[0].message("de")


def test_too_many_files_are_not_even_sent():
    files = {f"p{number}.bpmn": b"" for number in range(600)}
    assert [problem.code for problem in linter.lint(files, Known())] == ["files_too_many"]
