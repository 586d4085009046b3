"""The rules of the house that no ready-made tool checks: sizes, promises, who commits, who reads the clock."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import string
from pathlib import Path

import pytest

import app
import rules
import workflows
from app import config
from app.cli import texts

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"app": app, "rules": rules, "workflows": workflows}
SHIPPED = sorted(
    path for name in PACKAGES for path in (ROOT / name).rglob("*.py") if "versions" not in path.relative_to(ROOT).parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FORBIDDEN = {"utils", "util", "helpers", "common", "base", "manager", "managers", "misc", "tools", "shared"}
LONGEST_FILE, LONG_FILE, LONGEST_FUNCTION = 500, 300, 50
# Where a transaction may end: the edge of the web, of the worker, of the command line.
EDGE = ("app/factory.py", "app/security.py", "app/failures.py", "app/worker.py", "app/cli/", "workflows/runner.py")
# Who may read the system's clock: the edge, and the one module that makes office time of it.
CLOCKS = (
    *EDGE, "app/office/clock.py", "app/logs.py", "app/identity/guard.py", "app/pages/", "workflows/embedded.py",
    "workflows/library.py",
)  # fmt: skip
READINGS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path: Path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func, node.lineno


def functions(path: Path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def public(body, prefix=""):
    """Public functions, classes and methods of a module: those that promise something to others."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


def test_packages_are_those_of_this_repository():
    assert {name: Path(package.__file__).parent for name, package in PACKAGES.items()} == {
        name: ROOT / name for name in PACKAGES
    }


def test_no_file_is_too_long():
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in [*SHIPPED, *TESTS]}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_most_files_are_short():
    sizes = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in SHIPPED)
    assert sizes[len(sizes) // 2] <= LONG_FILE / 2
    assert sum(size > LONG_FILE for size in sizes) <= len(sizes) / 20


def test_no_function_is_too_long():
    long = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SHIPPED
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_module_has_a_name_without_a_meaning():
    assert [name_of(path) for path in SHIPPED if {path.stem, *path.relative_to(ROOT).parts} & FORBIDDEN] == []


def test_package_files_hold_a_docstring_only():
    full = [name_of(path) for path in SHIPPED if path.name == "__init__.py" and len(tree(path).body) != 1]
    assert full == []


def test_everything_public_promises_something():
    silent = [
        f"{name_of(path)}:{name}"
        for path in SHIPPED
        for name, node in public(tree(path).body)
        if ast.get_docstring(node) is None
    ]
    assert silent == []


def test_only_the_edge_ends_transactions():
    below = [
        f"{name_of(path)}:{line}"
        for path in SHIPPED
        for call, line in calls(path)
        if call.attr in {"commit", "rollback"} and not name_of(path).startswith(EDGE)
    ]
    assert below == []


def test_only_the_edge_reads_the_clock():
    below = [
        f"{name_of(path)}:{line}"
        for path in SHIPPED
        for call, line in calls(path)
        if isinstance(call.value, ast.Name)
        and (call.value.id, call.attr) in READINGS
        and not name_of(path).startswith(CLOCKS)
    ]
    assert below == []


def test_only_the_settings_read_the_environment():
    readers = {
        name_of(path)
        for path in SHIPPED
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    # These two hide the caller's environment from a child process.
    assert readers == {"app/config.py", "workflows/embedded.py", "workflows/sandbox.py"}


def test_no_import_of_ours_hides_in_a_function():
    hidden = [
        f"{name_of(path)}:{node.lineno}"
        for path in SHIPPED
        for function in functions(path)
        for node in ast.walk(function)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES)
        or (isinstance(node, ast.Import) and any(name.name.split(".")[0] in PACKAGES for name in node.names))
    ]
    assert hidden == []


def test_every_setting_is_documented_and_nothing_else():
    documented = re.findall(
        r"^\| `([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(documented) == sorted(config.VARIABLES.values())


def test_every_text_of_the_commands_is_there_in_both_languages_with_the_same_places():
    def places(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for key, row in texts.table().items():
        assert set(row) == {"de", "en"}, key
        assert all(row.values()), key
        assert places(row["de"]) == places(row["en"]), key


def test_every_text_that_a_command_asks_for_is_there():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "app" / "cli").glob("*.py"))
    asked = set(re.findall(r'(?:say|of|Refusal|_finding)\(\s*"(?:fine|note|wrong)?"?,?\s*"?([a-z_]+)"', sources))
    asked |= set(re.findall(r'help="(help_\w+)"', sources))
    assert asked - {"fine", "note", "wrong", "kind_", "move_", "clock_"} <= set(texts.table())


def test_every_installed_dependency_is_named_in_the_notices():
    notices = (ROOT / "NOTICES.md").read_text(encoding="utf-8").lower()
    named = set(re.findall(r"^\| ([\w.-]+) \|", notices, re.MULTILINE))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = {name.lower() for name in re.findall(r'^  "([\w-]+)(?:\[\w+\])?==', project, re.MULTILINE)}
    for name in list(wanted):
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        wanted |= {re.match(r"[\w.-]+", line)[0].lower() for line in requires if ";" not in line}
    assert {name.replace("_", "-") for name in wanted} <= {name.replace("_", "-") for name in named}


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE", "NOTICES.md", "run", ".ci/run"])
def test_file_of_every_repository_is_there(name):
    assert (ROOT / name).stat().st_size > 0


def test_build_server_runs_what_people_run():
    lines = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == ['cd "$(dirname "$0")/.." && exec ./run test']
