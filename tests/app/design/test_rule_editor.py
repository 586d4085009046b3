"""The rule book as a table: rows, values and test rows are changed by forms alone, and nothing of it is lost."""

from __future__ import annotations

import json
import re

import pytest
from werkzeug.datastructures import MultiDict

from app.casework import rulebooks
from app.design import errors, rule_edit, rule_lines
from rules import book as books
from tests.app.design import rule_drafts as drafts
from tests.app.design import test_releases as acts

SHIPPED = json.loads(books.content("bergisch_gladbach_2004"))
NAME = SHIPPED["name"]


def address(draft: int, *rest: str) -> str:
    return "/".join((f"/design/{draft}/books/{NAME}", *rest))


def fields(page: str) -> MultiDict:
    """What a browser would send of the first form with a field "was"."""
    form = page[page.index('name="was"') - 400 :].split("</form>", 1)[0]
    found: list[tuple[str, str]] = []
    for tag in re.findall(r"<input[^>]*>", form):
        given = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if given.get("type") not in {"checkbox", "radio"} or " checked" in tag:
            found.append((given["name"], given.get("value", "")))
    for name, inner in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found.append((name, inner))
    for name, inner in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inner)
        found.append((name, chosen[1] if chosen else ""))
    return MultiDict((name, value.replace("&#34;", '"').replace("&#39;", "'").replace("&gt;", ">").replace(
        "&lt;", "<").replace("&amp;", "&")) for name, value in found if name != "csrf_token")  # fmt: skip


def send(at, path: str, given: MultiDict, **changes: object):
    data = MultiDict(given)
    for name, value in changes.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return at("design").post(path, **dict(data.lists()))


PARTS = {"rows": "rules", "programmes": "programmes", "reasons": "notes"}


@pytest.mark.parametrize(("part", "held_in"), PARTS.items())
def test_rows_that_are_saved_unchanged_stay_as_they_were(at, office_sessions, part, held_in):
    draft = drafts.begun(at)

    for row in SHIPPED[held_in]:
        path = address(draft, part, row["id"])
        answer = send(at, path, fields(at("design").page(path)), act="save")
        assert answer.status_code == 303, (row["id"], answer.text)

    assert {**drafts.raw(office_sessions, draft), "version": "1"} == SHIPPED


def test_a_programme_ends_and_a_reason_reads_otherwise(at, office_sessions):
    draft = drafts.begun(at)
    paths = [address(draft, "programmes", "P1"), address(draft, "reasons", "A3")]

    assert send(at, paths[0], fields(at("design").page(paths[0])), act="save", to="30.06.2004").status_code == 303
    given = fields(at("design").page(paths[1]))
    assert send(at, paths[1], given, act="save", legal_basis="§ 2", client_de="{wer}").status_code == 422
    assert send(at, paths[1], given, act="save", legal_basis="§ 2").status_code == 303

    found = drafts.raw(office_sessions, draft)
    assert rule_edit.row(found, "P1", "programmes")["to"] == "2004-06-30"
    assert rule_edit.row(found, "A3", "notes")["legal_basis"] == "§ 2"


def test_a_limit_is_changed_and_the_gap_is_shown_with_an_example(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "rows", "Z6")
    given = fields(at("design").page(path))

    answer = send(at, path, given, act="save", **{"line-3-limit": "", "line-3-number": "24"})

    assert answer.status_code == 303, answer.text
    assert rule_edit.row(drafts.raw(office_sessions, draft), "Z6")["when"][3] == ["age", "<", 24]
    page = at("design").page(address(draft))
    assert "Keine Zeile trifft zu" in page
    assert "Geburtsdatum: 02.01.1979" in page or "Geburtsdatum: 01.01.1980" in page, page


def test_a_condition_is_added_without_script_and_without_saving(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "rows", "Z1")

    page = send(at, path, fields(at("design").page(path)), act="line", new_fact="age").text

    assert 'name="line-1-fact" value="age"' in page
    assert drafts.raw(office_sessions, draft) == SHIPPED
    answer = send(at, path, fields(page), act="save", **{"line-1-number": "18", "line-1-comparison": "<"})
    assert answer.status_code == 303
    assert rule_edit.row(drafts.raw(office_sessions, draft), "Z1")["when"][1] == ["age", "<", 18]


def test_what_is_wrong_with_a_row_comes_back_with_what_was_typed(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "rows", "Z6")
    given = fields(at("design").page(path))

    answer = send(at, path, given, act="save", legal_basis="", client_de=["{alter} Jahre"], client_en=["x"])

    assert answer.status_code == 422
    assert "Die Rechtsgrundlage fehlt. Bitte nennen Sie die Vorschrift" in answer.text
    assert "Den Platzhalter alter füllt niemand" in answer.text
    assert "{alter} Jahre" in answer.text
    assert send(at, path, given, act="save", to="31.02.2004").status_code == 422
    assert send(at, path, given, act="save", **{"line-3-limit": "", "line-3-number": "alt"}).status_code == 422
    assert drafts.raw(office_sessions, draft) == SHIPPED


def test_whoever_is_slower_loses_nothing(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "rows", "Z6")
    given = fields(at("design").page(path))
    drafts.change(office_sessions, draft, drafts.limit(26))

    answer = send(at, path, given, act="save", legal_basis="§ 1")

    assert answer.status_code == 409
    assert "hat inzwischen gesichert" in answer.text
    assert send(at, path, fields(answer.text), act="save").status_code == 303
    found = drafts.raw(office_sessions, draft)
    assert rule_edit.row(found, "Z6")["texts"]["legal_basis"] == "§ 1"
    assert found["parameters"]["young_below"][0]["value"] == 26


def test_rows_are_added_moved_and_removed(at, office_sessions):
    draft = drafts.begun(at)

    def known() -> int:
        with office_sessions() as session:
            return drafts.queries.draft(session, draft).revision

    def ids() -> list[str]:
        rows = drafts.raw(office_sessions, draft)["rules"]
        return [row["id"] for row in sorted(rows, key=lambda row: row["priority"])][5:9]

    def change(act: str, row: str) -> int:
        return at("design").post(address(draft, "change"), act=act, row=row, revision=known()).status_code

    answer = at("design").post(address(draft, "add"), id="Z6a", after="Z6", revision=known())
    assert answer.location.endswith("/rows/Z6a")
    assert ids() == ["Z5", "Z6", "Z6a", "Z7"]
    assert change("up", "Z6a") == 303
    assert ids() == ["Z5", "Z6a", "Z6", "Z7"]
    assert change("down", "Z6a") == 303
    assert change("remove", "Z6a") == 303
    assert ids() == ["Z5", "Z6", "Z7", "Z8a"]
    for act in ("remove", "up"):
        assert change(act, "Z99") == 422
    assert change("down", "Z12") == 422
    assert change("sideways", "Z6") == 422
    assert at("design").post(address(draft, "add"), id="Z6", after="Z7", revision=known()).status_code == 422


def test_a_rule_is_void_with_its_reason_and_holds_again(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "rows", "Z8a", "void")
    assert at("design").post(path, act="void", reason="", revision=1).status_code == 422

    assert at("design").post(path, act="void", reason="Urteil", replaced_by="Z9", revision=1).status_code == 303

    rows = [rule_edit.row(drafts.raw(office_sessions, draft), name) for name in ("Z8a", "Z8b")]
    assert {(row["status"], row["replaced_by"], row["reason"]) for row in rows} == {("replaced_by", "Z9", "Urteil")}
    assert "ersetzt durch Z9: Urteil" in at("design").page(address(draft))
    assert at("design").post(path, act="revive", revision=2).status_code == 303
    found = drafts.raw(office_sessions, draft)
    assert {**found, "version": "1"} == SHIPPED


def test_a_value_changes_from_a_day_on(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "values", "young_below")
    assert "Z6" in at("design").page(path)

    given = {"from-0": "01.01.2004", "value-0": "25", "from-1": "01.07.2004", "value-1": "27"}
    assert at("design").post(path, revision=1, **given).status_code == 303

    assert drafts.raw(office_sessions, draft)["parameters"]["young_below"] == [
        {"from": "2004-01-01", "value": 25}, {"from": "2004-07-01", "value": 27},
    ]  # fmt: skip
    assert "ganze Zahl" in at("design").post(path, revision=2, **given | {"value-1": "alt"}).text
    assert at("design").post(path, revision=2, **given | {"from-1": "1.7."}).status_code == 422
    assert at("design").post(path, revision=2).status_code == 422


def test_every_value_can_be_opened_and_saved(at, office_sessions):
    draft = drafts.begun(at)

    for name in SHIPPED["parameters"]:
        path = address(draft, "values", name)
        page = at("design").page(path).replace('name="revision"', 'name="was" value="x"><input name="revision"', 1)
        assert send(at, path, fields(page)).status_code == 303, name

    assert {**drafts.raw(office_sessions, draft), "version": "1"} == SHIPPED


def test_test_rows_are_kept_run_and_removed(at, office_sessions):
    draft = drafts.begun(at)
    path = address(draft, "tests", "new")
    someone = {"on": "01.03.2004", "birth_date": "01.01.1983", "residence": "yes", "fit_for_work": "yes"}
    assert at("design").post(path, revision=1, **someone).status_code == 422

    assert at("design").post(
        path, revision=1, title="Jung", benefits=["HLU"], outcome="VOLL_U25", rule="Z6", **someone
    ).status_code == 303  # fmt: skip

    assert "wie erwartet" in at("design").page(address(draft))
    drafts.change(office_sessions, draft, lambda book: book["tests"][0].update(outcome="GRUND_P4"))
    page = at("design").page(address(draft))
    assert "1 Prüfzeile ergibt etwas anderes als erwartet" in page
    assert at("design").post(address(draft, "change"), act="remove_test", row="P1", revision=3).status_code == 303
    assert drafts.raw(office_sessions, draft)["tests"] == []


@pytest.mark.usefixtures("office_sessions")
def test_the_example_of_a_finding_becomes_a_test_row(at):
    draft = drafts.begun(at)
    page = at("design").page(address(draft, "tests", "new") + "?finding=0")
    assert 'value="01.01.1964"' in page
    assert at("design").get(address(draft, "tests", "new") + "?finding=999").status_code == 200


def test_a_book_is_taken_into_the_draft_of_a_process_with_its_first_change(at, office_sessions):
    draft = acts.drawn(at)
    assert "Mit der ersten Änderung" in at("design").page(address(draft))

    assert (
        at("design").post(address(draft, "values", "age_min"), **{"from-0": "01.01.2004", "value-0": "16"}).status_code
        == 303
    )

    with office_sessions() as session:
        part = drafts.queries.part(session, draft, rulebooks.file())
    assert drafts.raw(office_sessions, part.id)["parameters"]["age_min"][0]["value"] == 16
    assert at("design").get(f"/design/{part.id}").location.endswith(address(draft))


@pytest.mark.usefixtures("office_sessions")
def test_leaders_look_and_change_nothing(at):
    draft = drafts.begun(at)
    page = at("leitung.aa").page(address(draft))
    assert "Anlegen" not in page
    assert at("leitung.aa").post(address(draft, "change"), act="remove", row="Z6", revision=1).status_code == 403
    assert "disabled" in at("leitung.aa").page(address(draft, "rows", "Z6"))


@pytest.mark.usefixtures("office_sessions")
@pytest.mark.parametrize("rest", [("rows", "Z0x"), ("values", "nothing"), ("others", "Z1")])
def test_what_is_not_there_is_not_found(at, rest):
    draft = drafts.begun(at)
    assert at("design").get(address(draft, *rest)).status_code == 404
    assert at("design").get(f"/design/{draft}/books/other").status_code == 404


@pytest.mark.parametrize("row", [*SHIPPED["rules"], *SHIPPED["programmes"]], ids=lambda row: row["id"])
def test_conditions_become_lines_and_conditions_again(row):
    assert rule_lines.conditions(rule_lines.lines(row["when"])) == row["when"]


def test_ways_hold_what_belongs_together():
    when = [["age", ">", 3], {"any": [[["lza", "==", "no"], ["age", "<", 30]], [["available", "in", ["yes", "no"]]]]}]
    lines = rule_lines.lines(when)
    assert [line.way for line in lines] == ["", "1a", "1a", "1b"]
    assert rule_lines.conditions(lines) == when
    assert rule_lines.ways(lines) == ["1a", "1b", "1c", "2a", "2b"]


def test_a_book_of_the_largest_size_takes_no_further_row():
    book = dict(SHIPPED)
    for number in range(25):
        book = rule_edit.add(book, f"X{number}", "Z6")
    rulebooks.read(rule_edit.written(book))
    with pytest.raises(errors.StepRefused) as refused:
        rule_edit.add(book, "X25", "Z6")
    assert refused.value.code == "row_count"
