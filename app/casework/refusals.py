"""The codes of refused values as sentences for people, in one table."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "required": ("Bitte ausfüllen.", "Please fill this in."),
    "unknown_choice": ("Diese Auswahl gibt es nicht.", "There is no such choice."),
    "unknown_category": ("Diese Angabe gehört zu keiner bekannten Art.", "This belongs to no known category."),
    "unknown_benefit": ("Diese Leistung ist nicht erfasst.", "This benefit is not on record."),
    "asked_already": (
        "Dieser Eingriff wartet schon auf Bestätigung.",
        "This intervention is waiting for confirmation already.",
    ),
    "file_gone": (
        "Eine angehängte Datei gibt es nicht mehr. Bitte hängen Sie sie noch einmal an.",
        "An attached file is gone. Please attach it once more.",
    ),
    "too_long": ("Der Text ist zu lang.", "The text is too long."),
    "future": ("Dieser Tag liegt in der Zukunft.", "This day lies in the future."),
    "not_a_date": ("Bitte als TT.MM.JJJJ schreiben.", "Please write it as DD.MM.YYYY."),
    "no_such_date": ("Dieses Datum gibt es nicht.", "There is no such date."),
    "two_digit_year": ("Bitte das Jahr mit vier Ziffern schreiben.", "Please write the year with four digits."),
    "too_old": ("Dieser Tag liegt mehr als 110 Jahre zurück.", "This day lies more than 110 years back."),
    "in_future": ("Dieser Tag liegt in der Zukunft.", "This day lies in the future."),
    "in_past": ("Dieser Tag ist schon vorbei.", "This day has passed."),
    "before_start": ("Das Ende liegt vor dem Anfang.", "The end lies before the beginning."),
    "before_birth": ("Dieser Tag liegt vor der Geburt.", "This day lies before the birth."),
    "empty_side": (
        "Beide Seiten verpflichten sich: Hier fehlt mindestens ein Eintrag.",
        "Both sides commit themselves: at least one entry is missing here.",
    ),
    "vague": (
        "„Bei Bedarf“ bindet niemanden. Bitte sagen, was genau bis wann geschieht.",
        "“If needed” binds nobody. Please say what exactly happens by when.",
    ),
    "next_required": (
        "Ohne nächsten Termin oder Abschluss endet kein Gespräch.",
        "No talk ends without a next date or a closing.",
    ),
    "leaders_decide": (
        "Über eine Aufnahme mit mehr als 30 Jahren entscheiden beide Leitungen: bitte vorlegen.",
        "Taking in somebody over 30 is for both leaders to decide: please put it to them.",
    ),
    "same_as_proposal": (
        "Das ist der Vorschlag selbst. Bitte bestätigen oder etwas anderes wählen.",
        "This is the proposal itself. Please confirm it or choose something else.",
    ),
    "same_person": (
        "Die zweite Person muss eine andere sein als die, die entschieden hat.",
        "The second person must not be the one who decided.",
    ),
    "no_draft": ("Es gibt keinen Entwurf.", "There is no draft."),
    "nothing_proposed": ("Es wurde noch nichts vorgeschlagen.", "Nothing has been proposed yet."),
    "unknown_match": ("Dieser Abgleich gehört nicht zu diesem Fall.", "This match does not belong to this case."),
    "before_talk": ("Die Unterschrift liegt vor dem Gespräch.", "The signature lies before the talk."),
    "instructed_late": ("Die Belehrung muss vor der Unterschrift liegen.", "The instruction must come before signing."),
    "too_late": (
        "Höchstens sechs Monate nach dem Geburtstag und nicht über das Ende der Vereinbarung hinaus.",
        "Six months after the birthday at most, and not beyond the end of the agreement.",
    ),
    "subsidy_reason": (
        "Ungefördert hat Vorrang: bitte begründen.",
        "Without subsidy comes first: please give the reason.",
    ),
    "paused_already": (
        "Der Fall ist schon angehalten. Bitte zuerst wieder aufnehmen.",
        "The case is paused already. Please take it up again first.",
    ),
    "pause_too_long": (
        "So lange kann ein Fall nicht ruhen: höchstens zwölf Monate, danach neu entscheiden.",
        "A case cannot rest that long: twelve months at most, then decide anew.",
    ),
    "case_closed": ("Der Fall ist abgeschlossen.", "The case is closed."),
    "case_open": ("Der Fall ist offen.", "The case is open."),
    "reopen_too_late": (
        "Der Abschluss liegt zu lange zurück. Bitte die Person neu aufnehmen.",
        "The case was closed too long ago. Please register the person anew.",
    ),
    "start_unclear": (
        "Bitte wählen Sie, womit der Vorgang beginnt.",
        "Please choose how the procedure begins.",
    ),
    "nothing_changed": ("Es wurde nichts geändert.", "Nothing was changed."),
    "changed_meanwhile": (
        "Inzwischen hat jemand anderes diese Angaben geändert. Bitte vergleichen Sie und speichern Sie noch einmal.",
        "Somebody else has changed these data in the meantime. Please compare and save once more.",
    ),
    "taken": ("Diese Nummer hat schon jemand anderes.", "Somebody else has this number already."),
    "needs_other": ("Bitte eine Leistung wählen oder „keine“ angeben.", "Please choose a benefit or say none."),
}


def text(code: str, locale: str) -> str:
    """The sentence for a code; an unknown code stands for itself."""
    german, english = TEXTS.get(code, (code, code))
    return english if locale.startswith("en") else german
