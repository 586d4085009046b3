"""The vault: special categories of data stand encrypted in the database; the key travels with the session."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.casework import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


# What every sealed text begins with: the version of its format.
_CONCEALED = "gAAAA"


class Vault:
    """Seals values with the first of its keys and opens what any of them sealed, so that keys can be changed."""

    def __init__(self, cipher: MultiFernet) -> None:
        self._cipher = cipher

    @classmethod
    def from_keys(cls, keys: Sequence[str]) -> Vault:
        """A vault of these Fernet keys; raises VaultMissing when there is none."""
        if not keys:
            raise errors.VaultMissing
        return cls(MultiFernet([Fernet(key) for key in keys]))

    def seal(self, values: Mapping[str, Any]) -> bytes:
        """The values, encrypted and authenticated."""
        return self._cipher.encrypt(json.dumps(values, ensure_ascii=False).encode())

    def seal_bytes(self, content: bytes) -> bytes:
        """A file, encrypted and authenticated."""
        return self._cipher.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The file that was sealed; raises VaultUnreadable when no key fits."""
        try:
            return self._cipher.decrypt(sealed)
        except InvalidToken:
            raise errors.VaultUnreadable from None

    def open(self, sealed: bytes) -> dict[str, Any]:
        """The values that were sealed; raises VaultUnreadable when no key fits."""
        try:
            values: dict[str, Any] = json.loads(self._cipher.decrypt(sealed))
        except InvalidToken:
            raise errors.VaultUnreadable from None
        return values

    def conceal(self, text: str) -> str:
        """The text for an address: whoever reads the address, in a log or over a shoulder, does not learn it."""
        return self._cipher.encrypt(text.encode()).decode("ascii") if text else ""

    def reveal(self, text: str) -> str:
        """What `conceal` made this of; any other text, such as a case number in a link, stands for itself."""
        if not text.startswith(_CONCEALED):
            return text
        try:
            return self._cipher.decrypt(text.encode()).decode()
        except InvalidToken:
            return ""


def of(session: Session) -> Vault:
    """The vault that bootstrap put into this session's factory as `info["vault"]`; raises VaultMissing."""
    vault = session.info.get("vault")
    if not isinstance(vault, Vault):
        raise errors.VaultMissing
    return vault
