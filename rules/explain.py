"""Why: in the client's words, in the caseworker's and, whole, in the auditor's."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules import ages, conditions, neighbours, wording
from rules.decision import Change, Condition, Decision, Reason, Unmatched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from rules.book import Book
    from rules.decision import Finding
    from rules.derivation import Derived
    from rules.editions import Edition, Note, Row, Text
    from rules.facts import Facts


@dataclass(frozen=True)
class Case:
    """Everything that an explanation speaks about."""

    facts: Facts
    on: date
    book: Book
    derived: Derived
    finding: Finding

    @property
    def edition(self) -> Edition:
        """The book on the day of the decision."""
        return self.book.edition(self.on)


def reasons(case: Case) -> tuple[Reason, ...]:
    """The rule's own reason first, then what else the person should know: age, household, payer, programme."""
    subject = _with_result(case)
    voices = {locale: _words(case, locale) for locale in ("de", "en")}
    own = case.edition.texts[case.finding.row]
    notes = [note for note in case.edition.notes if conditions.hold(note.parts, subject)]
    return tuple(
        _reason(note, case.finding.rule if note is own else note.id, subject, voices=voices) for note in [own, *notes]
    )


def others(case: Case) -> tuple[Unmatched, ...]:
    """Every other rule of the day and why it did not decide."""
    rows = [row for row in case.edition.rows if row.id != case.finding.row]
    found = [_unmatched(case, row) for row in rows]
    struck = [row for row in case.edition.struck if conditions.hold(row.parts, case.derived.subject)]
    return (*found, *(_other(case, row, "void") for row in struck))


def changes(case: Case, foresee: Callable[[Facts, date, Book], Finding]) -> tuple[Change, ...]:
    """What would change the outcome: each neighbouring fact is tried with the rules themselves."""
    found = []
    for attempt in neighbours.attempts(case.facts, case.on, case.derived, parameters=case.edition.parameters):
        there = foresee(attempt.facts, attempt.on, case.book)
        if there.outcome != case.finding.outcome:
            found.append(_change(case, attempt, there))
    return tuple(found)


def payer_change_on(case: Case) -> date | None:
    """The first of the month from which HLU is no longer paid by the office because of age, if it is paid there by
    rule.
    """
    if case.finding.hlu_payer != "SB" or case.finding.group != "full" or case.facts.birth_date is None:
        return None
    return ages.first_of_next_month(ages.birthday(case.facts.birth_date, case.edition.parameters["young_below"]))


def client(decision: Decision, locale: str) -> str:
    """The decision as the client reads it."""
    return " ".join(text for reason in decision.reasons if (text := reason.client(locale)))


def clerk(decision: Decision, locale: str) -> str:
    """The decision as the caseworker reads it, with rule and version."""
    word = "Rule" if locale == "en" else "Regel"
    lines = [f"{word} {decision.rule} ({decision.book}/{decision.version})"]
    lines += [
        f"{reason.rule}: {text} [{reason.legal_basis}]" for reason in decision.reasons if (text := reason.clerk(locale))
    ]
    return "\n".join(lines)


def audit(decision: Decision, locale: str) -> str:
    """The decision as an auditor reads it: all of the above, the inputs, every other rule, what would change it,
    who evaluated.
    """
    english = locale == "en"
    lines = [
        clerk(decision, locale),
        f"{'Result' if english else 'Ergebnis'}: {_result(decision)}",
        f"{'Evaluated by' if english else 'Ausgewertet durch'}: {decision.evaluator}",
        f"{'Inputs' if english else 'Eingaben'}: {json.dumps(decision.inputs, ensure_ascii=False, sort_keys=True)}",
        *(other.text(locale) for other in decision.others),
        *(change.text(locale) for change in decision.changes),
    ]
    return "\n".join(lines)


def _result(decision: Decision) -> str:
    payers = f"HLU {decision.hlu_payer or '-'}; Alhi/Alg {decision.alg_payer or '-'}"
    return f"{decision.outcome}; {payers}; {decision.programme or '-'}; {', '.join(decision.flags) or '-'}"


def _reason(note: Note, rule: str, subject: conditions.Subject, *, voices: dict[str, wording.Words]) -> Reason:
    return Reason(
        rule=rule,
        client_de=_filled(note.client, "de", subject, words=voices["de"]),
        client_en=_filled(note.client, "en", subject, words=voices["en"]),
        clerk_de=_filled(note.clerk, "de", subject, words=voices["de"]),
        clerk_en=_filled(note.clerk, "en", subject, words=voices["en"]),
        legal_basis=note.legal_basis,
    )


def _filled(texts: Iterable[Text], locale: str, subject: conditions.Subject, *, words: wording.Words) -> str:
    said = (text for text in texts if conditions.hold(text.parts, subject))
    return " ".join((text.en if locale == "en" else text.de).format_map(words) for text in said)


def _with_result(case: Case) -> conditions.Subject:
    """The subject of the rules with the result beside it: what the texts may ask for."""
    finding = case.finding
    turning = {flag.partition("_am_")[0] for flag in finding.flags if "_am_" in flag}
    parameters = case.edition.parameters
    answers = {
        "minor": "U18" in finding.flags,
        "turns_young": str(parameters["young_below"]) in turning,
        "turns_over": str(parameters["over_from"]) in turning,
        "after_law": case.on.isoformat() > parameters["law_ends"],
        "replaced": bool(_void_rule(case)),
        "programme_open": finding.outcome in parameters["programme_routes"],
        "programme_voluntary": finding.programme.startswith("("),
    }
    return {
        **case.derived.subject,
        **{name: "yes" if answer else "no" for name, answer in answers.items()},
        "group": finding.group,
        "hlu_payer": finding.hlu_payer or "none",
        "programme": finding.programme.strip("()") or "none",
    }


def _void_rule(case: Case) -> str:
    if case.finding.rule != case.edition.gap.rule:
        return ""
    struck = case.edition.struck_before(case.edition.gap, case.derived.subject)
    return struck.rule if struck else ""


def _words(case: Case, locale: str) -> wording.Words:
    words = wording.Words.of_person(case.book, case.facts, case.on, derived=case.derived, locale=locale)
    turn = next((flag.partition("_am_")[0] for flag in case.finding.flags if "_am_" in flag), "")
    birth = case.facts.birth_date
    turn_date = ages.birthday(birth, int(turn)) if turn and birth else None
    words.update(
        turn_date=wording.day(turn_date, locale),
        payer_from=wording.day(ages.first_of_next_month(turn_date) if turn_date else None, locale),
        programme=case.book.word("programmes", case.finding.programme.strip("()"), locale),
        lacks=_lacks(case, locale),
        void_rule=_void_rule(case),
    )
    return words


def _lacks(case: Case, locale: str) -> str:
    """The conditions that the nearest programme misses: the one of the right age with the fewest of them."""
    subject = case.derived.subject
    if subject["since"] == "no":
        label = case.book.word("facts", "since", locale)
        return f"{label}: {case.book.word('values', 'missing', locale)}"
    missed = [
        [term for part in row.parts for term in part.terms() if not term.holds(subject)]
        for row in case.edition.programmes
    ]
    of_age = [terms for terms in missed if all(term.fact != "age" for term in terms)]
    nearest = min(of_age or missed, key=len, default=[])
    return wording.enumerated([wording.condition(case.book, term, subject, locale) for term in nearest], locale)


def _unmatched(case: Case, row: Row) -> Unmatched:
    return _other(case, row, "later" if conditions.hold(row.parts, case.derived.subject) else "conditions")


def _other(case: Case, row: Row, why: str) -> Unmatched:
    subject = case.derived.subject
    missed = [term for part in row.parts if not part.holds(subject) for term in part.terms()]
    found = tuple(
        Condition(
            fact=term.fact,
            actual=subject.get(term.fact),
            expected=list(term.value) if isinstance(term.value, tuple) else f"{term.comparison} {term.value}",
            text_de=wording.condition(case.book, term, subject, "de"),
            text_en=wording.condition(case.book, term, subject, "en"),
        )
        for term in missed
    )
    german = {"later": "träfe auch zu, aber eine frühere Regel geht vor", "void": "träfe zu, ist aber unwirksam"}
    english = {"later": "would apply, too, but an earlier rule comes first", "void": "would apply but is void"}
    details_de = german.get(why) or "; ".join(each.text_de for each in found)
    details_en = english.get(why) or "; ".join(each.text_en for each in found)
    name_de, name_en = (case.book.outcome_name(row.outcome, locale) for locale in ("de", "en"))
    return Unmatched(
        rule=row.rule,
        outcome=row.outcome,
        why=why,
        conditions=found,
        text_de=f"Regel {row.rule} ({name_de}): {details_de}",
        text_en=f"Rule {row.rule} ({name_en}): {details_en}",
    )


def _change(case: Case, attempt: neighbours.Attempt, there: Finding) -> Change:
    texts = {}
    for locale in ("de", "en"):
        what = case.book.word("changes", attempt.kind, locale).replace("{after}", attempt.after)
        when = f" ({wording.day(attempt.on, locale)})" if attempt.by_time else ""
        texts[locale] = f"{what[0].upper()}{what[1:]}{when}: {case.book.outcome_name(there.outcome, locale)}"
    return Change(
        fact=attempt.fact,
        before=attempt.before,
        after=attempt.after,
        outcome=there.outcome,
        rule=there.rule,
        on=attempt.on if attempt.by_time else None,
        text_de=texts["de"],
        text_en=texts["en"],
    )
