"""What supervision refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003  dataclasses' users ask for the types at run time


@dataclass
class PleaRefused(Exception):  # noqa: N818  the house names errors by what is the case
    """A leader's request or its answer cannot be taken; `code` says why: role, required, answered."""

    code: str


@dataclass
class AbsenceRefused(Exception):  # noqa: N818
    """An absence cannot be entered so: why, at which field, and the days of the absence that it meets."""

    code: str
    field: str = ""
    first: date | None = None
    last: date | None = None


@dataclass
class ReminderRefused(Exception):  # noqa: N818
    """Nobody is reminded; `code` says why: gone, own_agency, required."""

    code: str


@dataclass
class DistributionRefused(Exception):  # noqa: N818
    """A rule of distribution cannot be set so; `code` says why: own_agency, unknown_choice, required."""

    code: str


@dataclass
class BulkRefused(Exception):  # noqa: N818
    """An act on many tasks cannot be planned or done so; `code` says why: own_agency, nothing, required, status."""

    code: str


@dataclass
class ConferenceRefused(Exception):  # noqa: N818
    """A case conference cannot be called so: why, and at which field."""

    code: str
    field: str = ""


@dataclass
class PreparationRefused(Exception):  # noqa: N818
    """Something cannot be begun before its day; `code` says why: gone, asked, required, too_long."""

    code: str
