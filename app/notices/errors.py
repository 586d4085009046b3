"""What notices refuse."""

from __future__ import annotations


class NoticeError(Exception):
    """Any refusal of this package."""


class ChoiceRefused(NoticeError):  # noqa: N818
    """Something that cannot be chosen: address (none that an e-mail could be sent to)."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class UnknownNotice(NoticeError):  # noqa: N818  the house names errors by what is the case
    """There is no such notice for this person."""
