"""The office that the browser tests work in."""

from __future__ import annotations

from tests.acceptance.stage import house

__all__ = ["house"]
