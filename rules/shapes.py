"""What each part of a book is made of, so that nothing in it can stop a decision half-way: names, settings, rows."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Any

from rules.faults import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROUPS = frozenset({"full", "intensive", "basic", "referral", "clarification", "gap"})
#: The lists of names that people read, and what their texts may hold.
LISTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(
        ("outcomes", "benefits", "payers", "programmes", "facts", "values", "problems", "fitness_basis", "reasons"),
        frozenset[str](),
    ),
    "flags": frozenset({"date"}),
    "changes": frozenset({"after"}),
}
SETTING = frozenset({"title_de", "title_en", "reason_de", "reason_en", "paper_de", "paper_en"})
_FILLED = frozenset({"flags", "changes"})
_BIRTHDAY = frozenset({"age"})
# Names of rows stand in addresses of pages.
_ID = re.compile(r"[^\W_][\w .§-]{0,39}")


def faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Every part that is not made as the others are. Raises KeyError, TypeError where it is not there at all."""
    for language in ("de", "en"):
        if not isinstance(raw["title"][language], str):
            yield _lacks("", "", f"title {language}")
    yield from _names(raw["names"])
    for setting in raw["settings"]:
        yield from _setting(setting)
    yield from _rows(raw)


def _names(names: Mapping[str, Any]) -> Iterator[Fault]:
    for name, allowed in LISTS.items():
        for code, entry in names[name].items():
            yield from _name(name, code, entry, allowed=allowed)
    for code, entry in names["outcomes"].items():
        if entry["group"] not in GROUPS:
            yield _lacks("name", code, f"group {entry['group']}")


def _rows(raw: Mapping[str, Any]) -> Iterator[Fault]:
    for kind, rows in (("rule", "rules"), ("programme", "programmes")):
        for row in raw[rows]:
            if not isinstance(row["id"], str) or not _ID.fullmatch(row["id"]):
                yield Fault("id_form", kind, str(row["id"])[:40], "id")
    for row in raw["rules"]:
        yield from _rule(row)
    yield from (_lacks("note", row["id"], "id") for row in raw["notes"] if not isinstance(row["id"], str))
    known = raw["names"]["programmes"]
    yield from (_lacks("programme", row["id"], "name") for row in raw["programmes"] if row["name"] not in known)


def _lacks(kind: str, row: object, detail: str) -> Fault:
    return Fault("lacks", kind, str(row)[:40], values={"detail": detail[:200]})


def _name(name: str, code: str, entry: Mapping[str, Any], *, allowed: frozenset[str]) -> Iterator[Fault]:
    for language in ("de", "en"):
        text = entry[language] if isinstance(entry, dict) else None
        if not isinstance(text, str) or not text.strip():
            yield _lacks("name", f"{name} {code}", language)
        elif name in _FILLED and not _fills(text, allowed | _BIRTHDAY if code == "birthday" else allowed):
            yield Fault("braces", "name", f"{name} {code}"[:40])


def _fills(text: str, allowed: frozenset[str]) -> bool:
    """Whether everything in braces is one of these names."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        return False
    return all(name is None or (name in allowed and not form and not how) for _, name, form, how in parts)


def _setting(setting: Mapping[str, Any]) -> Iterator[Fault]:
    if set(setting) != SETTING | {"id", "parameter", "options", "default"}:
        yield _lacks("setting", setting["id"], ", ".join(sorted(SETTING ^ set(setting))))
        return
    wrong = [name for name in sorted(SETTING | {"id"}) if not isinstance(setting[name], str)]
    if not isinstance(setting["options"], list):
        wrong.append("options")
    for name in wrong:
        yield _lacks("setting", setting["id"], name)


def _rule(row: Mapping[str, Any]) -> Iterator[Fault]:
    if not isinstance(row["rule"], str) or not _ID.fullmatch(row["rule"]):
        yield Fault("id_form", "rule", str(row["id"])[:40], "rule")
    if type(row["priority"]) is not int:
        yield _lacks("rule", row["id"], "priority")
    for name in ("replaced_by", "reason"):
        if not isinstance(row.get(name), str | None):
            yield _lacks("rule", row["id"], name)
