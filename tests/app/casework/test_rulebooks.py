"""The rule book in force: the profile's until another was put, each from its day, and a decision says which it was."""

from __future__ import annotations

import json
from datetime import date

import pytest

from app.casework import handlers_situation, rulebooks
from rules import book
from tests import factories

FIRST = date(2004, 7, 1)


def content(**parameters: object) -> bytes:
    """The shipped book with other values of parameters."""
    raw = json.loads(book.content(rulebooks.name()))
    for name, value in parameters.items():
        raw["parameters"][name] = [{"from": "2004-01-01", "value": value}]
    return json.dumps(raw, ensure_ascii=False).encode()


def put(session, valid_from: date = FIRST, **parameters: object) -> rulebooks.EditionRow:
    return rulebooks.put(session, content(**parameters), now=factories.OPENING, by="Pia Prozess", valid_from=valid_from)


def limit(session, on: date) -> int:
    return rulebooks.in_force(session, on).parameters(on)["young_below"]


def test_the_book_of_the_profile_decides_until_another_was_put(office):
    assert rulebooks.in_force(office, FIRST) is rulebooks.shipped()
    assert [(row.id, row.version) for row in rulebooks.history(office)] == [(0, "1")]


def test_a_book_decides_from_its_day_on_and_not_before(office):
    put(office, young_below=26)
    put(office, date(2004, 9, 1), young_below=27)

    days = (date(2004, 6, 30), FIRST, date(2004, 8, 31), date(2004, 9, 1))
    assert [limit(office, day) for day in days] == [25, 26, 26, 27]
    assert [row.version for row in rulebooks.history(office)] == ["3", "2", "1"]


def test_of_two_books_from_one_day_the_later_decides_and_the_way_back_keeps_its_version(office):
    put(office, young_below=26)
    back = rulebooks.put(office, book.content(rulebooks.name()), now=factories.OPENING, by="Leitung", valid_from=FIRST)

    assert back.version == "1"
    assert limit(office, FIRST) == 25
    assert put(office, young_below=26).version == "2"
    assert limit(office, FIRST) == 26


def test_the_same_book_from_the_same_day_is_put_once(office):
    assert put(office, young_below=26) == put(office, young_below=26)
    assert len(rulebooks.history(office)) == 2


@pytest.mark.parametrize(
    "wrong",
    [b"[", b"{}", b'{"name": "other", "version": "1"}', content().replace(b'"outcome": "KLAERUNG', b'"outcome": "K')],
)
def test_what_is_no_book_of_this_office_is_not_put(office, wrong):
    with pytest.raises(book.BookInvalid):
        rulebooks.put(office, wrong, now=factories.OPENING, by="Pia", valid_from=FIRST)


def test_a_book_of_another_name_is_not_put():
    with pytest.raises(book.BookInvalid, match="decides by"):
        rulebooks.read(content().replace(b'"bergisch_gladbach_2004"', b'"elsewhere"', 1))


def test_a_decision_records_the_version_of_the_book_of_its_day(office, case):
    put(office, young_below=26)
    before = handlers_situation.proposal(office, case, date(2004, 6, 30))
    after = handlers_situation.proposal(office, case, FIRST)

    assert (before["book_version"], after["book_version"]) == ("1", "2")


def test_every_edition_is_found_by_its_content(office):
    digests = [put(office, young_below=26).digest, rulebooks.history(office)[-1].digest]

    found = rulebooks.contents(office, digests)

    assert [json.loads(found[digest])["parameters"]["young_below"][0]["value"] for digest in digests] == [26, 25]
