"""What keeps a rule book from being released, and what its authors should know, in the form of all problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.casework import rulebooks, rulechecks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.casework.rulechecks import Finding

#: German, English; in each what is the case and what to do about it. Overlaps are no problem: the order decides.
_TEXTS = {
    "gap": (
        "Ab {day} trifft keine Zeile zu auf: {person}.",
        "Ergänzen Sie eine Zeile, oder ändern Sie eine Grenze; sonst gilt die letzte Zeile.",
        "From {day} no row meets: {person}.", "Add a row, or change a limit; else the last row holds.",
    ),
    "shadowed": (
        "Zeile {row} entscheidet ab {day} nie: Vor ihr trifft immer schon eine andere zu.",
        "Stellen Sie die Zeile weiter nach oben, oder entfernen Sie sie.",
        "Row {row} never decides from {day}: another one before it always holds.", "Move it up, or remove it.",
    ),
    "impossible": (
        "Zeile {row} trifft ab {day} auf niemanden zu.", "Prüfen Sie, ob sich ihre Bedingungen widersprechen.",
        "Row {row} meets nobody from {day}.", "See whether its conditions contradict each other.",
    ),
    "unchecked": (
        "Ab {day} wurde nicht auf Lücken geprüft: Es sind zu viele verschiedene Grenzen.",
        "Verwenden Sie in mehreren Zeilen dieselben Grenzen.",
        "From {day} gaps were not looked for: there are too many different limits.",
        "Use the same limits in several rows.",
    ),
    "test": (
        "Prüfzeile {row} ergibt „{found}“ statt „{expected}“.", "Berichtigen Sie das Regelwerk oder die Prüfzeile.",
        "Test row {row} gives “{found}” instead of “{expected}”.", "Put the rule book or the test row right.",
    ),
    "invalid": ("{de}", "", "{en}", ""),
}  # fmt: skip
#: What is only to be known.
QUIET = frozenset({"overlap"})


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing in a rule book; `values` hold what differs by language as name_de and name_en."""

    element: str
    code: str
    file: str
    severity: str = "warning"
    values: Mapping[str, str] = field(default_factory=dict)

    def message(self, locale: str) -> str:
        """What is the case."""
        return self._told(locale, 0)

    def remedy(self, locale: str) -> str:
        """What to do about it."""
        return self._told(locale, 1)

    def _told(self, locale: str, part: int) -> str:
        language = "en" if locale == "en" else "de"
        own = {name.removesuffix(f"_{language}"): text for name, text in self.values.items()}
        return _TEXTS[self.code.removeprefix("rule_")][part + (2 if language == "en" else 0)].format(**own)


def problems(content: bytes, *, file: str) -> tuple[RuleProblem, ...]:
    """What is found in a rule book: faults and failing test rows are errors, gaps and idle rows warnings."""
    try:
        book = rulebooks.read(content)
    except rulebooks.BookInvalid as invalid:
        return tuple(
            RuleProblem(each.row, "rule_invalid", file, "error",
                        {"de_de": each.sentence("de"), "en_en": each.sentence("en")})
            for each in invalid.problems
        )  # fmt: skip
    found = rulechecks.examine(book)
    failing = [result for result in found.results if not result.holds]
    return (
        *(RuleProblem(one.id, "rule_test", file, "error", rulebooks.told(book, one)) for one in failing),
        *(_problem(book, finding, file) for finding in found.findings if finding.code not in QUIET),
    )


def _problem(book: rulebooks.Book, finding: Finding, file: str) -> RuleProblem:
    values = {"day": f"{finding.on:%d.%m.%Y}", "row": finding.row}
    if finding.person is not None:
        values |= {f"person_{each}": rulebooks.portrait(book, finding.person, each) for each in ("de", "en")}
    return RuleProblem(finding.row, f"rule_{finding.code}", file, values=values)
