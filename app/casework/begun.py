"""The processes that the office itself begins, and whether it asks at which start event."""

from __future__ import annotations

from typing import Final

CASE: Final = "case"
CONFERENCE: Final = "conference"
REMINDER: Final = "reminder"
URGENT: Final = "urgent"
ASKED: Final = {CASE: True, CONFERENCE: True, REMINDER: False, URGENT: False}
