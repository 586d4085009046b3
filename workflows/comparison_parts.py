"""The parts that files are taken into to be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Part:
    """An element, field or row with its own properties; what lies in it and has a name of its own is another part."""

    element: str
    type: str
    label: str
    values: Mapping[str, str]
