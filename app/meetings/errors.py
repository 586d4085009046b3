"""What meetings refuse."""

from __future__ import annotations

from dataclasses import dataclass


class UnknownMeeting(Exception):  # noqa: N818  the house names errors by what is the case
    """There is no such meeting, series or task for this person."""


@dataclass
class MeetingRefused(Exception):  # noqa: N818
    """An act that cannot be done so: why (a code of words.SAID), and at which field."""

    code: str
    field: str = ""


@dataclass
class NotesConflict(Exception):  # noqa: N818
    """Somebody else has written on these topics meanwhile; by topic, what stands there now."""

    theirs: dict[int, str]
