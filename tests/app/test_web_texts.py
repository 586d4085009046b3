"""Both languages are complete, and what people read follows the office's calendar."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g

from app import texts

ROOT = Path(texts.__file__).resolve().parents[1]
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
METHODS = [("app/**.py", "python"), ("app/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACE = re.compile(r"%\(\w+\)[ds]|\{\w*\}")
NOON = datetime(2004, 1, 5, 11, tzinfo=UTC)


def _english():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _used():
    folders = ("app",)
    return {
        found[2]
        for folder in folders
        for found in extract_from_dir(
            ROOT / folder, [(m.removeprefix("app/"), kind) for m, kind in METHODS], {}, KEYWORDS
        )
    }


def _strings(message):
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_english_is_complete():
    english = _english()
    missing = [text for text in _used() if english.get(text) is None or not all(_strings(english.get(text)))]
    assert missing == []


def test_english_says_nothing_that_german_does_not():
    used = _used()
    assert [message.id for message in _english() if message.id and message.id not in used] == []


def test_both_languages_name_the_same_values():
    for message in _english():
        if not message.id:
            continue
        german = message.id if isinstance(message.id, tuple) else (message.id,)
        for one, other in zip(german, _strings(message), strict=True):
            assert sorted(PLACE.findall(one)) == sorted(PLACE.findall(other)), one


def test_compiled_catalogue_is_fresh():
    compiled = io.BytesIO()
    write_mo(compiled, _english())
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue()


@pytest.fixture
def reading(app):
    """A request at noon of the opening day."""
    with app.test_request_context(headers={"Accept-Language": "de"}):
        g.now = g.system_now = NOON
        yield


@pytest.mark.parametrize(
    ("days", "text", "kind"),
    [
        (-5, "5 Tage überfällig", "danger"),
        (-1, "1 Tag überfällig", "danger"),
        (0, "heute fällig", "warning"),
        (1, "in 1 Tag", "warning"),
        (2, "in 2 Tagen", "warning"),
        (3, "in 3 Tagen", ""),
        (61, "am 06.03.2004", ""),
    ],
)
@pytest.mark.usefixtures("reading")
def test_due_dates_read_as_people_speak(days, text, kind):
    due = texts.relative_due(NOON + timedelta(days=days))
    assert (due.text, due.kind) == (text, kind)


@pytest.mark.usefixtures("reading")
def test_days_are_days_of_the_office_and_not_of_greenwich():
    assert texts.as_date(datetime(2004, 1, 5, 23, 30, tzinfo=UTC)) == "06.01.2004"
    assert texts.as_datetime(datetime(2004, 7, 5, 6, 30, tzinfo=UTC)) == "05.07.2004, 08:30"
    assert texts.relative_due(datetime(2004, 1, 4, 23, 30, tzinfo=UTC)).text == "heute fällig"


@pytest.mark.usefixtures("reading")
def test_dates_come_from_dates_and_iso_text_and_other_text_stays():
    assert texts.as_date(date(2004, 2, 29)) == "29.02.2004"
    assert texts.as_date("2004-02-29") == "29.02.2004"
    assert texts.as_date("31.02.2004") == "31.02.2004"
    assert texts.as_date(None) == texts.as_date("") == ""
    assert texts.relative_due(None) is None
