"""What the player says to people, German and English; the texts stand in player_texts.json, by code."""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@functools.cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All texts: code -> language -> text."""
    found: Mapping[str, Mapping[str, str]] = json.loads(
        resources.files("workflows").joinpath("player_texts.json").read_bytes()
    )
    return found


def text(code: str, locale: str, /, **values: Any) -> str:  # noqa: ANN401  whatever the text shows
    """The text of this code in English or (for any other language) German."""
    return catalogue()[code]["en" if locale.startswith("en") else "de"].format(**values)
