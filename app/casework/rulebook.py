"""The rule book in the words of people: its rows, programmes and settings as tables that everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale, gettext

from app.casework import rulebooks, rulewords, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from rules.book import Book, Setting


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A row of the routing table in words."""

    rule: str
    conditions: tuple[str, ...]
    outcome: str
    payer: str
    legal_basis: str
    valid_from: str
    valid_to: str
    state: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A row about a programme in words."""

    rule: str
    name: str
    conditions: tuple[str, ...]
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A question that the agreement leaves open, how it is answered, since when, and why."""

    number: str
    question: str
    value: str
    since: str
    reason: str
    paper: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole rule book for one day; `others` are rows that hold on other days."""

    title: str
    version: str
    since: date
    on: date
    rules: tuple[RuleLine, ...]
    others: tuple[RuleLine, ...]
    programmes: tuple[ProgrammeLine, ...]
    settings: tuple[SettingLine, ...]
    parameters: tuple[tuple[str, str, str], ...]


def sheet(session: Session, on: date) -> Sheet:
    """The rule book that decides on a day, with what holds on it, in the reader's language."""
    edition = rulebooks.edition_on(session, on)
    book = rulebooks.in_force(session, on)
    valid = [row for row in book.rules if _holds(row, on)]
    begun = max(on, book.first_day)
    parameters = book.parameters(begun)
    explained = {each.parameter for each in book.settings}
    rest = tuple(
        (str(label), _value(book, parameters[name]), _since(book, name, begun))
        for name, label in rulewords.PARAMETERS.items()
        if name in parameters and name not in explained
    )
    return Sheet(
        title=str(book.raw["title"][_locale()]), version=book.version, since=edition.valid_from, on=on,
        rules=tuple(_rule(book, row, parameters) for row in valid),
        others=tuple(_rule(book, row, parameters) for row in book.rules if row not in valid),
        programmes=tuple(_programme(book, row, parameters) for row in book.raw["programmes"] if _holds(row, on)),
        settings=tuple(_setting(book, each, begun) for each in book.settings), parameters=rest,
    )  # fmt: skip


def _holds(row: Mapping[str, Any], on: date) -> bool:
    return bool(row["from"] <= on.isoformat() and (row["to"] is None or on.isoformat() <= row["to"]))


def rule_lines(book: Book, on: date) -> tuple[RuleLine, ...]:
    """All rows of the routing table in words, with the values of a day."""
    parameters = book.parameters(max(on, book.first_day))
    return tuple(_rule(book, row, parameters) for row in book.rules)


def programme_lines(book: Book, on: date) -> tuple[ProgrammeLine, ...]:
    """All rows about programmes in words, with the values of a day."""
    parameters = book.parameters(max(on, book.first_day))
    return tuple(_programme(book, row, parameters) for row in book.raw["programmes"])


def conditions_in_words(book: Book, when: list[Any], on: date) -> tuple[str, ...]:
    """Conditions of a row or text with the values of a day; none at all where there are none."""
    return _conditions(book, when, book.parameters(max(on, book.first_day))) if when else ()


def conditions_by_name(book: Book, when: list[Any]) -> tuple[str, ...]:
    """Conditions of a row that name the values they refer to, whatever these are on a day."""
    names = {name: parameter_name(book, name) for name in (*book.raw["parameters"], *rulewords.DERIVED)}
    return _conditions(book, when, names)


def fact_name(book: Book, fact: str) -> str:
    """What people call a column."""
    known = book.raw["names"]["facts"]
    return book.word("facts", fact, _locale()) if fact in known else str(rulewords.FACTS.get(fact, fact))


def value_name(book: Book, value: str) -> str:
    """What people call a value of a column."""
    for name in ("values", "payers"):
        if value in book.raw["names"][name]:
            return book.word(name, value, _locale())
    return value


def outcomes(book: Book) -> list[tuple[str, str]]:
    """All outcomes with their names."""
    return [(code, book.outcome_name(code, _locale())) for code in book.raw["names"]["outcomes"]]


def named(book: Book, noun: str) -> list[tuple[str, str]]:
    """All codes of a list of the book with their names."""
    return [(code, book.word(noun, code, _locale())) for code in book.raw["names"][noun]]


def payer_name(book: Book, code: str) -> str:
    """What people call whoever pays by a row."""
    return str(rulewords.PAYER_WORDS.get(code) or book.word("payers", code, _locale()))


def parameter_name(book: Book, name: str) -> str:
    """What people call a value that the book sets."""
    english = _locale() == "en"
    titles = {each.parameter: each.title_en if english else each.title_de for each in book.settings if each.parameter}
    label = rulewords.PARAMETERS.get(name) or rulewords.DERIVED.get(name) or rulewords.SHORT.get(name)
    return str(label) if label else titles.get(name, name)


def in_words(book: Book, value: object) -> str:
    """A value of a parameter in words."""
    return _value(book, value)


def _locale() -> str:
    return "en" if str(get_locale()) == "en" else "de"


def _rule(book: Book, row: Mapping[str, Any], parameters: Mapping[str, Any]) -> RuleLine:
    payer = str(_resolved(row["hlu_payer"], parameters) or "")
    return RuleLine(
        rule=str(row["id"]), conditions=_conditions(book, row["when"], parameters),
        outcome=book.outcome_name(str(_resolved(row["outcome"], parameters)), _locale()),
        payer=str(rulewords.PAYER_WORDS.get(payer) or book.word("payers", payer, _locale())),
        legal_basis=str(row["texts"]["legal_basis"]), valid_from=words.day(row["from"]),
        valid_to=words.day(row["to"] or ""), state=_state(row), in_force=row["status"] == "in_force",
    )  # fmt: skip


def _state(row: Mapping[str, Any]) -> str:
    said = str(rulewords.STATES[row["status"]])
    if row.get("replaced_by"):
        said = gettext("ersetzt durch %(row)s", row=row["replaced_by"])
    return f"{said}: {row['reason']}" if row["status"] != "in_force" and row.get("reason") else said


def _programme(book: Book, row: Mapping[str, Any], parameters: Mapping[str, Any]) -> ProgrammeLine:
    name = book.word("programmes", str(row["name"]), _locale())
    conditions = _conditions(book, row["when"], parameters)
    return ProgrammeLine(str(row["id"]), name, conditions, words.day(row["from"]), words.day(row["to"] or ""))


def _setting(book: Book, each: Setting, on: date) -> SettingLine:
    english = _locale() == "en"
    value = book.parameters(on).get(each.parameter) if each.parameter else None
    return SettingLine(
        number=each.id, question=each.title_en if english else each.title_de,
        value=_value(book, value) if each.parameter else gettext("steht fest"),
        since=_since(book, each.parameter, on) if each.parameter else "",
        reason=each.reason_en if english else each.reason_de, paper=each.paper_en if english else each.paper_de,
    )  # fmt: skip


def _since(book: Book, parameter: str, on: date) -> str:
    entries = [entry["from"] for entry in book.raw["parameters"].get(parameter, ()) if entry["from"] <= on.isoformat()]
    return words.day(max(entries)) if entries else ""


def _resolved(value: Any, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401  a value of any parameter
    return parameters[value[1:]] if isinstance(value, str) and value.startswith("$") else value


def _conditions(book: Book, when: list[Any], parameters: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_condition(book, term, parameters) for term in when) or (gettext("alles andere"),)


def _condition(book: Book, term: Any, parameters: Mapping[str, Any]) -> str:  # noqa: ANN401  a row, or several to choose from
    if isinstance(term, dict):
        ways = (gettext(" und ").join(_condition(book, each, parameters) for each in way) for way in term["any"])
        return str(gettext(" oder ")).join(ways)
    fact, comparison, wanted = term
    values = [_resolved(each, parameters) for each in (wanted if isinstance(wanted, list) else [wanted])]
    texts = [_fact_value(book, fact, each) for each in values if each != "not_asked"]
    pattern = rulewords.DAYS.get(comparison) if fact == "day" else None
    expected = str(pattern or rulewords.COMPARISONS[comparison]).format(gettext(" oder ").join(texts))
    return f"{fact_name(book, fact)}: {expected}"


def _fact_value(book: Book, fact: str, value: object) -> str:
    return _number_day(value) if fact == "day" and isinstance(value, int) else value_name(book, str(value))


def _number_day(number: int) -> str:
    return f"{number % 100:02}.{number // 100 % 100:02}.{number // 10000:04}"


def _value(book: Book, value: object) -> str:
    """A parameter in words."""
    if value is None:
        return str(gettext("ohne Grenze"))
    if isinstance(value, bool):
        return str(gettext("ja") if value else gettext("nein"))
    if isinstance(value, list | tuple):
        return ", ".join(_value(book, each) for each in value)
    if isinstance(value, int):
        return _number_day(value) if value > 19_000_000 else str(value)  # noqa: PLR2004  a day written as a number
    text = str(value)
    for name in ("outcomes", "payers"):
        if text in book.raw["names"][name]:
            return book.word(name, text, _locale())
    return str(rulewords.COUNTING.get(text) or words.day(text))
