"""The versions of the rule book: from when each held, what it changed, and which rows were valid on a day."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.casework import rulebooks, rulediff
from rules import book as books
from tests import factories
from tests.app.design import rule_drafts as drafts

BEFORE = books.content("bergisch_gladbach_2004")


def changed(act) -> bytes:
    """The shipped book as this function leaves it."""
    raw = json.loads(BEFORE)
    act(raw)
    return json.dumps(raw, ensure_ascii=False).encode()


def put(sessions, day: date, act) -> None:
    with sessions.begin() as session:
        rulebooks.put(session, changed(act), now=factories.OPENING, by="Pia Prozess", valid_from=day)


def row(raw, name):
    return next(row for row in raw["rules"] if row["id"] == name)


def test_history_tells_from_when_each_version_held_and_what_it_changed(at, office_sessions):
    put(office_sessions, date(2004, 7, 1), lambda raw: row(raw, "Z6").update(hlu_payer="FB5"))

    page = at("ks").page("/rules/history")

    assert "Fassung 2" in page
    assert "bis 30.06.2004" in page
    assert "Pia Prozess" in page
    assert "Zeile Z6, Sozialhilfe zahlt: jetzt „Fachbereich 5, Hilfen in Notlagen“, vorher „Servicebüro" in page
    assert "die erste Fassung" in page
    assert "/rules/history" in at("ks").page("/rules")


def test_rules_are_shown_as_they_stood_on_a_day(at, office_sessions):
    def end(raw):
        row(raw, "Z4").update(to="2004-09-30")

    put(office_sessions, date(2004, 7, 1), end)

    june, august, october = (at("ks").page(f"/rules?on={day}") for day in ("30.06.2004", "15.08.2004", "01.10.2004"))
    assert "Fassung 1" in june
    assert "Fassung 2" in august
    assert "Stand vom 15.08.2004" in august
    assert "an anderen Tagen gilt" not in august
    assert "1 Zeile, die an anderen Tagen gilt" in october
    assert "galt noch keine Regel" in at("ks").page("/rules?on=31.12.2003")


def test_two_versions_and_a_draft_are_compared_in_words(at, office_sessions):
    put(office_sessions, date(2004, 7, 1), lambda raw: row(raw, "Z6").update(hlu_payer="FB5"))
    draft = drafts.begun(at)
    drafts.change(office_sessions, draft, drafts.limit(26))
    with office_sessions() as session:
        newest = rulebooks.newest(session).id

    versions = at("design").page(f"/design/compare?old=book:0&new=book:{newest}")
    mine = at("design").page(f"/design/compare?old=book:{newest}&new=draft:{draft}")

    assert "Regelwerk, Fassung 2, gilt ab 01.07.2004" in versions
    assert "Zeile Z6, Sozialhilfe zahlt: jetzt „Fachbereich 5" in versions
    assert "Altersgrenze der Betreuung unter 25: jetzt 26" in mine
    assert "Zeile Z6" not in mine
    assert "Das gibt es nicht" in at("design").page(f"/design/compare?old=book:0&new=book:{newest + 1}")


@pytest.mark.usefixtures("office_sessions")
@pytest.mark.parametrize("typed", ["gestern", "31.02.2004", "1.1.", "00.00.0000"])
def test_what_is_no_day_is_told(at, typed):
    assert "Bitte schreiben Sie das Datum" in at("ks").page(f"/rules?on={typed}")


CHANGES = [
    (lambda raw: row(raw, "Z6")["when"].pop(), ["Zeile Z6, Bedingungen: jetzt „Wohnort"]),
    (lambda raw: row(raw, "Z6")["when"][3].__setitem__(2, 25), ["vorher „Wohnort"]),
    (lambda raw: row(raw, "Z6").update(outcome="$sgb3_route"), ["Zeile Z6, Ergebnis: jetzt „Ergebnis bei"]),
    (lambda raw: row(raw, "Z6").update(flags=[]), ["Zeile Z6, Merker: jetzt „leer“"]),
    (lambda raw: row(raw, "Z6").update(status="void", reason="Urteil"), ["jetzt „außer Kraft, Urteil“"]),
    (lambda raw: row(raw, "Z6").update({"to": "2004-06-30"}), ["Gilt bis: jetzt „30.06.2004“, vorher „leer“"]),
    (lambda raw: row(raw, "Z6")["texts"]["client"].pop(), ["Text für Kundinnen und Kunden: ", "englisch"]),
    (lambda raw: row(raw, "Z6")["texts"].update(legal_basis="§ 1"), ["Rechtsgrundlage: jetzt „§ 1“"]),
    (lambda raw: raw["rules"].remove(row(raw, "Z6")), ["Zeile Z6 entfällt."]),
    (lambda raw: row(raw, "Z6").update(id="Z6a"), ["Zeile Z6 entfällt.", "Zeile Z6a ist neu: wenn Wohnort"]),
    (lambda raw: row(raw, "Z6").update(priority=5), ["Die Zeilen werden anders gereiht: Z0, Z6, Z1"]),
    (
        lambda raw: raw["parameters"].update(last_day=[{"from": "2004-01-01", "value": "2004-12-31"}]),
        ["Bis wann gilt dieses Regelwerk?: jetzt 31.12.2004 ab 01.01.2004; vorher ohne Grenze"],
    ),
    (lambda raw: raw.update(version="9"), []),
]


def test_every_difference_is_a_sentence(app):
    with app.test_request_context(headers={"Accept-Language": "de"}):
        for act, told in CHANGES:
            found = rulediff.differences(books.read(BEFORE), books.read(changed(act)))
            text = " ".join(one.text for one in found)
            assert all(part in text for part in told), text
            assert bool(found) == bool(told)


def test_test_rows_are_told_by_their_titles(app):
    kept = {"id": "P1", "title": "Jung", "on": "2004-03-01", "facts": {}, "outcome": "VOLL_U25"}
    one, other = (books.read(changed(lambda raw, rows=rows: raw.update(tests=rows)))
                  for rows in ([kept], [{**kept, "outcome": "GRUND_P4"}]))  # fmt: skip
    without = books.read(BEFORE)
    with app.test_request_context():
        kinds = [[each.kind for each in rulediff.differences(*both)]
                 for both in ((without, one), (one, other), (one, without))]  # fmt: skip
    assert kinds == [["added"], ["changed"], ["removed"]]
