"""Who is signed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  dataclasses' users ask for the types at run time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from app.identity import models

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The browser's session with the account behind it."""

    session_id: int
    account_id: int
    login: str
    name: str
    locale: str
    seen_at: datetime
    locked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as lists show it."""

    id: int
    login: str
    name: str
    active: bool
    locale: str


def digest(token: str) -> str:
    """What is kept of a token or login: enough to find it again, nothing to use."""
    return hashlib.sha256(token.encode()).hexdigest()


# Asked at each request: made once, and without the objects that nobody needs.
_account, _login = models.Account.__table__.c, models.LoginSession.__table__.c
_SIGNED_IN = (
    select(_login.id, _account.id, _account.login, _account.name, _account.locale, _login.seen_at, _login.locked_at)
    .join_from(models.LoginSession.__table__, models.Account.__table__)
    .where(_login.token_digest == bindparam("digest"), _account.active)
)


def signed_in(session: Session, token: str) -> SignedIn | None:
    """Who holds this token; None when the session is over or the account is closed."""
    row = session.execute(_SIGNED_IN, {"digest": digest(token)}).one_or_none()
    return None if row is None else SignedIn(*row)


def accounts(session: Session) -> tuple[AccountRow, ...]:
    """All accounts by login."""
    account = models.Account
    rows = session.execute(
        select(account.id, account.login, account.name, account.active, account.locale).order_by(account.login)
    )
    return tuple(AccountRow(*row) for row in rows)


def account_by_login(session: Session, login: str) -> AccountRow | None:
    """The account of this login, whatever its case."""
    account = models.Account
    row = session.execute(
        select(account.id, account.login, account.name, account.active, account.locale).where(
            account.login == login.strip().lower()
        )
    ).one_or_none()
    return None if row is None else AccountRow(*row)
