"""What supervision refuses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class PleaRefused(Exception):  # noqa: N818  the house names errors by what is the case
    """A leader's request or its answer cannot be taken; `code` says why: role, required, answered."""

    code: str
