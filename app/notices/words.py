"""How notices speak: one sentence for each kind. The case is told by its number alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _

from app.notices.models import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

SENTENCES: Mapping[str, LazyString] = {
    Kind.ASSIGNED: _("%(who)s hat Ihnen eine Aufgabe gegeben."),
    Kind.REMINDED: _("%(who)s erinnert Sie an eine Aufgabe."),
    Kind.CONFERENCE: _("%(who)s lädt zu einer Fallbesprechung ein."),
    Kind.ASKED: _("%(who)s bittet Sie, einen Fall voranzubringen."),
    Kind.ANSWERED: _("%(who)s hat auf Ihre Bitte geantwortet."),
    Kind.MENTIONED: _("%(who)s nennt Sie in einem Kommentar zu einem Entwurf."),
    Kind.SIGNATURE: _("%(who)s legt eine Freigabe zur Unterschrift vor."),
    Kind.BULK: _("Ihre Sammelaktion ist fertig."),
    Kind.MEETING: _("%(who)s hat eine Besprechung auf einen anderen Tag gelegt."),
    Kind.MINUTES: _("%(who)s legt Ihnen ein Protokoll vor."),
    Kind.MEETING_TASK: _("Sie haben eine Aufgabe aus einer Besprechung: neu, oder ihr Tag ist vorbei."),
}

KINDS: Mapping[str, LazyString] = {
    Kind.ASSIGNED: _("Jemand gibt mir eine Aufgabe"),
    Kind.REMINDED: _("Eine Leitung erinnert mich an eine Aufgabe"),
    Kind.CONFERENCE: _("Ich bin zu einer Fallbesprechung eingeladen"),
    Kind.ASKED: _("Die andere Leitung bittet mich um etwas"),
    Kind.ANSWERED: _("Die andere Leitung hat mir geantwortet"),
    Kind.MENTIONED: _("Jemand nennt mich in einem Kommentar"),
    Kind.SIGNATURE: _("Eine Freigabe wartet auf meine Unterschrift"),
    Kind.BULK: _("Meine Sammelaktion ist fertig"),
    Kind.MEETING: _("Eine Besprechung, zu der ich eingeladen bin, wird verschoben"),
    Kind.MINUTES: _("Ein Protokoll wartet auf meine Zustimmung"),
    Kind.MEETING_TASK: _("Eine Besprechung gibt mir eine Aufgabe, oder ihr Tag ist vorbei"),
}


def sentence(kind: str, who: str) -> str:
    """What happened, and who did it."""
    return str(SENTENCES[kind]) % {"who": who}
