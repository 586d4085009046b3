"""What puts a client's data right: keeps who, when, why and what stood before, and has the route proposed anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.casework import errors, page
from app.casework.cases import queries as cases
from app.casework.corrections import changes, models, standing
from app.office import dates
from workflows import engine
from workflows import models as host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

CATEGORIES: Final[Mapping[str, str]] = {
    "person": "core",
    "benefits": "benefit_status",
    "fitness": "fitness",
    "work": "profile",
}
LONGEST_REASON = 500


def scope(session: Session, case_id: int, section: str, *, actor: Actor, now: datetime) -> standing.Scope:
    """What of a section this person may correct; raises AccessDenied, UnknownCase."""
    reading = page.readings_of(session, case_id, actor, now=now)[CATEGORIES[section]]
    if not (reading.is_visible and reading.writes):
        raise errors.AccessDenied("no_correction")
    hidden = section == "person" and page.is_address_hidden(session, case_id, actor)
    return standing.Scope(reduced=not reading.is_full, protected=hidden)


def correct(
    session: Session,
    case_id: int,
    section: str,
    typed: Mapping[str, str],
    *,
    seen: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Puts a section right and keeps what stood before. `seen` is the digest of what the form showed.

    Raises AccessDenied, UnknownCase, ValuesRefused; then nothing is stored. Changed facts reach the process of the
    person's open case: an undecided route is proposed anew.
    """
    allowed = scope(session, case_id, section, actor=actor, now=now)
    case, today = cases.case_file(session, case_id), dates.day_of(now)
    # The completion of a task locks the instance first, then changes the client: the same order here.
    session.execute(select(host.Instance.id).where(host.Instance.id == case.instance_id).with_for_update())
    shown = standing.offered(session, case.client_id, section, today, scope=allowed)
    before, facts = standing.standing(session, case.client_id, section, today), cases.facts_of(session, case_id, today)
    known = {name: text for name, text in typed.items() if name in shown or standing.NEW in name.split("-")}
    sent = changes.Typed(shown | known, actor=actor, now=now, scope=allowed)
    _check_reason(reason)
    if standing.digest(shown) != seen:
        raise errors.ValuesRefused({"reason": "changed_meanwhile"})
    changes.WRITERS[section](session, case.client_id, sent)
    session.flush()
    after = standing.standing(session, case.client_id, section, today)
    found = [
        _change(name, before, after) for name in {**before, **after} if before.get(name, "") != after.get(name, "")
    ]
    if not found:
        raise errors.ValuesRefused({"reason": "nothing_changed"})
    session.add(models.Correction(
        case_id=case_id, client_id=case.client_id, section=section, category=CATEGORIES[section], changes=found,
        reason=reason.strip(), author=actor.name, author_id=actor.id, partner=actor.partner, at=now,
    ))  # fmt: skip
    session.flush()
    _tell(session, case.client_id, facts, cases.facts_of(session, case_id, today), now=now)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise errors.ValuesRefused({"reason": "required"})
    if len(reason) > LONGEST_REASON:
        raise errors.ValuesRefused({"reason": "too_long"})


def _change(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    _, _, rest = name.partition("benefit-")
    which, _, part = rest.partition("-")
    of = after.get(standing.key(which, "kind"), "") if part else ""
    return {
        "field": f"benefit_{part}" if part else name,
        "of": of,
        "before": before.get(name, ""),
        "after": after[name],
    }


def _tell(
    session: Session, client_id: int, before: Mapping[str, object], after: Mapping[str, object], *, now: datetime
) -> None:
    """Nobody listening is harmless: the next look at the route finds the change."""
    subject = cases.open_case_of(session, client_id)
    if subject is None or before == after:
        return
    engine.deliver(session, "facts_changed", subject=str(subject), payload={}, now=now, keep_for=None)
    if before["birth_date"] != after["birth_date"]:
        engine.deliver(session, "birth_date_changed", subject=str(subject), payload={}, now=now, keep_for=None)
