"""Which subjects a transaction acts on, for those who keep something about them up to date before it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_KEY = "touched"


def mark(session: Session, subject: str) -> None:
    """Notes that this transaction acts on the subject."""
    session.info.setdefault(_KEY, set()).add(subject)


def take(session: Session) -> frozenset[str]:
    """The subjects noted so far, and forgets them."""
    return frozenset(session.info.pop(_KEY, ()))
