"""The dates that an age limit brings with it: hand-over of the payment at 25, the plan's last day at 31."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from rules import ages

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Handover:
    """When the payment of HLU is prepared for the hand-over, offered, and handed over (A15, P13c)."""

    birthday: date
    prepare_on: date
    offer_on: date
    payer_from: date


def handover(birth: date, parameters: Mapping[str, Any]) -> Handover:
    """The dates of the hand-over at the limit of the young. A payer changes on the first of a month only, and a
    birthday on the first of a month takes effect on the first of the next one (B5).
    """
    day = ages.birthday(birth, parameters["young_below"])
    return Handover(
        birthday=day,
        prepare_on=day - timedelta(days=parameters["handover_prepare_days"]),
        offer_on=day - timedelta(days=parameters["handover_offer_days"]),
        payer_from=ages.first_of_next_month(day),
    )


def plan_ends(birth: date, parameters: Mapping[str, Any], *, agreement_ends: date | None) -> date:
    """The last day until which a plan in force may run on after the upper limit; the agreement's end wins if
    earlier (A16).
    """
    last = ages.period_end(ages.birthday(birth, parameters["over_from"]), parameters["plan_run_out_months"])
    return min(last, agreement_ends) if agreement_ends else last
