"""What the drafts refuse. The docstring of a class is the message for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  dataclasses' users ask for the types at run time
from typing import Any


class DesignError(Exception):
    """The draft could not be changed."""


@dataclass
class UnknownDraft(DesignError):  # noqa: N818  the house names errors by what is the case
    """There is no such draft, or no such state of it."""

    draft_id: int


@dataclass
class DraftDiscarded(DesignError):  # noqa: N818
    """The draft was put aside."""

    draft_id: int


@dataclass
class DraftChanged(DesignError):  # noqa: N818
    """Somebody else has saved the draft in the meantime; nothing was overwritten."""

    draft_id: int
    number: int
    saved_name: str
    saved_at: datetime


@dataclass
class FileUnusable(DesignError):  # noqa: N818
    """The file is none that could be read."""

    code: str
    detail: str = ""
    # For a rule book: what is wrong with it, by row and column.
    faults: tuple[Any, ...] = ()


@dataclass
class StepRefused(DesignError):  # noqa: N818
    """The list of steps cannot be changed so."""

    code: str


@dataclass
class ReleaseRefused(DesignError):  # noqa: N818
    """The release cannot go this way now."""

    code: str


@dataclass
class UnknownRelease(DesignError):  # noqa: N818
    """There is no such release."""

    release_id: int
