"""The usual answers to each form: what a person types when nothing special happens. Invented words only."""

from __future__ import annotations

import functools
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("answers.json")


def german(day: date) -> str:
    """The day as people type it."""
    return f"{day:%d.%m.%Y}"


def for_form(name: str, today: date) -> dict[str, Any]:
    """What is typed into this form on a day."""
    text = _texts()[name].replace("{today}", german(today)).replace("{soon}", german(today + timedelta(days=21)))
    found: dict[str, Any] = json.loads(text)
    return found


@functools.cache
def _texts() -> dict[str, str]:
    return {name: json.dumps(usual) for name, usual in json.loads(FILE.read_text(encoding="utf-8")).items()}
