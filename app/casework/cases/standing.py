"""Where a case stands, read in one statement: its file, its client, the decisions on its route, payers, notices;
beside it which rule books there are.

The handlers of one act ask for parts of it again and again. It is kept for the transaction (`workflows.kept`): rows
that the act changes are the session's own objects, the rest is read again as soon as one of its tables is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased, defer

from app.casework import errors
from app.casework.cases import models
from app.casework.circumstances import queries as circumstances
from app.casework.clients.models import Client
from app.casework.editions import queries as editions
from app.office import arrays
from workflows import kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


class PayerRow(NamedTuple):
    """Who pays from when on, and how sure that is."""

    payer: str
    valid_from: date
    valid_to: date | None
    state: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A message to the payer and its confirmation."""

    id: int
    kind: str
    receiver: str
    text: str
    sent_by: str
    sent_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    query: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A case with what belongs to it; `decided` are its newest open and its newest settled decision."""

    case: models.CaseFile
    client: Client
    decided: tuple[models.RouteDecision, ...]
    payers: tuple[PayerRow, ...]
    notices: tuple[NoticeRow, ...]
    reopened_at: datetime | None

    @property
    def began_at(self) -> datetime:
        """When the present run of the case began: when it was opened again last, or opened at all."""
        return self.reopened_at or self.case.opened_at

    def pending(self) -> models.RouteDecision | None:
        """The decision that waits for a person."""
        return _newest(row for row in self.decided if row.decided_at is None)

    def settled(self) -> models.RouteDecision | None:
        """The decision that is valid now."""
        return _newest(row for row in self.decided if row.decided_at is not None)

    def payer_on(self, day: date) -> str:
        """Who pays the living costs in the month of this day; empty when nobody does."""
        return next(
            (
                row.payer
                for row in self.payers
                if row.state == models.PayerState.ACTIVE
                and row.valid_from <= day
                and (row.valid_to is None or row.valid_to > day)
            ),
            "",
        )


def _newest(rows: Any) -> models.RouteDecision | None:  # noqa: ANN401  rows
    return max(rows, key=lambda row: row.id, default=None)


def standing(session: Session, case_id: int) -> Standing:
    """Where the case stands at this point of the transaction; raises UnknownCase."""
    return kept.once(session, (Standing, case_id), _WATCHED, lambda: _read(session, case_id))


def _read(session: Session, case_id: int) -> Standing:
    found = session.execute(_STANDING, {"case_id": case_id}, execution_options={"populate_existing": True})
    row = found.one_or_none()
    if row is None:
        raise errors.UnknownCase(case_id)
    case, client, pending, settled, payers, notices, reopened_at, books, *told = row
    editions.keep(session, books)
    circumstances.keep(session, client.id, told)
    kept.keep(session, (models.CaseFile, case.id), case, ())
    kept.keep(session, (Client, client.id), client, ())
    return Standing(
        case, client, tuple(each for each in (pending, settled) if each is not None),
        tuple(_payer(each) for each in payers), tuple(_notice(each) for each in notices), reopened_at,
    )  # fmt: skip


def _payer(row: Sequence[Any]) -> PayerRow:
    payer, valid_from, valid_to, state = row
    return PayerRow(payer, date.fromisoformat(valid_from), arrays.day(valid_to), state)


def _notice(row: Sequence[Any]) -> NoticeRow:
    values = dict(zip(NoticeRow.__dataclass_fields__, row, strict=True))
    for name in ("sent_at", "confirmed_at"):
        values[name] = None if values[name] is None else datetime.fromisoformat(values[name])
    return NoticeRow(**values)


_WATCHED = frozenset({
    kept.NEW + models.RouteDecision.__tablename__, models.PayerPeriod.__tablename__, models.Notice.__tablename__,
    models.CaseReopening.__tablename__,
})  # fmt: skip
_BULKY = ("inputs", "reasons", "others", "changes")


def _statement() -> Any:  # noqa: ANN401  a select of many things
    case, payer, notice, again = models.CaseFile, models.PayerPeriod, models.Notice, models.CaseReopening
    pending, settled, each = (aliased(models.RouteDecision) for _ in range(3))

    def newest(is_open: Any) -> Any:  # noqa: ANN401  SQL
        return select(func.max(each.id)).where(each.case_id == case.id, is_open).scalar_subquery()

    return (
        select(
            case, Client, pending, settled,
            arrays.every(
                (payer.payer, payer.valid_from, payer.valid_to, payer.state), payer.case_id == case.id,
                order=(payer.valid_from, payer.id),
            ),
            arrays.every(
                [getattr(notice, name) for name in NoticeRow.__dataclass_fields__], notice.case_id == case.id,
                order=(notice.id,),
            ),
            select(again.reopened_at).where(again.case_id == case.id).order_by(again.id.desc()).limit(1)
            .scalar_subquery(),
            editions.column(), *circumstances.columns(Client.id),
        )
        .join(Client, Client.id == case.client_id)
        .outerjoin(pending, and_(pending.case_id == case.id, pending.id == newest(each.decided_at.is_(None))))
        .outerjoin(settled, and_(settled.case_id == case.id, settled.id == newest(each.decided_at.is_not(None))))
        .where(case.id == bindparam("case_id"))
        .options(*(defer(getattr(row, name)) for row in (pending, settled) for name in _BULKY))
    )  # fmt: skip


_STANDING = _statement()
