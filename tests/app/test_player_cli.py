"""The commands `play` and `lint` from the shell: formats, languages, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from tests.workflows.walks import diagram

BPMN = Path(__file__).parents[2] / "bpmn"
BODY = '<start id="s"/><u id="a" name="Fragen"/><end id="e"/><f a="s" b="a"/><f a="a" b="e"/>'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "ein Prozess (1).bpmn").write_bytes(diagram(BODY))
    return tmp_path


def call(*words, lang="de"):
    told = CliRunner().invoke(main.drehscheibe, ["--lang", lang, *map(str, words)])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told


def scenario(folder, text):
    path = folder / "s.json"
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return path


def test_a_file_of_any_name_is_played_as_json(folder):
    file = folder / "ein Prozess (1).bpmn"
    told = call("play", file, "--scenario", scenario(folder, {"steps": [{"complete": "a"}]}), "--format", "json")
    assert told.exit_code == 0
    assert [item["element"] for item in json.loads(told.stdout)["trace"]] == ["s", "a", "e"]


def test_people_read_the_outcome_in_their_language(folder):
    file = folder / "ein Prozess (1).bpmn"
    assert call("play", file).stdout.startswith("Ergebnis: abgeschlossen\n")
    assert call("play", file, lang="en").stdout.startswith("Outcome: completed\n")


def test_a_failed_play_is_exit_code_1(folder):
    told = call("play", folder / "ein Prozess (1).bpmn", "--scenario", scenario(folder, {"steps": [{"complete": "e"}]}))
    assert told.exit_code == 1
    assert "steps[0].complete" in told.stdout


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ('{"steps": [', "Zeile 1, Spalte 12", "line 1, column 12"),
        ({"steps": [{"advance": "bald"}]}, "keine Zeitspanne", "no duration"),
    ],
)
def test_a_bad_scenario_is_one_sentence_and_exit_code_2(folder, text, german, english):
    words = ("play", folder / "ein Prozess (1).bpmn", "--scenario", scenario(folder, text))
    for lang, expected in (("de", german), ("en", english)):
        told = call(*words, lang=lang)
        assert (told.exit_code, told.stdout) == (2, "")
        assert expected in told.stderr
        assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "element", "code"),
    [({"steps": [{"complete": "A"}]}, "A", "element_unknown"), ({"process": "q"}, "q", "process_unknown")],
)
def test_a_scenario_that_does_not_fit_is_refused_by_name(folder, text, element, code):
    words = ("play", folder / "ein Prozess (1).bpmn", "--scenario", scenario(folder, text), "--format", "json")
    told = call(*words)
    shown = json.loads(told.stdout)
    found = [(problem["element"], problem["code"]) for problem in shown["problems"]]
    assert (told.exit_code, shown["outcome"], found) == (1, "refused", [(element, code)])


def test_machines_get_json_even_where_the_scenario_cannot_be_read(folder):
    words = ("play", folder / "ein Prozess (1).bpmn", "--scenario", scenario(folder, "{"), "--format", "json")
    told = call(*words)
    assert (told.exit_code, json.loads(told.stdout)["problems"][0]["code"]) == (2, "not_json")


def test_what_is_called_is_found_beside_the_file():
    told = call("play", BPMN / "profiling.bpmn", "--scenario", BPMN / "scenarios" / "profiling.alone.json")
    assert told.exit_code == 0, told.output
    assert "Arbeitsfähigkeit" in told.stdout


def test_what_cannot_be_read_is_exit_code_2(folder):
    (folder / "kaputt.bpmn").write_text("<definitions", encoding="utf-8")
    for words in (("play", folder / "kaputt.bpmn"), ("lint", folder / "kaputt.bpmn"), ("lint", folder / "fehlt.bpmn")):
        assert call(*words).exit_code == 2


def test_lint_tells_the_problems_of_files_as_json(folder):
    (folder / "b.bpmn").write_bytes(diagram(BODY.replace('<f a="a" b="e"/>', "")))
    told = call("lint", folder / "ein Prozess (1).bpmn", folder / "b.bpmn", "--format", "json", lang="en")
    assert told.exit_code == 1
    rows = json.loads(told.stdout)["problems"]
    assert {Path(row["file"]).name for row in rows} == {"b.bpmn"}
    assert {"element", "code", "message"} <= rows[0].keys()
    fine = call("lint", folder / "ein Prozess (1).bpmn", "--format", "json")
    assert (fine.exit_code, json.loads(fine.stdout)["problems"]) == (0, [])
    assert [row["code"] for row in json.loads(fine.stdout)["warnings"]] == ["role_missing"]
