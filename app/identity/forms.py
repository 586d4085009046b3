"""The forms of signing in and of one's own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Login:
    """What was typed on the login page."""

    login: str
    password: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Login:
        """The typed login and password; overlong ones are cut, for hashing costs time."""
        return cls(form.get("login", "").strip()[:LONGEST], form.get("password", "")[:LONGEST])


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """What was typed to change one's own password."""

    old: str
    new: str
    repeated: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> PasswordChange:
        """The three typed passwords."""
        names = ("old_password", "new_password", "repeated_password")
        return cls(*(form.get(name, "")[:LONGEST] for name in names))

    def errors(self) -> dict[str, str]:
        """What is missing or does not match, by field."""
        found: dict[str, str] = {}
        if not self.old:
            found["old_password"] = gettext("Bitte geben Sie Ihr bisheriges Passwort ein.")
        if not self.new:
            found["new_password"] = gettext("Bitte geben Sie ein neues Passwort ein.")
        elif self.new != self.repeated:
            found["repeated_password"] = gettext("Die beiden neuen Passwörter sind verschieden.")
        return found
