from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.office import errors, models, queries, service
from tests.app.conftest import PROFILE
from workflows.handlers import Actor

MORNING = datetime(2004, 1, 6, 8, 30, tzinfo=UTC)  # 09:30 on the wall
AFTERNOON = datetime(2004, 1, 6, 13, 0, tzinfo=UTC)


def account_of(session, login):
    return next(row.account_id for row in queries.logins(session) if row.login == login)


def roles_of(session, login, now):
    return queries.actor(session, account_of(session, login), now).roles


def test_reception_is_covered_by_placement_outside_its_hours(office):
    assert roles_of(office, "vm", MORNING) == {"VM"}
    assert roles_of(office, "vm", AFTERNOON) == {"VM", "KS"}
    assert roles_of(office, "ks", AFTERNOON) == {"KS"}


def test_reception_is_covered_while_its_holder_is_absent(office):
    service.record_absence(office, login="ks", start=date(2004, 1, 6), end=date(2004, 1, 8))
    assert "KS" in roles_of(office, "vm", MORNING)
    assert "KS" not in roles_of(office, "vm", datetime(2004, 1, 8, 8, 30, tzinfo=UTC))


def test_head_of_the_city_releases_only_while_the_whole_department_is_away(office):
    service.record_absence(office, login="fb5", start=date(2004, 1, 6), end=date(2004, 1, 7))
    assert "FB5" not in roles_of(office, "leitung.stadt", MORNING)
    service.record_absence(office, login="fb5.zwei", start=date(2004, 1, 6), end=date(2004, 1, 7))
    assert "FB5" in roles_of(office, "leitung.stadt", MORNING)


def test_substitutes_stay_within_the_agency(office):
    table = queries.roles(office)
    for login in queries.logins(office):
        service.record_absence(office, login=login.login, start=date(2004, 1, 6), end=date(2004, 1, 7))
    for login in queries.logins(office):
        actor = queries.actor(office, login.account_id, MORNING)
        assert {table[role].partner for role in actor.roles} == {actor.partner}


def test_people_in_a_role_are_holders_first_then_substitutes(office):
    assert [person.name for person in queries.people_in_role(office, "KS", MORNING)] == ["Renate Vogt"]
    found = queries.people_in_role(office, "KS", AFTERNOON)
    assert [(person.substitute, person.present) for person in found] == [(False, False), (True, True)]


def test_an_account_of_nobody_is_refused(office):
    with pytest.raises(errors.UnknownAccount):
        queries.actor(office, 4711, MORNING)


def test_whoever_left_acts_no_more(office):
    staff = office.query(models.Staff).filter_by(login="fm").one()
    staff.active_to = date(2004, 1, 6)
    office.flush()
    with pytest.raises(errors.UnknownAccount):
        queries.actor(office, staff.account_id, MORNING)


@pytest.mark.parametrize(
    ("role", "partner", "work", "allowed"),
    [
        ("LTG_STADT", "STADT", "FM", True),
        ("LTG_STADT", "STADT", "VM", False),
        ("LTG_AA", "AA", "VM", True),
        ("LTG_AA", "AA", "BFK", False),
        ("FM", "STADT", "FM", False),
        ("ADM", "", "KS", False),
    ],
)
def test_only_a_leader_hands_over_work_and_only_of_the_own_agency(office, role, partner, *, work, allowed):
    actor = Actor(id=1, name="x", roles=frozenset({role}), partner=partner)
    assert queries.can_reassign(office, actor, work) is allowed


def test_the_employment_agency_bears_its_new_name_from_the_first_day(office):
    names = {
        day: {row.id: row.short_name for row in queries.partners(office, day)}
        for day in (date(2003, 12, 31), date(2004, 1, 1))
    }
    assert names[date(2003, 12, 31)]["AA"] == "Arbeitsamt"
    assert names[date(2004, 1, 1)]["AA"] == "Agentur für Arbeit"
    assert all(row["STADT"] == "Stadt" for row in names.values())


def test_posts_have_the_shares_of_the_agreement(office):
    shares = {row.role: float(row.share) for row in office.query(models.Post)}
    assert [shares[role] for role in ("BFK", "FM", "VM", "KS")] == [1.0, 1.0, 1.0, 0.5]


def test_loading_the_profile_again_brings_nobody_back(office):
    left = select(models.Staff).where(models.Staff.login == "ks")
    office.scalars(left).one().active_to = date(2004, 3, 1)
    office.flush()
    service.load(office, PROFILE, MORNING)
    office.expire_all()
    assert office.scalars(left).one().active_to == date(2004, 3, 1)
