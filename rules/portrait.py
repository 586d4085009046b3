"""Somebody made up, in words: the facts that the rules would see of them, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rules.book import Book
    from rules.facts import Facts

_LABELS = {
    "birth_date": ("Geburtsdatum", "date of birth"),
    "benefits": ("Leistungen", "benefits"),
    "applied": ("beantragt", "applied for"),
    "unemployed_since": ("arbeitslos seit", "unemployed since"),
    "household": ("den Haushalt zahlt", "the household is paid by"),
    "payer": ("bisher zahlt", "paid so far by"),
    "reason": ("nicht verfügbar, weil", "not available because"),
    "fitness_date": ("Arbeitsfähigkeit festgestellt am", "fitness found on"),
}
_NONE, _UNKNOWN = ("keine", "none"), ("nicht bekannt", "not known")


def lines(person: Facts, book: Book, locale: str) -> tuple[tuple[str, str], ...]:
    """What is known of the person, as pairs of label and value."""
    index = 1 if locale == "en" else 0
    known = [(book.word("facts", name, locale), value) for name, value in _words(person, book, locale)]
    rest = [(_LABELS[name][index], value) for name, value in _rest(person, book, locale)]
    birth = (_LABELS["birth_date"][index], _day(person.birth_date) or _UNKNOWN[index])
    return (birth, *known, *rest)


def sentence(person: Facts, book: Book, locale: str) -> str:
    """The same in one line."""
    return "; ".join(f"{label}: {value}" for label, value in lines(person, book, locale))


def _words(person: Facts, book: Book, locale: str) -> Iterator[tuple[str, str]]:
    for name, value in (
        ("residence", person.residence),
        ("fitness", person.fit_for_work or "missing"),
        ("available", person.available),
    ):
        yield name, book.word("values", value, locale)


def _rest(person: Facts, book: Book, locale: str) -> Iterator[tuple[str, str]]:
    index = 1 if locale == "en" else 0
    named = [book.word("benefits", code, locale) for code in sorted(person.benefits - person.applied)]
    yield "benefits", (", ".join(named) or _NONE[index]) if person.benefits_known else _UNKNOWN[index]
    if person.applied:
        yield "applied", ", ".join(book.word("benefits", code, locale) for code in sorted(person.applied))
    yield "unemployed_since", _day(person.unemployed_since) or _UNKNOWN[index]
    if person.household_payer:
        yield "household", book.word("payers", person.household_payer, locale)
    if person.current_payer:
        yield "payer", book.word("payers", person.current_payer, locale)
    if person.not_available_reason:
        yield "reason", book.word("reasons", person.not_available_reason, locale)
    if person.fitness_date:
        yield "fitness_date", _day(person.fitness_date)


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
