"""The usual answers to each form: those of the generator, so that one list serves both."""

from __future__ import annotations

from app.cli.generating.answers import for_form as for_form
from app.cli.generating.answers import german as german
