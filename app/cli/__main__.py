"""`python -m app.cli` is the command `drehscheibe`."""

from __future__ import annotations

from app.cli import main

main.main()
