"""Accounts and sessions: signing in, locking, unlocking, leaving.

`now` is the system's time here, never the office's: a moved training clock must neither end sessions nor forgive wrong
passwords.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import argon2
from sqlalchemy import delete, func, select, update

from app.identity import errors, models, queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WINDOW = timedelta(minutes=15)
PER_LOGIN = 5
PER_ADDRESS = 30
PASSWORD_LENGTH = 12
# A session nobody used for this long is gone for good; until then it is only locked.
SESSION_LIFE = timedelta(hours=24)
# The second recommended choice of OWASP: a worker of 150 MB can afford it.
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when the login is unknown, so that both answers take the same time.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def create_account(session: Session, *, login: str, name: str, password: str, now: datetime, locale: str = "") -> int:
    """A new account's id. Raises LoginTaken or PasswordRefused."""
    login = login.strip().lower()
    if queries.account_by_login(session, login) is not None:
        raise errors.LoginTaken(login)
    _check_password(login, password)
    account = models.Account(
        login=login,
        name=name,
        password_hash=_hasher.hash(password),
        locale=locale,
        created_at=now,
        password_changed_at=now,
    )
    session.add(account)
    session.flush()  # the caller links the id to a person of the office
    return account.id


def set_password(session: Session, account_id: int, password: str, *, now: datetime) -> None:
    """Gives the account a new password and ends its sessions. Raises PasswordRefused."""
    account = session.get_one(models.Account, account_id)
    _check_password(account.login, password)
    account.password_hash = _hasher.hash(password)
    account.password_changed_at = now
    session.execute(delete(models.LoginSession).where(models.LoginSession.account_id == account_id))


def change_password(session: Session, who: queries.SignedIn, *, old: str, new: str, now: datetime) -> None:
    """Changes one's own password and ends one's other sessions. Raises WrongPassword or PasswordRefused."""
    account = session.get_one(models.Account, who.account_id)
    if not _verified(account.password_hash, old):
        raise errors.WrongPassword
    _check_password(account.login, new)
    account.password_hash = _hasher.hash(new)
    account.password_changed_at = now
    others = (models.LoginSession.account_id == who.account_id) & (models.LoginSession.id != who.session_id)
    session.execute(delete(models.LoginSession).where(others))


def _check_password(login: str, password: str) -> None:
    if len(password) < PASSWORD_LENGTH:
        raise errors.PasswordRefused("short")
    if password.lower() == login:
        raise errors.PasswordRefused("login")


def set_active(session: Session, account_id: int, *, active: bool) -> None:
    """Opens or closes an account; closing ends its sessions at once."""
    session.get_one(models.Account, account_id).active = active
    if not active:
        session.execute(delete(models.LoginSession).where(models.LoginSession.account_id == account_id))


def set_locale(session: Session, account_id: int, locale: str) -> None:
    """Remembers the language in which the person reads."""
    session.get_one(models.Account, account_id).locale = locale


def admit(session: Session, login: str, address: str, *, now: datetime) -> None:
    """Lets one attempt pass and counts it as failed until `forget_failures`; so parallel guesses are counted too.

    What was typed as login is kept as a digest only, for people type passwords there. Raises TooManyAttempts.
    """
    digest = queries.digest(login.strip().lower())
    session.execute(select(func.pg_advisory_xact_lock(int(digest[:15], 16))))
    _throttle(session, digest, address, now=now)
    session.execute(delete(models.LoginAttempt).where(models.LoginAttempt.at < now - timedelta(days=1)))
    session.add(models.LoginAttempt(login_digest=digest, address=address, at=now))


def _throttle(session: Session, digest: str, address: str, *, now: datetime) -> None:
    attempt = models.LoginAttempt
    by_login = select(func.count(), func.max(attempt.at)).where(
        attempt.login_digest == digest, attempt.at > now - WINDOW
    )
    by_address = select(func.count(), func.max(attempt.at)).where(attempt.address == address, attempt.at > now - WINDOW)
    for query, limit in ((by_login, PER_LOGIN), (by_address, PER_ADDRESS)):
        count, last = session.execute(query).one()
        if count >= limit:
            raise errors.TooManyAttempts(minutes=max(1, round((last + WINDOW - now) / timedelta(minutes=1))))


def authenticate(session: Session, login: str, password: str) -> int | None:
    """The id of the account whose password this is; None otherwise, after the same time."""
    account = models.Account
    row = session.execute(
        select(account.id, account.password_hash).where(account.login == login.strip().lower(), account.active)
    ).one_or_none()
    if row is None:
        _verified(_NOBODY, password)
        return None
    return row.id if _verified(row.password_hash, password) else None


def _verified(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except argon2.exceptions.VerifyMismatchError:
        return False


def forget_failures(session: Session, login: str) -> None:
    """A right password ends the counting for this login."""
    digest = queries.digest(login.strip().lower())
    session.execute(delete(models.LoginAttempt).where(models.LoginAttempt.login_digest == digest))


def open_session(session: Session, account_id: int, *, now: datetime) -> str:
    """The token of a new session; nobody can read it from the database again."""
    session.execute(delete(models.LoginSession).where(models.LoginSession.seen_at < now - SESSION_LIFE))
    token = secrets.token_urlsafe(32)
    session.add(
        models.LoginSession(token_digest=queries.digest(token), account_id=account_id, created_at=now, seen_at=now)
    )
    return token


def touch(session: Session, session_id: int, *, now: datetime) -> None:
    """The person did something: the idle lock counts anew."""
    _change(session, session_id, seen_at=now)


def lock(session: Session, session_id: int, *, now: datetime) -> None:
    """Locks the session until the password is entered."""
    _change(session, session_id, locked_at=now)


def unlock(session: Session, who: queries.SignedIn, password: str, *, now: datetime) -> None:
    """Opens the locked session again. Raises WrongPassword."""
    if authenticate(session, who.login, password) != who.account_id:
        raise errors.WrongPassword
    _change(session, who.session_id, locked_at=None, seen_at=now)


def _change(session: Session, session_id: int, **values: datetime | None) -> None:
    session.execute(update(models.LoginSession).where(models.LoginSession.id == session_id).values(**values))


def close_session(session: Session, session_id: int) -> None:
    """Ends the session."""
    session.execute(delete(models.LoginSession).where(models.LoginSession.id == session_id))
