from __future__ import annotations

import unicodedata

import pytest

from rules import places


@pytest.mark.parametrize(
    ("written", "residence"),
    [
        ("Bergisch Gladbach", "yes"),
        ("  bergisch gladbach ", "yes"),
        ("Bergisch-Gladbach", "yes"),
        ("51465 Bergisch Gladbach", "yes"),
        ("51429", "yes"),
        ("Bensberg", "yes"),
        ("Bergisch Gladbach-Refrath", "yes"),
        ("Bergisch Gladbach (Schildgen)", "yes"),
        ("Lückerath", "yes"),
        (unicodedata.normalize("NFD", "Lückerath"), "yes"),
        ("Lueckerath", "yes"),
        ("ohne festen Wohnsitz", "yes"),
        ("ofW", "yes"),
        ("ohne festen Wohnsitz, Köln", "no"),
        ("Rösrath", "no"),
        ("Roesrath", "no"),
        ("51503 Rösrath", "no"),
        ("Köln", "no"),
        ("50667", "no"),
        ("Kleinkleckersdorf 12345", "no"),
        ("", "unclear"),
        ("unbekannt", "unclear"),
        ("ungeklärt", "unclear"),
        ("Bergsich Gladbach", "unclear"),
        ("51465 Köln", "unclear"),
        ("Rösrath 51465", "unclear"),
        ("Kleinkleckersdorf", "unclear"),
        ("<script>", "unclear"),
    ],
)
def test_what_is_written_yields_whether_it_is_in_the_town(written, residence):
    assert places.load().residence(written) == residence
