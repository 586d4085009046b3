from datetime import date

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from app.casework import errors, page, vault
from app.casework.access import Level, Reading
from app.casework.cases import queries as cases
from app.casework.records import queries, service
from tests import factories

NOW = factories.OPENING
MARKER = "Schwur im Keller"
FULL = {"anamnesis": Reading(Level.FULL), "profile": Reading(Level.FULL)}


def write(session, case, acting, **values):
    service.record(session, case, kind="anamnesis_talk", values=values, section="family", actor=acting("FM"), now=NOW)


def test_each_record_is_a_new_version_and_older_ones_stay(office, case, acting):
    for number in (1, 2):
        write(office, case, acting, profile={"number": number})
    found = queries.records(office, case, FULL, 1)
    assert [(row.version, row.latest, row.values["number"]) for row in found] == [(2, True, 2), (1, False, 1)]
    assert queries.latest_values(office, case, "anamnesis_talk", section="family") == {"number": 2}


def test_special_categories_are_nowhere_in_the_database_in_clear(office, case, acting):
    write(office, case, acting, anamnesis={"note": MARKER})
    stored = office.execute(text("SELECT sealed, values FROM case_record")).one()
    assert MARKER.encode() not in bytes(stored.sealed)
    assert stored.values is None
    assert queries.records(office, case, FULL, 1)[0].values == {"note": MARKER}


def test_without_a_key_special_categories_are_refused(office, case, acting):
    office.info.pop("vault")
    with pytest.raises(errors.VaultMissing):
        write(office, case, acting, anamnesis={"note": MARKER})


def test_a_changed_key_still_opens_what_an_older_one_sealed():
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    sealed = vault.Vault.from_keys([old]).seal({"a": 1})
    assert vault.Vault.from_keys([new, old]).open(sealed) == {"a": 1}
    with pytest.raises(errors.VaultUnreadable):
        vault.Vault.from_keys([new]).open(sealed)


def test_an_unknown_category_is_refused(office, case, acting):
    with pytest.raises(errors.ValuesRefused):
        write(office, case, acting, secrets={"note": MARKER})


def test_a_record_of_no_case_is_refused(office, case, acting):
    with pytest.raises(errors.UnknownCase):
        write(office, case + 1, acting, profile={})


def test_a_talk_needs_a_next_date_or_step(office, case, acting):
    talk = service.Talk(held_on=date(2004, 1, 5), kind="talk")
    with pytest.raises(errors.ValuesRefused):
        service.add_contact(office, case, talk, actor=acting("FM"), now=NOW)


def test_the_next_date_of_a_talk_becomes_the_cases(office, case, acting):
    talk = service.Talk(held_on=date(2004, 1, 5), kind="talk", next_on=date(2004, 2, 2))
    service.add_contact(office, case, talk, actor=acting("FM"), now=NOW)
    assert cases.cards(office, [case])[case].next_contact == date(2004, 2, 2)


def test_a_comment_stays_with_its_author(office, case, acting):
    service.comment(office, case, " fehlt noch ein Nachweis ", actor=acting("VM"), now=NOW, task_id=7)
    row = queries.comments(office, case)[0]
    assert (row.text, row.author, row.partner, row.task_id) == ("fehlt noch ein Nachweis", "VM 1", "AA", 7)
    with pytest.raises(errors.ValuesRefused):
        service.comment(office, case, "  ", actor=acting("VM"), now=NOW)


@pytest.mark.parametrize("role", ["VM", "FM", "KS"])
def test_a_read_is_logged_with_purpose_and_marked_when_it_crosses_the_agencies(office, case, acting, role):
    seen = page.case_page(office, case, acting(role), NOW).shown
    service.log_read(office, case, categories=seen, actor=acting(role), now=NOW)
    row = queries.reads(office, case)[0]
    assert (row.actor, row.across) == (f"{role} 1", True)
    assert row.purpose in {"counselling", "placement"}
    assert "core" in row.categories
