"""The daily e-mail: how many notices wait, of which kind, about which case numbers. Nothing else of them is written
into an e-mail, because e-mails travel unsealed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select, update

from app.casework import queries as casework
from app.identity.models import Account
from app.notices.models import Choice, Kind, StaffNotice
from app.office import calendar, dates
from workflows import errors, outside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

EARLIEST: Final = time(7)
LARGEST: Final = 200
SECONDS: Final = 20.0
# A letter whose sender has died is tried again after this time; after a refusal ever later, at most a day.
LEASE: Final = timedelta(minutes=10)
LONGEST: Final = timedelta(days=1)
_SUBJECT: Final[Mapping[str, tuple[str, str]]] = {
    "de": ("Drehscheibe: 1 neue Mitteilung", "Drehscheibe: {number} neue Mitteilungen"),
    "en": ("Drehscheibe: 1 new notice", "Drehscheibe: {number} new notices"),
}
_OPENING: Final = {"de": "Für Sie liegt bereit:", "en": "Waiting for you:"}
_CASES: Final = {"de": "Fälle: {numbers}", "en": "Cases: {numbers}"}
_CLOSING: Final = {
    "de": "Lesen: {link}\n\nDiese E-Mail können Sie unter „Mitteilungen“ abbestellen.",
    "en": "Read: {link}\n\nYou can turn this e-mail off under “Notices”.",
}
_KINDS: Final[Mapping[str, Mapping[str, str]]] = {
    "de": {
        Kind.ASSIGNED: "Aufgabe erhalten", Kind.REMINDED: "Erinnerung an eine Aufgabe",
        Kind.CONFERENCE: "Einladung zu einer Fallbesprechung", Kind.ASKED: "Bitte der anderen Leitung",
        Kind.ANSWERED: "Antwort auf Ihre Bitte", Kind.MENTIONED: "Nennung in einem Kommentar",
        Kind.SIGNATURE: "Freigabe zur Unterschrift", Kind.BULK: "Sammelaktion fertig",
        Kind.MEETING: "Besprechung an einem anderen Tag", Kind.MINUTES: "Protokoll zur Zustimmung",
        Kind.MEETING_TASK: "Aufgabe aus einer Besprechung",
    },
    "en": {
        Kind.ASSIGNED: "task received", Kind.REMINDED: "reminder of a task",
        Kind.CONFERENCE: "invitation to a case conference", Kind.ASKED: "request of the other leader",
        Kind.ANSWERED: "answer to your request", Kind.MENTIONED: "mention in a comment",
        Kind.SIGNATURE: "release for signature", Kind.BULK: "bulk action finished",
        Kind.MEETING: "meeting on another day", Kind.MINUTES: "minutes to agree to",
        Kind.MEETING_TASK: "task of a meeting",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """How e-mails leave this installation: the server, who they come from, where the pages are."""

    server: str
    sender: str
    link: str


@dataclass(frozen=True, slots=True)
class Due:
    """One person's e-mail of one day; `key` is the same whenever it is tried again."""

    account_id: int
    day: date
    upto: int
    to: str
    subject: str
    text: str

    @property
    def key(self) -> str:
        """By which a mailbox can tell a repetition."""
        return f"notices-{self.account_id}-{self.day.isoformat()}"


def take(session: Session, *, now: datetime, system_now: datetime, link: str) -> Due | None:
    """The next e-mail that is due on this working day, taken for LEASE so that nobody else sends it; None if there is
    none. Who has nothing new is done for the day without one.
    """
    today = dates.day_of(now)
    if dates.local(now).time() < EARLIEST or not calendar.snapshot(session).is_working_day(today):
        return None
    while (choice := _next(session, today, system_now)) is not None:
        rows = _new(session, choice)
        if rows:
            choice.retry_at = system_now + LEASE
            return _letter(session, choice, rows, (today, link))
        choice.mailed_on = today
        session.flush()
    return None


def _next(session: Session, today: date, system_now: datetime) -> Choice | None:
    query = (
        select(Choice)
        .join(Account, Account.id == Choice.account_id)
        .where(Account.active, Choice.is_mailed)
        .where(or_(Choice.mailed_on.is_(None), Choice.mailed_on < today))
        .where(or_(Choice.retry_at.is_(None), Choice.retry_at <= system_now))
        .order_by(Choice.account_id)
        .limit(1)
        .with_for_update(of=Choice, skip_locked=True)
    )
    return session.scalar(query)


def _new(session: Session, choice: Choice) -> Sequence[StaffNotice]:
    query = (
        select(StaffNotice)
        .where(StaffNotice.account_id == choice.account_id, StaffNotice.read_at.is_(None))
        .where(StaffNotice.id > choice.mailed_upto, StaffNotice.kind.in_(choice.kinds))
        .order_by(StaffNotice.id)
        .limit(LARGEST)
    )
    return session.scalars(query).all()


def _letter(session: Session, choice: Choice, rows: Sequence[StaffNotice], when_and_where: tuple[date, str]) -> Due:
    today, link = when_and_where
    account = session.get_one(Account, choice.account_id)
    cards = casework.cards(session, sorted({row.case_id for row in rows if row.case_id is not None}))
    subject, text = worded(
        Counter(row.kind for row in rows), sorted(card.number for card in cards.values()), account.locale, link
    )
    return Due(choice.account_id, today, rows[-1].id, choice.address, subject, text)


def worded(kinds: Mapping[str, int], numbers: Sequence[str], locale: str, link: str) -> tuple[str, str]:
    """Subject and text: counts by kind, case numbers, the way to the page; in English where that was chosen."""
    language = "en" if locale == "en" else "de"
    total = sum(kinds.values())
    lines = [_OPENING[language], ""]
    lines += [f"- {_KINDS[language][kind]}: {number}" for kind, number in sorted(kinds.items())]
    if numbers:
        lines += ["", _CASES[language].format(numbers=", ".join(numbers))]
    lines += ["", _CLOSING[language].format(link=link), ""]
    return _SUBJECT[language][total != 1].format(number=total), "\n".join(lines)


def send(due: Due, post: Post) -> str:
    """Hands the e-mail to the server; no transaction may be open. Says why it did not work, or nothing."""
    letter = outside.Letter(post.sender, due.to, due.subject, due.text)
    try:
        outside.mail(outside.allowed(post.server, (post.server,)), letter, key=due.key, seconds=SECONDS)
    except errors.CallFailed as failed:
        return failed.code
    return ""


def settle(session: Session, due: Due, trouble: str, *, system_now: datetime) -> None:
    """Notes that the e-mail is out, or why not and when it is tried again."""
    choice = session.get_one(Choice, due.account_id, with_for_update=True)
    if trouble:
        choice.failures, choice.trouble = choice.failures + 1, trouble
        choice.retry_at = system_now + min(LEASE * 2 ** min(choice.failures, 10), LONGEST)
        return
    done = {"mailed_on": due.day, "mailed_upto": due.upto, "retry_at": None, "failures": 0, "trouble": ""}
    session.execute(update(Choice).where(Choice.account_id == due.account_id).values(done))
