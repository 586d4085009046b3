"""The rule book in the words of people: its rows, programmes and settings as tables that everybody may read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _

from app.casework import rulebooks, words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flask_babel.speaklater import LazyString
    from sqlalchemy.orm import Session

    from rules.book import Book, Setting

COMPARISONS: Mapping[str, LazyString | str] = {
    "==": "{0}", "!=": _("nicht {0}"), "<": _("unter {0}"), "<=": _("höchstens {0}"), ">": _("über {0}"),
    ">=": _("mindestens {0}"), "in": "{0}",
}  # fmt: skip
DAYS: Mapping[str, LazyString] = {"<": _("vor dem {0}"), "<=": _("bis {0}"), ">": _("nach dem {0}"), ">=": _("ab {0}")}
STATES: Mapping[str, LazyString] = {
    "in_force": _("in Kraft"), "void": _("außer Kraft"), "replaced_by": _("durch eine andere ersetzt"),
}  # fmt: skip
# Parameters that no setting of the agreement explains.
PARAMETERS: Mapping[str, LazyString] = {
    "age_max": _("höchstes glaubhaftes Alter"),
    "adult_from": _("volljährig ab"),
    "upper_age": _("Obergrenze des Alters"),
    "lza_days": _("Tage bis zur Langzeitarbeitslosigkeit, wenn nach Tagen gezählt wird"),
    "law_ends": _("letzter Tag des geltenden Rechts"),
    "handover_prepare_days": _("Tage vor dem 25. Geburtstag, an denen die Übergabe vorbereitet wird"),
    "handover_offer_days": _("Tage vor dem 25. Geburtstag, an denen die Übergabe angeboten wird"),
    "clarification_days": _("Tage, um Unterlagen nachzureichen"),
    "gap_days": _("Tage bis zur Entscheidung über eine Regelungslücke"),
    "jump_age_below": _("JUMP Plus: jünger als"),
    "jump_first_day": _("JUMP Plus: erster Tag"),
    "jump_last_day": _("JUMP Plus: letzter Tag"),
    "afl_age_from": _("Arbeit für Langzeitarbeitslose: ab dem Alter"),
    "afl_first_day": _("Arbeit für Langzeitarbeitslose: erster Tag"),
    "afl_months_alhi": _("Arbeit für Langzeitarbeitslose: Monate ohne Arbeit bei Arbeitslosenhilfe"),
    "afl_months_hlu": _("Arbeit für Langzeitarbeitslose: Monate ohne Arbeit bei Sozialhilfe"),
    "programme_routes": _("Routen mit Programmen"),
    "programme_regular_routes": _("Routen mit Programmen über die Regelstruktur"),
}
PAYER_WORDS: Mapping[str, LazyString] = {
    "unchanged": _("wie bisher"),
    "household": _("wer den Haushalt zahlt"),
    "": _("entfällt"),
}
COUNTING: Mapping[str, LazyString] = {"anniversary": _("nach dem Jahrestag"), "days": _("nach Tagen")}


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
    """The whole rule book for one day."""

    title: str
    version: str
    since: date
    rules: tuple[RuleLine, ...]
    programmes: tuple[ProgrammeLine, ...]
    settings: tuple[SettingLine, ...]
    parameters: tuple[tuple[str, str, str], ...]


def sheet(session: Session, on: date) -> Sheet:
    """The rule book of the office as it stands on a day, in the reader's language."""
    book = rulebooks.in_force(session, on)
    on = max(on, book.first_day)
    parameters = book.parameters(on)
    explained = {each.parameter for each in book.settings}
    rest = tuple(
        (str(label), _value(book, parameters[name]), _since(book, name, on))
        for name, label in PARAMETERS.items()
        if name in parameters and name not in explained
    )
    return Sheet(
        title=str(book.raw["title"][_locale()]), version=book.version, since=book.first_day,
        rules=tuple(_rule(book, row, parameters) for row in book.rules),
        programmes=tuple(_programme(book, row, parameters) for row in book.raw["programmes"]),
        settings=tuple(_setting(book, each, on) for each in book.settings), parameters=rest,
    )  # fmt: skip


def _locale() -> str:
    return "en" if str(get_locale()) == "en" else "de"


def _rule(book: Book, row: Mapping[str, Any], parameters: Mapping[str, Any]) -> RuleLine:
    payer = str(_resolved(row["hlu_payer"], parameters) or "")
    return RuleLine(
        rule=str(row["id"]), conditions=_conditions(book, row["when"], parameters),
        outcome=book.outcome_name(str(_resolved(row["outcome"], parameters)), _locale()),
        payer=str(PAYER_WORDS.get(payer) or book.word("payers", payer, _locale())),
        legal_basis=str(row["texts"]["legal_basis"]), valid_from=words.day(row["from"]),
        valid_to=words.day(row["to"] or ""), state=str(STATES[row["status"]]),
    )  # fmt: skip


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
    pattern = DAYS.get(comparison) if fact == "day" else None
    expected = str(pattern or COMPARISONS[comparison]).format(gettext(" oder ").join(texts))
    return f"{book.word('facts', fact, _locale())}: {expected}"


def _fact_value(book: Book, fact: str, value: object) -> str:
    return _number_day(int(str(value))) if fact == "day" else book.word("values", str(value), _locale())


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
    return str(COUNTING.get(text) or words.day(text))
