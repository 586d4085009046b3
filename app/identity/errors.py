"""What signing in may refuse. The docstring of a class is the message for people."""

from __future__ import annotations

from dataclasses import dataclass


class IdentityError(Exception):
    """Signing in was not possible."""


class WrongPassword(IdentityError):  # noqa: N818  the house names errors by what is the case
    """The login or the password is not right."""


@dataclass
class TooManyAttempts(IdentityError):  # noqa: N818
    """There were too many wrong passwords; nobody may try for a while."""

    minutes: int


@dataclass
class PasswordRefused(IdentityError):  # noqa: N818
    """The new password is too short or equals the login."""

    code: str


@dataclass
class LoginTaken(IdentityError):  # noqa: N818
    """Somebody else has this login."""

    login: str
