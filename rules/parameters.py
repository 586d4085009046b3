"""The values that a book sets from a day on: of which kind each is, and which nobody can decide without."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Every value that deciding and explaining ask for, with its kind.
KINDS: Mapping[str, str] = {
    **dict.fromkeys(
        ("age_min", "age_max", "adult_from", "young_below", "upper_age", "lza_months", "lza_days",
         "birthday_notice_days", "handover_prepare_days", "handover_offer_days", "plan_run_out_months",
         "clarification_days", "gap_days"), "number",
    ),
    "fitness_asked_below": "number_or_none",
    **dict.fromkeys(
        ("upper_age_inclusive", "limited_is_fit", "alg_with_hlu_counts_as_hlu", "applied_counts", "household_decides"),
        "truth",
    ),
    "lza_count": "counting",
    "void_outcome": "outcome",
    **dict.fromkeys(("payer_unknown", "alhi_alg_payer"), "payer"),
    **dict.fromkeys(("programme_routes", "programme_regular_routes"), "outcomes"),
    "last_day": "day_or_none",
    "law_ends": "day",
    **dict.fromkeys(("agency_nom", "agency_gen", "agency_dat", "agency_en"), "text"),
}  # fmt: skip
COUNTING = ("anniversary", "days")
#: A day as a number, as the rows compare it: 20040131.
_FIRST_DAY_NUMBER = 19_000_000
_MOST = 100_000
_NEVER = 3000
WANTED = {
    "number": ("eine ganze Zahl ab 0", "a whole number from 0"),
    "number_or_none": ("eine ganze Zahl ab 0 oder keine Grenze", "a whole number from 0, or no limit"),
    "truth": ("ja oder nein", "yes or no"),
    "counting": ("eine der beiden Zählweisen", "one of the two ways to count"),
    "outcome": ("eines der Ergebnisse", "one of the outcomes"),
    "payer": ("eine der Stellen, die zahlen", "one of those who pay"),
    "outcomes": ("eine Auswahl der Ergebnisse", "some of the outcomes"),
    "day_or_none": ("ein Tag oder kein Ende", "a day, or no end"),
    "day": ("ein Tag", "a day"),
    "day_number": ("ein Tag", "a day"),
    "text": ("ein Text", "a text"),
}


def kind(raw: Mapping[str, Any], name: str) -> str:
    """Of which kind a value of the book is: as deciding wants it, else as its first entry shows."""
    if name in KINDS:
        return KINDS[name]
    first = raw["parameters"][name][0]["value"]
    if isinstance(first, bool):
        return "truth"
    if isinstance(first, int):
        return "day_number" if first > _FIRST_DAY_NUMBER else "number"
    if isinstance(first, str) and first in raw["names"]["outcomes"]:
        return "outcome"
    return "payer" if first in raw["names"]["payers"] else "text"


def fits(value: object, wanted: str, raw: Mapping[str, Any]) -> bool:
    """Whether a value is of this kind."""
    if value is None:
        return wanted in {"number_or_none", "day_or_none"}
    if wanted in {"number", "number_or_none"}:
        return type(value) is int and 0 <= value <= _MOST
    if wanted == "outcomes":
        return isinstance(value, list) and set(value) <= set(raw["names"]["outcomes"])
    if wanted in {"day", "day_or_none"}:
        return isinstance(value, str) and _is_day(value)
    return _is_other(value, wanted, raw)


def _is_other(value: object, wanted: str, raw: Mapping[str, Any]) -> bool:
    if wanted == "truth":
        return isinstance(value, bool)
    if wanted == "day_number":
        return type(value) is int and _is_day(f"{value // 10000:04}-{value // 100 % 100:02}-{value % 100:02}")
    words: Mapping[str, Sequence[str]] = {
        "counting": COUNTING, "outcome": list(raw["names"]["outcomes"]), "payer": list(raw["names"]["payers"]),
    }  # fmt: skip
    return isinstance(value, str) and (value in words[wanted] if wanted in words else bool(value.strip()))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year < _NEVER
    except ValueError:
        return False
