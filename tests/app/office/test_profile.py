import shutil
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.office import calendar, clock, errors, models, places, profile, queries, service
from workflows import database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAME = "bergisch_gladbach_2004"


def at(year, month, day):
    return datetime(year, month, day, 9, 0, tzinfo=UTC)


def counts(session):
    tables = [table for table in database.Base.metadata.sorted_tables if table.name.startswith("office_")]
    return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


def test_loading_twice_changes_nothing(session):
    service.load(session, NAME, NOW)
    first = counts(session)
    service.load(session, NAME, NOW)
    assert counts(session) == first
    assert first["office_staff"] == 12


def test_loading_again_does_not_turn_the_clock_back(session):
    service.load(session, NAME, NOW)
    clock.turn_to(session, at(2004, 3, 1))
    service.load(session, NAME, NOW)
    assert clock.training_day(session) == date(2004, 3, 1)


def test_the_shipped_office_marks_its_database_as_training(session):
    assert queries.mark(session) is None
    service.load(session, NAME, NOW)
    title, training = queries.mark(session)
    assert training
    assert "2004" in title


@pytest.mark.parametrize(
    ("day", "reason", "next_open"),
    [
        (at(2003, 12, 31), "before_agreement", date(2004, 1, 5)),
        (at(2004, 1, 2), "before_opening", date(2004, 1, 5)),
        (at(2004, 1, 5), "", date(2004, 1, 5)),
        (at(2004, 2, 23), "closed_day", date(2004, 2, 24)),
        (at(2004, 2, 29), "closed_day", date(2004, 3, 1)),
        (at(2004, 12, 31), "", date(2004, 12, 31)),
        (at(2005, 1, 3), "after_agreement", None),
    ],
)
def test_doors_are_open_between_opening_and_end_on_working_days(office, day, reason, next_open):
    opening = queries.opening(office, day)
    assert (opening.reason, opening.next_open, opening.is_open) == (reason, next_open, not reason)


def test_an_agreement_that_is_only_signed_opens_nothing(office):
    office.query(models.Agreement).one().status = models.AgreementStatus.SIGNED
    office.flush()
    assert queries.opening(office, at(2004, 1, 5)).reason == "not_in_force"
    assert queries.admission(office) is None


def test_the_test_profile_builds_on_the_shipped_one_and_reaches_into_2005(session):
    service.load(session, "bergisch_gladbach_2005_test", NOW)
    assert queries.opening(session, at(2005, 2, 28)).is_open
    assert queries.agreement_end(session) == date(2005, 12, 31)
    assert len(queries.logins(session)) == 12


@pytest.mark.parametrize(
    ("city", "postcode", "served"),
    [
        ("Bergisch Gladbach", "", "yes"),
        ("bensberg", "51429", "yes"),
        ("Rösrath", "", "no"),
        ("Timbuktu", "", "no"),
        ("", "51465", "yes"),
        ("", "99999", "unclear"),
        ("Refrath", "51503", "unclear"),
        ("", "", "unclear"),
    ],
)
def test_residence_follows_places_and_postcodes(office, city, postcode, served):
    assert places.residence(office, city, postcode) == served


def test_a_file_that_names_what_no_other_defines_is_refused(tmp_path):
    folder = tmp_path / "broken"
    shutil.copytree(profile.path_of(NAME), folder)
    posts = folder / "posts.toml"
    posts.write_text(posts.read_text(encoding="utf-8").replace('role = "VM"', 'role = "XX"'), encoding="utf-8")
    with pytest.raises(errors.ProfileInvalid):
        profile.read(folder)


@pytest.mark.parametrize("missing", ["profile.toml", "access.json", "calendar.toml"])
def test_a_profile_that_lacks_a_file_is_refused(tmp_path, missing):
    folder = tmp_path / "broken"
    shutil.copytree(profile.path_of(NAME), folder)
    (folder / missing).unlink()
    with pytest.raises(errors.ProfileInvalid):
        profile.read(folder)


def test_every_named_deadline_of_the_office_means_something():
    held = profile.snapshot(profile.read(NAME))
    for term in held.terms:
        assert calendar.OfficeCalendar(lambda: held).due(f'frist("{term.name}")', at(2004, 1, 5), {}) >= at(2004, 1, 5)
