"""The wheel: installed into a fresh environment it holds everything that the repository ships."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "bpmn", "rules", "workflows")
COUNT = """
import importlib.util, json, pathlib
from app import config
def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
def folder_of(name):
    return pathlib.Path(importlib.util.find_spec(name).submodule_search_locations[0])
folders = {name: folder_of(name) for name in ("app", "rules", "workflows")} | {"bpmn": config.shipped_bpmn()}
print(json.dumps({name: files(folder) for name, folder in folders.items()}))
"""

pytestmark = pytest.mark.processes


def shipped(name: str) -> list[str]:
    """The files of a package that the repository holds or is about to."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", name],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return sorted(Path(path).relative_to(name).as_posix() for path in listed if (ROOT / path).is_file())


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What a fresh environment holds after installing the wheel: package to files."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], check=True, cwd=folder)
    (wheel,) = folder.glob("drehscheibe-*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", str(python), "install", "--no-deps", str(wheel)], check=True, cwd=folder)
    # The dependencies are those of the suite; our own packages must come from the fresh environment.
    dependencies = {"PYTHONPATH": next(path for path in sys.path if path.endswith("site-packages"))}
    counted = subprocess.run(
        [python, "-c", COUNT], check=True, cwd=folder, env=os.environ | dependencies, capture_output=True, text=True
    )
    return json.loads(counted.stdout)


@pytest.mark.parametrize("package", PACKAGES)
def test_wheel_holds_every_file_of_the_package(installed, package):
    built = [name for name in installed[package] if "__pycache__" not in name]
    assert built == shipped(package)


def test_wheel_holds_diagrams_forms_templates_and_texts(installed):
    assert sum(name.endswith(".bpmn") for name in installed["bpmn"]) >= 12
    assert any(name.startswith("forms/") for name in installed["bpmn"])
    assert any(name.startswith("templates/") for name in installed["app"])
    assert any(name.startswith("static/") for name in installed["app"])
    assert any(name.startswith("translations/") for name in installed["app"])
    assert any(name.startswith("migrations/versions/") for name in installed["app"])
    assert any(name.startswith("books/") for name in installed["rules"])
