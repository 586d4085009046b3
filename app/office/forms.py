"""What is typed on the pages of the office."""

from __future__ import annotations

import re
from datetime import date

DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def day(text: str) -> date | None:
    """The day that a text like 05.01.2004 names; None when it names none."""
    found = DAY.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
