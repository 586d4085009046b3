"""The register of processing: which step of the processes in force uses which personal data, and why."""

from __future__ import annotations

import csv
import io
from itertools import groupby
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from app import security
from app.casework import words
from app.design import checking, purposes, views

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("design_register", __name__, url_prefix="/processing")
READERS = (*views.READERS, "DSB_STADT", "DSB_AA")


def _entries() -> list[purposes.Entry]:
    return purposes.register(checking.shared(security.session(), security.now()).files)


def _title(process: str) -> str:
    return str(words.word(process, "process"))


@blueprint.get("")
@security.access(*READERS)
def index() -> ResponseReturnValue:
    """The register as a table for each process."""
    found = [(_title(process), list(rows)) for process, rows in groupby(_entries(), key=lambda one: one.process)]
    return render_template("design/register.html", processes=found)


@blueprint.get("/register.csv")
@security.access(*READERS)
def export() -> ResponseReturnValue:
    """The same for a spreadsheet."""
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow([
        gettext("Prozess"), gettext("Schritt"), gettext("Zuständig"), gettext("Daten"),
        gettext("Zweck und Rechtsgrundlage"),
    ])  # fmt: skip
    for one in _entries():
        cells = (_title(one.process), one.step, one.performer, ", ".join(one.data), one.purpose)
        table.writerow([_plain(cell) for cell in cells])
    name = {"Content-Disposition": "attachment; filename=verarbeitungen.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=name)


def _plain(cell: str) -> str:
    # A spreadsheet would take such a beginning for a formula.
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
