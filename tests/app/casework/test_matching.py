from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.casework.clients import matching

Traits = matching.Traits
NAMES = st.sampled_from(["Maus", "Schmitz-Maus", "Müller", "Mueller", "Yılmaz", "Demir", ""])
PEOPLE = st.builds(
    Traits,
    NAMES,
    NAMES,
    NAMES,
    st.none() | st.dates(date(1980, 1, 1), date(1983, 12, 31)),
    st.sampled_from(["", "Hauptstr. 5", "Hauptstraße 5"]),
)


def test_marriage_and_swapped_day_and_month_are_seen_through():
    one = Traits("Schmitz-Maus", "Kathrin", "", date(1981, 4, 3), "Hauptstr. 5")
    other = Traits("Maus", "Katrin", "", date(1981, 3, 4), "Hauptstraße 5")
    likeness = matching.compare(one, other)
    assert likeness.score >= 70
    assert set(likeness.reasons) == {"birth_swapped", "family_shared", "given_sound", "address_same"}


def test_twins_are_alike_but_not_the_same():
    twins = [Traits("Yılmaz", name, "", date(1983, 2, 2), "Hauptstr. 7") for name in ("Mehmet", "Muhammed")]
    score = matching.compare(*twins).score
    assert 50 <= score < matching.compare(twins[0], twins[0]).score == 100


def test_a_birth_name_counts_as_a_family_name():
    likeness = matching.compare(
        Traits("Weiß", "Ute", "Sommer", date(1976, 6, 6)), Traits("Sommer", "Ute", "", date(1976, 6, 6))
    )
    assert "family_shared" in likeness.reasons


def test_strangers_are_not_alike():
    assert (
        matching.compare(
            Traits("Becker", "Jana", "", date(1982, 3, 14)), Traits("Thelen", "Petra", "", date(1973, 4, 2))
        ).score
        < 50
    )


@given(PEOPLE, PEOPLE)
def test_the_order_of_two_people_does_not_matter(one, other):
    assert matching.compare(one, other) == matching.compare(other, one)


@given(PEOPLE, PEOPLE)
def test_nobody_is_more_alike_than_oneself(one, other):
    assert 0 <= matching.compare(one, other).score <= 100
