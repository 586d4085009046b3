"""The shipped book and ordinary people to route with it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import strategies as st

from rules import book, facts

VIGNETTES = Path(__file__).parents[2] / "app" / "office" / "profiles" / "bergisch_gladbach_2004" / "clients.csv"
DAY = date(2004, 3, 1)


@pytest.fixture(scope="session")
def shipped():
    return book.load()


@pytest.fixture(scope="session")
def vignettes_file():
    return VIGNETTES


@pytest.fixture(scope="session")
def vignettes():
    with VIGNETTES.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.fixture
def person():
    """A resident of 27 with HLU, fit, available, unemployed for years; each test says what differs."""

    def build(**differences):
        ordinary = {
            "birth_date": date(1976, 4, 4),
            "reference_date": DAY,
            "residence": "yes",
            "benefits": frozenset({"HLU"}),
            "fit_for_work": "yes",
            "available": "yes",
            "unemployed_since": date(2002, 1, 1),
        }
        return facts.Facts(**ordinary | differences)

    return build


@pytest.fixture(scope="session")
def anyone():
    """A strategy for whoever may come through the door, likely and unlikely."""
    days = st.dates(date(1890, 1, 1), date(2006, 12, 31))
    benefits = st.frozensets(st.sampled_from(["HLU", "ALHI", "ALG", "ASYLBLG"]), max_size=3)
    return st.builds(
        facts.Facts,
        birth_date=st.none() | days | st.dates(date(1972, 1, 1), date(1991, 1, 1)),
        reference_date=st.none() | st.just(DAY),
        residence=st.sampled_from(["yes", "yes", "yes", "no", "unclear"]),
        benefits=benefits,
        benefits_known=st.sampled_from([True, True, True, False]),
        fit_for_work=st.sampled_from(["yes", "limited", "no", "unknown", ""]),
        available=st.sampled_from(["yes", "no", "unknown"]),
        unemployed_since=st.none() | st.dates(date(2000, 1, 1), date(2004, 12, 31)),
        applied=st.frozensets(st.sampled_from(["HLU", "ALHI"]), max_size=1),
        household_payer=st.sampled_from([None, "SB", "FB5"]),
        current_payer=st.sampled_from([None, "SB", "FB5"]),
        not_available_reason=st.sampled_from([None, "", "childcare", "Umschulung {x} 100 %"]),
        fitness_basis=st.sampled_from([None, "", "SELF", "HEALTH_OFFICE"]),
        fitness_date=st.none() | st.dates(date(2003, 1, 1), date(2004, 3, 1)),
    )
