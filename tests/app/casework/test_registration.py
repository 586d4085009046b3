import unicodedata
from datetime import date

import pytest
from sqlalchemy import func, select

from app.casework import errors, models
from app.casework.circumstances import queries as circumstances
from app.casework.clients import queries, service
from tests import factories

NOW = factories.OPENING


def refused(register, **changes):
    with pytest.raises(errors.ValuesRefused) as refusal:
        register(**changes)
    return refusal.value.fields


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"birth_date": "31.02.1980"}, {"birth_date": "no_such_date"}),
        ({"birth_date": "14.3.82"}, {"birth_date": "two_digit_year"}),
        ({"birth_date": "14.03.2082"}, {"birth_date": "future"}),
        ({"birth_date": "14.03.1882"}, {"birth_date": "too_old"}),
        ({"family_name": " "}, {"family_name": "required"}),
        ({"family_name": "x" * 201}, {"family_name": "too_long"}),
        ({"fit_for_work": "maybe"}, {"fit_for_work": "unknown_choice"}),
        ({"unemployed_since": "06.01.2004"}, {"unemployed_since": "future"}),
        ({"unemployed_since": "01.01.1980"}, {"unemployed_since": "before_birth"}),
        ({"birth_date": "x", "available": "x"}, {"birth_date": "not_a_date", "available": "unknown_choice"}),
    ],
)
def test_impossible_values_are_refused_by_field(register, changes, fields):
    assert refused(register, **changes) == fields


def test_a_refused_registration_stores_nothing(office, register):
    refused(register, birth_date="31.02.1980")
    tables = (models.Client, models.Benefit, models.Fitness, models.UnemploymentSpell)
    assert [office.scalar(select(func.count()).select_from(table)) for table in tables] == [0, 0, 0, 0]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_is_stored_as_it_was_given_and_found_in_each_spelling(office, register, form):
    name = unicodedata.normalize(form, "Öztürk-Weiß")
    client_id = register(family_name=name, given_names="Jürgen")
    assert queries.client(office, client_id).family_name == name
    for text in ("Oeztuerk-Weiss", "öztürk", "OZTURK weiß", unicodedata.normalize("NFD", "Öztürk")):
        assert queries.find_clients(office, text) == [client_id]


def test_percent_signs_in_a_search_are_letters(office, register):
    register()
    assert queries.find_clients(office, "%") == []
    assert queries.find_clients(office, "_") == []


def test_script_tags_and_emoji_are_letters_like_others(office, register):
    client_id = register(family_name="<b>Becker</b> \N{GRINNING FACE}")
    assert queries.client(office, client_id).family_name == "<b>Becker</b> \N{GRINNING FACE}"


def test_a_person_may_have_one_name(office, register):
    client_id = register(family_name="Suharto", given_names="")
    assert queries.full_name("Suharto", "") == "Suharto"
    assert queries.find_clients(office, "suharto") == [client_id]


@pytest.mark.parametrize(("text", "precision"), [("1982", "year"), ("03.1982", "month"), ("", "unknown")])
def test_an_unknown_day_of_birth_is_kept_as_unknown(office, register, text, precision):
    client = queries.client(office, register(birth_date=text))
    assert client.birth_precision == precision
    assert (client.birth_date is None) == (precision == "unknown")


def test_numbers_are_own_random_ones(office, register):
    numbers = {queries.client(office, register(given_names=name)).number for name in ("A", "B", "C")}
    assert len(numbers) == 3
    assert all(len(number) == 8 for number in numbers)


def test_a_client_is_found_by_number_and_birth_date(office, register):
    client_id = register()
    assert queries.find_clients(office, queries.client(office, client_id).number) == [client_id]
    assert queries.find_clients(office, "14.03.1982") == [client_id]


def test_names_are_listed_as_din_5007_2_orders_them(office, register):
    ids = {name: register(family_name=name, given_names="Test") for name in ("Muller", "Müller", "Mufti", "Mueller")}
    found = queries.find_clients(office, "test")
    assert found == [ids["Müller"], ids["Mueller"], ids["Mufti"], ids["Muller"]]


def test_two_unrelated_people_of_one_name_stay_two(office, register):
    ids = [register(family_name="Müller", given_names="Thomas", birth_date="12.05.1982") for _ in range(2)]
    assert ids[0] != ids[1]
    assert [row.status for row in queries.matches(office, ids[0])] == ["pending"]
    assert queries.same_person(office, ids[0]) == {ids[0]}


def test_a_possible_match_is_shown_before_anything_is_stored(office, register):
    known = register(family_name="Maus", given_names="Katrin", birth_date="04.03.1981", street="Hauptstraße 5")
    typed = {
        "family_name": "Schmitz-Maus",
        "given_names": "Kathrin",
        "birth_date": "03.04.1981",
        "street": "Hauptstr. 5",
    }
    found = service.duplicates(office, typed, now=NOW)
    assert [row.client_id for row in found] == [known]
    assert "birth_swapped" in found[0].reasons


def test_a_link_joins_two_files_and_can_be_taken_back(office, register, acting):
    one, other = register(), register(given_names="Janna")
    service.link(office, one, other, actor=acting("KS"), now=NOW)
    assert queries.same_person(office, one) == queries.same_person(office, other) == {one, other}
    service.unlink(office, other, one, actor=acting("KS"), now=NOW)
    assert queries.same_person(office, one) == {one}
    assert queries.client(office, other).given_names == "Janna"


def test_links_reach_over_a_third_file(office, register, acting):
    ids = [register(given_names=name) for name in ("Jana", "Janna", "Johanna")]
    service.link(office, ids[0], ids[1], actor=acting("KS"), now=NOW)
    service.link(office, ids[2], ids[1], actor=acting("KS"), now=NOW)
    assert queries.same_person(office, ids[0]) == set(ids)


def test_a_match_stays_open_until_somebody_decides(office, register, acting):
    one, other = register(), register()
    match = queries.matches(office, one)[0]
    assert queries.open_matches(office, other)
    service.decide_match(office, match.id, "different", actor=acting("KS"), now=NOW)
    assert not queries.open_matches(office, other)


def test_a_number_of_another_system_belongs_to_one_client(office, register):
    one = register(aa_number="365A1")
    other = register(given_names="Uwe")
    service.identify(office, one, system="AA", number="365A1", now=NOW)
    with pytest.raises(errors.ValuesRefused):
        service.identify(office, other, system="AA", number="365A1", now=NOW)


def test_a_changed_name_is_found_and_the_old_one_no_more(office, register, acting):
    client_id = register()
    service.change_person(office, client_id, {"family_name": "Sander", "birth_name": ""}, actor=acting("KS"), now=NOW)
    assert queries.find_clients(office, "sander jana") == [client_id]
    assert queries.find_clients(office, "becker") == []
    assert queries.client(office, client_id).birth_date == date(1982, 3, 14)


@pytest.mark.parametrize(
    ("values", "residence"),
    [
        ({"city": "Rösrath"}, "no"),
        ({"city": "", "no_fixed_abode": True}, "yes"),
        ({"city": ""}, "unclear"),
        ({"city": "Bensberg"}, "yes"),
    ],
)
def test_residence_follows_the_address_and_without_one_the_stay(office, register, values, residence):
    assert queries.client(office, register(**values)).residence == residence


def test_circumstances_are_those_stated(office, register):
    known = circumstances.circumstances(office, register(benefits=["HLU", "ALHI"]), date(2004, 1, 5))
    assert {row.kind: row.payer for row in known.benefits} == {"HLU": "", "ALHI": "AA"}
    assert (known.fit_for_work, known.available, known.unemployed_since) == ("yes", "yes", date(2003, 9, 1))


def test_an_unknown_benefit_is_not_none(office, register):
    day = date(2004, 1, 5)
    assert not circumstances.circumstances(office, register(benefits=["unknown"]), day).benefits_known
    assert circumstances.circumstances(office, register(benefits=[]), day).benefits_known
