"""The targets of the office's file: those that contradict themselves are refused with step and reason."""

from __future__ import annotations

from datetime import date

import pytest

from app.office import errors, profile, targets

ROLES = {"KS", "LTG_AA"}
GOOD = {
    "step": "route", "label": "Zuordnung", "unit": "workdays", "target": 0, "amber": 2, "red": 5, "level1": "own",
    "level2": "both", "further": 5, "measure": "tasks", "elements": ["routing_confirm"],
    "valid_from": date(2003, 1, 1),
}  # fmt: skip


def test_the_shipped_office_has_all_thirteen_steps():
    shipped = profile.read("bergisch_gladbach_2004")
    found = targets.read(shipped.rows("targets"), {row["code"] for row in shipped.rows("roles")})
    assert len({one.step for one in found}) == 13


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amber": 6}, "amber must not be later"), ({"amber": 0}, "at least 1"), ({"red": "5"}, "no whole number"),
        ({"red": True}, "no whole number"), ({"unit": "weeks"}, "unit must be one of"),
        ({"level1": "BOSS"}, "names nobody"), ({"further": 0}, "further"), ({"level1": ""}, "level2 without level1"),
        ({"elements": []}, "elements"), ({"unit": "date"}, "review"), ({"target": -1}, "negative"),
        ({"valid_to": date(2003, 1, 1)}, "later than valid_from"), ({"colour": "red"}, "unknown: colour"),
        ({"label": ""}, "missing: label"), ({"measure": "none", "elements": []}, "not measured"),
        ({"measure": "contact", "elements": [], "red": None}, "no whole number"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_is_refused_by_name(change, said):
    with pytest.raises(errors.ProfileInvalid, match=said):
        targets.read([GOOD | change], ROLES)


def test_two_targets_of_a_step_must_not_be_valid_on_the_same_day():
    later = GOOD | {"valid_from": date(2004, 7, 1), "amber": 3}
    with pytest.raises(errors.ProfileInvalid, match="same day"):
        targets.read([GOOD, later], ROLES)
    first, second = targets.read([GOOD | {"valid_to": date(2004, 7, 1)}, later], ROLES)
    assert [one.holds_on(date(2004, 7, 1)) for one in (first, second)] == [False, True]
