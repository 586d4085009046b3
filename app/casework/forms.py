"""The forms of the reception desk: what was typed to register a client, what was decided about possible duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.casework import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask_babel.speaklater import LazyString
    from werkzeug.datastructures import MultiDict

LABELS: Mapping[str, LazyString] = {
    "family_name": _("Nachname oder einziger Name"),
    "given_names": _("Vornamen"),
    "birth_name": _("Geburtsname"),
    "birth_date": _("Geburtsdatum"),
    "sex": _("Geschlecht"),
    "nationality": _("Staatsangehörigkeit"),
    "language": _("Sprache"),
    "street": _("Straße und Hausnummer"),
    "postcode": _("Postleitzahl"),
    "city": _("Wohnort"),
    "phone": _("Telefon"),
    "email": _("E-Mail"),
    "representative": _("Gesetzliche Vertretung"),
    "benefits": _("Welche Leistungen bezieht die Person, oder hat sie beantragt?"),
    "benefit_status": _("Stand der Leistung"),
    "fit_for_work": _("Kann die Person arbeiten?"),
    "fitness_basis": _("Grundlage der Feststellung"),
    "fitness_date": _("Festgestellt am"),
    "available": _("Steht die Person dem Arbeitsmarkt zur Verfügung?"),
    "not_available_reason": _("Grund, wenn nicht verfügbar"),
    "unemployed_since": _("Arbeitslos seit"),
    "current_payer": _("Wer zahlt die Sozialhilfe zurzeit?"),
    "household_payer": _("Wer zahlt die Sozialhilfe der Familie?"),
    "aa_number": _("Kundennummer des Arbeitsamtes"),
    "stadt_number": _("Aktenzeichen der Stadt"),
    "start": _("Womit beginnt der Vorgang?"),
    "number": _("Kundennummer des Arbeitsamtes oder Aktenzeichen der Stadt"),
}
TEXTS = tuple(name for name in LABELS if name not in {"benefits", "number"})
FLAGS = ("interpreter", "no_fixed_abode", "blocked")
NONE, UNKNOWN = "none", "unknown"


@dataclass(frozen=True, slots=True)
class Intake:
    """What was typed into the registration form."""

    typed: Mapping[str, Any]

    @classmethod
    def empty(cls) -> Intake:
        """A form that nobody has touched."""
        return cls(dict.fromkeys(TEXTS, "") | {"benefits": []} | dict.fromkeys(FLAGS, ""))

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> Intake:
        """The typed form."""
        typed: dict[str, Any] = {name: form.get(name, "").strip() for name in TEXTS}
        typed |= {name: form.get(name, "") for name in (*FLAGS, "birth_unknown")}
        return cls(typed | {"benefits": form.getlist("benefits")})

    def values(self) -> dict[str, Any]:
        """The values for casework.service.register."""
        precision = UNKNOWN if self.typed.get("birth_unknown") else ""
        wanted = dict(self.typed) | {"birth_precision": precision or ("day" if not self.typed["birth_date"] else "")}
        if UNKNOWN in self.typed["benefits"]:
            wanted["benefits"] = UNKNOWN
        return wanted

    def missing(self) -> dict[str, str]:
        """What the desk has to ask before rules can look at the person, by field, as codes."""
        found = {name: "required" for name in ("benefits", "fit_for_work", "available") if not self.typed[name]}
        if len(self.typed["benefits"]) > 1 and {NONE, UNKNOWN} & set(self.typed["benefits"]):
            found["benefits"] = "contradiction"
        if self.typed.get("birth_unknown") and self.typed["birth_date"]:
            found["birth_date"] = "contradiction"
        return found

    def hidden(self) -> list[tuple[str, str]]:
        """The typed form as pairs, to carry it through the page of duplicates."""
        pairs = [(name, str(value)) for name, value in self.typed.items() if name != "benefits" and value]
        return pairs + [("benefits", code) for code in self.typed["benefits"]]


def messages(refused: Mapping[str, str]) -> dict[str, str]:
    """The sentences for refused fields, by field."""
    own = {"contradiction": gettext("Diese Angaben widersprechen sich.")}
    return {name: own.get(code) or words.refusal(code) for name, code in refused.items()}


def summary(errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The errors in the order of the form, for the list at its top."""
    order = list(LABELS)
    names = sorted(errors, key=lambda name: order.index(name) if name in order else len(order))
    return [(name, str(LABELS.get(name, name)).rstrip("?"), errors[name]) for name in names]


def decisions(form: MultiDict[str, str], client_ids: Iterable[int]) -> dict[int, str]:
    """What was decided about each possible duplicate; those without a decision are left out."""
    known = {"same", "different", "open"}
    found = {client_id: form.get(f"match-{client_id}", "") for client_id in client_ids}
    return {client_id: status for client_id, status in found.items() if status in known}
