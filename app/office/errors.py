"""What the office refuses. The docstring of a class is the message for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  dataclasses' users ask for the types at run time


class OfficeError(Exception):
    """The office could not do this."""


@dataclass
class OfficeClosed(OfficeError):  # noqa: N818  the house names errors by what is the case
    """The office takes no new cases on this day."""

    reason: str
    day: date
    next_open: date | None = None


@dataclass
class UnknownAccount(OfficeError):  # noqa: N818
    """The account belongs to nobody in the office."""

    account_id: int


@dataclass
class ProfileInvalid(OfficeError):  # noqa: N818
    """The files of the office profile contradict each other or lack something."""

    file: str
    reason: str


@dataclass
class ClockRefused(OfficeError):  # noqa: N818
    """The office clock cannot be moved like this."""

    reason: str


@dataclass
class MatrixMissing(OfficeError):  # noqa: N818
    """The office was loaded without an access matrix."""
