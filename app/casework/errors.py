"""What casework refuses. The docstring of a class is the message for people; the fields carry what a screen needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.office.errors import OfficeClosed as OfficeClosed


class CaseworkError(Exception):
    """Casework could not do this."""


@dataclass
class ValuesRefused(CaseworkError):  # noqa: N818  the house names errors by what is the case
    """Some values cannot be taken as they are."""

    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class CaseOpenAlready(CaseworkError):  # noqa: N818
    """The person has an open case already."""

    case_id: int


@dataclass
class CaseReopenable(CaseworkError):  # noqa: N818
    """The person had a case here not long ago: it goes on, instead of a new one."""

    case_id: int


@dataclass
class UnknownCase(CaseworkError):  # noqa: N818
    """There is no such case."""

    case_id: int


@dataclass
class UnknownClient(CaseworkError):  # noqa: N818
    """There is no such client."""

    client_id: int


@dataclass
class AccessDenied(CaseworkError):  # noqa: N818
    """Someone in this role may not read this case."""

    reason: str


@dataclass
class PayerRefused(CaseworkError):  # noqa: N818
    """The payer can change on the first of a month only, one at a time, and never without acceptance."""

    reason: str


@dataclass
class UnknownRequest(CaseworkError):  # noqa: N818
    """There is no such request for an intervention."""

    request_id: int


@dataclass
class UnknownAttachment(CaseworkError):  # noqa: N818
    """There is no such file, or it was removed."""

    attachment_id: int


@dataclass
class RequestOver(CaseworkError):  # noqa: N818
    """The request for an intervention is over: decided, withdrawn or expired."""

    request_id: int


class ConsequenceChanged(CaseworkError):  # noqa: N818
    """The case has moved: the intervention would lead to something else than was shown."""


@dataclass
class VaultMissing(CaseworkError):  # noqa: N818
    """No key is configured for records of special categories."""


@dataclass
class VaultUnreadable(CaseworkError):  # noqa: N818
    """A sealed record cannot be opened with the configured keys."""
