"""Fills the book's texts for one person: every placeholder gets a value in the reader's language, also where a fact
is missing.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rules.book import Book
    from rules.conditions import Term
    from rules.derivation import Derived
    from rules.facts import Facts

_YEAR = 12


def day(value: date | None, locale: str) -> str:
    """A date as people write it."""
    if value is None:
        return "not known" if locale == "en" else "nicht bekannt"
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def enumerated(words: list[str], locale: str, *, last: str = "") -> str:
    """Words in a row with "and" (or another word) before the last."""
    link = last or ("and" if locale == "en" else "und")
    return f"{', '.join(words[:-1])} {link} {words[-1]}" if len(words) > 1 else "".join(words)


def benefits(book: Book, codes: frozenset[str], locale: str) -> str:
    """The benefits by name, the office's own first."""
    order = {"HLU": 0, "ALHI": 1, "ALG": 2}
    names = [book.word("benefits", code, locale) for code in sorted(codes, key=lambda code: (order.get(code, 9), code))]
    return enumerated(names, locale) or ("no benefit" if locale == "en" else "keine Leistung")


def span(months: int, locale: str, *, dative: str = "") -> str:
    """A number of months as a length of time: "ein Jahr", "neun Monate" is written "9 Monate"."""
    if months == 0:
        return "less than a month" if locale == "en" else "weniger als einem Monat"
    if locale == "en":
        return "one year" if months == _YEAR else f"{months} month{'s' if months != 1 else ''}"
    if months == _YEAR:
        return "einem Jahr" if dative else "ein Jahr"
    if months == 1:
        return "einem Monat" if dative else "einen Monat"
    return f"{months} Monaten" if dative else f"{months} Monate"


def condition(book: Book, term: Term, subject: Mapping[str, str | int], locale: str) -> str:
    """A condition that is not met, with what is and what is asked for."""
    label = book.word("facts", term.fact, locale)
    actual = _value(book, term.fact, subject.get(term.fact), locale)
    asked = "required" if locale == "en" else "verlangt"
    return f"{label}: {actual} ({asked}: {_expected(book, term, locale)})"


def _expected(book: Book, term: Term, locale: str) -> str:
    english = locale == "en"
    if isinstance(term.value, tuple):
        words = [_value(book, term.fact, each, locale) for each in term.value if each != "not_asked"]
        return enumerated(words, locale, last="or" if english else "oder")
    words_for = {
        "<": ("unter", "under"),
        "<=": ("höchstens", "at most"),
        ">": ("über", "over"),
        ">=": ("mindestens", "at least"),
    }
    days = {"<": ("vor", "before"), "<=": ("bis", "until"), ">": ("nach", "after"), ">=": ("ab", "from")}
    german_english = (days if term.fact == "day" else words_for | {"!=": ("nicht", "not")}).get(
        term.comparison, ("", "")
    )
    return f"{german_english[english]} {_value(book, term.fact, term.value, locale)}".strip()


def _value(book: Book, fact: str, value: object, locale: str) -> str:
    if value is None:
        return book.word("values", "missing", locale)
    if fact == "day":
        number = int(str(value))
        return f"{number % 100:02}.{number // 100 % 100:02}.{number // 10000:04}"
    return book.word("values", str(value), locale)


class Words(dict[str, str]):
    """The values of all placeholders for one person in one language."""

    @classmethod
    def of_person(cls, book: Book, facts: Facts, on: date, *, derived: Derived, locale: str) -> Words:
        """The placeholders that the facts fill."""
        parameters = book.parameters(on)
        words = cls(_of_parameters(parameters, on, locale))
        unknown = "not known" if locale == "en" else "nicht bekannt"
        words.update(
            on=day(on, locale),
            age=unknown if derived.age is None else str(derived.age),
            benefits=benefits(book, derived.benefits, locale) if facts.benefits_known else unknown,
            since=day(facts.unemployed_since, locale),
            lza_on=day(derived.lza_on, locale),
            months_text=span(int(derived.subject["months"]), locale, dative="yes")
            if "months" in derived.subject
            else unknown,
            fit=_fit(facts, locale),
            fit_word=book.word("values", facts.fit_for_work or "missing", locale),
            missing=enumerated([book.word("problems", code, locale) for code in derived.problems], locale),
            reason=book.word("reasons", facts.not_available_reason or unknown, locale),
            fitness_date=day(facts.fitness_date, locale),
            fitness_basis=book.word("fitness_basis", facts.fitness_basis or "unknown", locale),
        )
        return words


def _of_parameters(parameters: Mapping[str, Any], on: date, locale: str) -> dict[str, str]:
    agency = str(parameters["agency_en"])
    numbers = ("age_min", "adult_from", "young_below", "upper_last", "over_from")
    return {
        **{name: str(parameters[name]) for name in numbers},
        "run_out": str(parameters["plan_run_out_months"]),
        "law_ends": day(date.fromisoformat(parameters["law_ends"]), locale),
        "lza_span": span(parameters["lza_months"], locale),
        "lza_span_dat": span(parameters["lza_months"], locale, dative="yes"),
        "deadline": day(on + timedelta(days=parameters["clarification_days"]), locale),
        "gap_deadline": day(on + timedelta(days=parameters["gap_days"]), locale),
        "agency": agency,
        "agency_cap": agency[0].upper() + agency[1:],
        **{name: str(parameters[name]) for name in ("agency_nom", "agency_gen", "agency_dat")},
    }


def _fit(facts: Facts, locale: str) -> str:
    if facts.fit_for_work == "limited":
        return "can work with limits" if locale == "en" else "können mit Einschränkungen arbeiten"
    return "can work" if locale == "en" else "können arbeiten"
