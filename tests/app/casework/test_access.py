import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework import access
from app.office import profile

PROFILE = profile.read("bergisch_gladbach_2004")
MATRIX = access.parse(PROFILE.access)
ROLES = sorted(row["code"] for row in PROFILE.rows("roles"))
STANDINGS = st.builds(access.Standing, own=st.booleans(), office_pays=st.booleans())
FULL, REDUCED, NONE = access.Level.FULL, access.Level.REDUCED, access.Level.NONE
HELD = st.frozensets(st.sampled_from(ROLES), max_size=3)


def level(category, role, **standing):
    return MATRIX.reading(category, {role}, access.Standing(**standing)).level


def test_the_matrix_knows_every_category_and_no_other():
    assert set(PROFILE.access["matrix"]) == set(access.CATEGORIES) == set(PROFILE.access["owners"])


@pytest.mark.parametrize("role", ["PD", "ADM"])
@given(standing=STANDINGS)
def test_designers_and_administrators_read_no_case(role, standing):
    assert not any(reading.is_visible for reading in MATRIX.readings({role}, standing).values())


@given(STANDINGS)
def test_the_social_history_is_open_to_case_management_alone(standing):
    assert [role for role in ROLES if MATRIX.reading("anamnesis", {role}, standing).is_full] == ["FM"]


@given(STANDINGS)
def test_nobody_but_data_protection_reads_the_log(standing):
    assert [role for role in ROLES if MATRIX.reading("log", {role}, standing).is_visible] == ["DSB_AA", "DSB_STADT"]


@given(STANDINGS)
def test_data_protection_reads_content_only_by_breaking_the_glass(standing):
    for role in ("DSB_STADT", "DSB_AA"):
        readings = MATRIX.readings({role}, standing)
        assert [category for category, reading in readings.items() if reading.is_visible] == ["log"]


@given(st.booleans())
def test_department_5_sees_its_own_cases_alone(office_pays):
    assert not any(
        reading.is_visible
        for reading in MATRIX.readings({"FB5"}, access.Standing(own=False, office_pays=office_pays)).values()
    )
    assert level("core", "FB5", own=True, office_pays=office_pays) is FULL


def test_department_5_never_sees_profile_or_social_history():
    assert {level(category, "FB5") for category in ("profile", "anamnesis", "referral", "medical", "contact")} == {NONE}


def test_the_account_is_with_whoever_is_competent_for_the_payment():
    assert level("benefit_account", "BFK", office_pays=True) is FULL
    assert level("benefit_account", "BFK", office_pays=False) is NONE
    assert level("benefit_account", "FB5", office_pays=False) is FULL
    assert level("benefit_account", "FB5", office_pays=True) is NONE


@given(STANDINGS)
def test_the_employment_agency_never_sees_the_citys_account_data(standing):
    assert not any(
        MATRIX.reading("benefit_account", {role}, standing).is_visible for role in ("KS", "VM", "LTG_AA", "DSB_AA")
    )


def test_reception_reads_the_benefit_reduced_and_writes_it():
    reading = MATRIX.reading("benefit_status", {"KS"}, access.Standing())
    assert (reading.level, reading.writes) == (REDUCED, True)


def test_placement_learns_only_that_there_is_an_obstacle():
    assert level("anamnesis", "VM") is REDUCED


@given(HELD, HELD, STANDINGS, st.sampled_from(access.CATEGORIES))
def test_more_roles_never_see_less(some, more, standing, category):
    assert MATRIX.reading(category, some | more, standing).level >= MATRIX.reading(category, some, standing).level


@given(HELD, st.sampled_from(access.CATEGORIES), st.booleans())
def test_what_is_not_ones_own_is_never_seen_better(roles, category, office_pays):
    own = MATRIX.reading(category, roles, access.Standing(own=True, office_pays=office_pays))
    other = MATRIX.reading(category, roles, access.Standing(own=False, office_pays=office_pays))
    assert other.level <= own.level


@given(STANDINGS)
def test_whoever_has_no_role_sees_nothing(standing):
    assert not any(reading.is_visible for reading in MATRIX.readings((), standing).values())


def test_special_categories_are_sealed():
    assert {"anamnesis", "medical"} <= MATRIX.sealed


@pytest.mark.parametrize("text", ["X", "R mine", ""])
def test_a_matrix_with_unknown_words_is_refused(text):
    with pytest.raises((KeyError, ValueError)):
        access.parse(PROFILE.access | {"matrix": {"core": {"KS": text}}})
