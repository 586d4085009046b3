"""What somebody handed in with the form of a task: values for the office, answers for the process, who and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from app.casework import errors, queries
from app.casework.records import service as records
from app.office import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.handlers import Actor

NO_ANSWERS: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submission. Dates stand in `values` as ISO text, absent answers as None or not at all."""

    session: Session
    case_id: int
    values: Mapping[str, Any]
    actor: Actor
    now: datetime
    element: str
    process: Mapping[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The office's day."""
        return dates.day_of(self.now)

    @property
    def client_id(self) -> int:
        """The client of the case."""
        return queries.case_file(self.session, self.case_id).client_id

    def text(self, key: str) -> str:
        """A text, empty when nothing was typed."""
        return str(self.values.get(key) or "").strip()

    def day(self, key: str) -> date | None:
        """A date, None when nothing was typed."""
        value = self.values.get(key)
        return date.fromisoformat(str(value)) if value else None

    def required_day(self, key: str) -> date:
        """A date; raises ValuesRefused when nothing was typed."""
        found = self.day(key)
        if found is None:
            raise errors.ValuesRefused({key: "required"})
        return found

    def is_yes(self, key: str) -> bool:
        """Whether a question was answered with yes, or a box ticked."""
        return self.values.get(key) in {"yes", True}

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """The rows of a list."""
        return list(self.values.get(key) or [])

    def keep(self, kind: str, category: str) -> None:
        """Keeps all that was typed as a new version of the case's record of this kind; the element is its section."""
        self.keep_as(kind, {category: self.values})

    def keep_as(self, kind: str, values: Mapping[str, Mapping[str, Any]], *, section: str = "") -> None:
        """Keeps values of several categories as a new version of the case's record of this kind."""
        records.record(
            self.session, self.case_id, kind=kind, section=section, values=values, actor=self.actor, now=self.now
        )

    def not_later(self, *keys: str) -> None:
        """Raises ValuesRefused for a day that has not come yet: what is told of it cannot have happened."""
        late = {key: "in_future" for key in keys if (day := self.day(key)) is not None and day > self.today}
        if late:
            raise errors.ValuesRefused(late)

    def not_earlier(self, *keys: str) -> None:
        """Raises ValuesRefused for a day that has passed: nothing can be agreed for it any more."""
        early = {key: "in_past" for key in keys if (day := self.day(key)) is not None and day < self.today}
        if early:
            raise errors.ValuesRefused(early)
