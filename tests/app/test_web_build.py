"""What browsers are given is what the sources say."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app import factory

STATIC = Path(factory.__file__).resolve().parent / "static"
SOURCES = STATIC / "src"


def _packages():
    """The folder of the installed packages, beside the sources or where NODE_PATH says; skips where there is none."""
    folders = [str(SOURCES / "node_modules"), *os.environ.get("NODE_PATH", "").split(os.pathsep)]
    found = next((folder for folder in folders if folder and (Path(folder) / "esbuild").is_dir()), None)
    if found is None or shutil.which("node") is None:
        pytest.skip("comparing the built files needs Node and `npm ci` in app/static/src")
    return found


def test_built_files_are_fresh(tmp_path):
    environment = {**os.environ, "NODE_PATH": _packages()}
    subprocess.run(["node", "build.mjs", str(tmp_path)], cwd=SOURCES, check=True, env=environment)
    built = [path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()]
    stale = [str(path) for path in built if not filecmp.cmp(tmp_path / path, STATIC / path, shallow=False)]
    assert stale == []


def test_every_bundled_package_is_pinned_and_has_its_licence_in_the_notices():
    lock = json.loads((SOURCES / "package-lock.json").read_text(encoding="utf-8"))
    notices = (STATIC / "NOTICES.txt").read_text(encoding="utf-8")
    for path, entry in lock["packages"].items():
        if path and not entry.get("dev") and not entry.get("optional"):
            assert f"{path.removeprefix('node_modules/')} {entry['version']} (" in notices


def test_lock_file_names_no_host():
    lock = (SOURCES / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert "://" not in lock


def test_style_sheets_and_scripts_load_nothing_from_elsewhere():
    for path in STATIC.glob("*.css"):
        for address in re.findall(r"url\(([^)]*)\)", path.read_text(encoding="utf-8")):
            assert address.strip("\"'").startswith(("data:", "./fonts/")), (path.name, address[:80])


def test_templates_hold_no_inline_script_or_style():
    for path in (STATIC.parent / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=|hx-on|javascript:|\|\s*safe", text), path.name
        for script in re.findall(r"<script[^>]*>", text):
            assert " src=" in script, path.name
