import csv
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from app.casework import models
from app.casework.arrivals import service
from app.casework.cases import queries as cases
from app.casework.clients import queries as clients
from app.office import profile
from app.office import service as office_service
from tests import factories
from tests.app.casework import small_case
from workflows import definitions, problems
from workflows.handlers import SYSTEM
from workflows.models import Task

NOW = factories.OPENING
LINE = {
    "id": "X1",
    "name": "Jana Becker",
    "geburtsdatum": "14.03.1982",
    "stichtag": "05.01.2004",
    "wohnort": "Bergisch Gladbach",
    "leistung": "HLU",
    "arbeitsfaehig": "ja",
    "verfuegbar": "ja",
    "arbeitslos_seit": "01.09.2003",
    "grenze": "anything",
}


def shipped():
    with profile.read("bergisch_gladbach_2004").clients.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def take(session, lines, now=NOW):
    return service.import_records(session, lines, actor=SYSTEM, now=now)


def at(*day):
    return datetime(*day, 9, 0, tzinfo=UTC)


def count(session, table=models.CaseFile):
    return session.scalar(select(func.count()).select_from(table))


def case_of(session, external_id):
    return session.scalar(select(models.Arrival.case_id).where(models.Arrival.external_id == external_id))


def test_on_the_first_day_seven_of_the_shipped_records_are_there(processes):
    report = take(processes, shipped())
    assert (report.imported, report.waiting, report.known, report.bad) == (7, 30, 0, ())
    assert {case_of(processes, f"V0{number}") is not None for number in range(1, 8)} == {True}


def test_where_a_case_can_begin_in_two_ways_the_line_says_in_which(processes):
    files = {"case.bpmn": small_case.TWO_BEGINNINGS}
    definitions.deploy(processes, files, known=problems.Known(), now=NOW, by="test")
    lines = [LINE, LINE | {"id": "X2", "name": "Emre Kaya", "beginn": "called"}, LINE | {"id": "X3", "beginn": "talk"}]

    assert take(processes, lines).imported == 1

    (task,) = processes.scalars(select(Task))
    assert (task.subject, task.element) == (str(case_of(processes, "X2")), "talk")
    assert {number for number, _ in service.failures(processes)} == {"X1", "X3"}
    assert all("Startereignis" in reason for _, reason in service.failures(processes))


def test_importing_twice_makes_nothing_twice(processes):
    take(processes, shipped())
    before = (count(processes), count(processes, models.Client), count(processes, models.Arrival))
    report = take(processes, shipped())
    assert (report.imported, report.known) == (0, 37)
    assert (count(processes), count(processes, models.Client), count(processes, models.Arrival)) == before


def test_the_others_come_when_their_day_has_come(processes):
    take(processes, shipped())
    take(processes, [], at(2004, 2, 2))
    assert case_of(processes, "V08") is not None
    assert case_of(processes, "V11") is None


def test_bad_lines_are_reported_with_number_and_reason_and_stop_nothing(processes):
    lines = [LINE, LINE | {"id": "X2", "geburtsdatum": "31.02.1980"}, LINE | {"id": "X3", "name": "Uwe Sommer"}]
    report = take(processes, lines)
    assert report.imported == 2
    assert [(bad.number, bad.reason) for bad in report.bad] == [(3, "birth_date: no_such_date")]


def test_progress_is_told_line_by_line(processes):
    told = []
    service.stage(processes, [LINE, LINE | {"id": "X2"}], now=NOW, progress=told.append)
    assert told == [1, 2]


def test_a_record_on_a_closed_day_is_taken_as_it_stands(processes):
    take(processes, [LINE | {"stichtag": "29.02.2004"}], at(2004, 2, 29))
    assert cases.case_file(processes, case_of(processes, "X1")).reference_date == date(2004, 2, 29)


def test_before_the_opening_nothing_is_opened(processes):
    report = take(processes, [LINE], at(2004, 1, 2))
    assert (report.imported, report.waiting, count(processes)) == (0, 1, 0)


def test_a_record_dated_before_the_opening_is_refused_and_reported(processes):
    take(processes, [LINE | {"stichtag": "02.01.2004"}])
    assert service.failures(processes) == (("X1", "OfficeClosed"),)


def test_a_refused_record_is_tried_again_when_its_line_was_corrected(processes):
    take(processes, [LINE | {"stichtag": "02.01.2004"}])
    report = take(processes, [LINE])
    assert (report.imported, report.known, service.failures(processes)) == (1, 0, ())
    assert count(processes) == 1


def test_records_after_the_end_of_the_agreement_wait(processes):
    take(processes, shipped(), at(2004, 12, 30))
    assert case_of(processes, "V28") is None
    assert case_of(processes, "V37") is not None


def test_with_the_agreement_extended_a_later_record_of_a_case_is_no_second_case(processes):
    office_service.load(processes, "bergisch_gladbach_2005_test", NOW)
    take(processes, shipped(), at(2005, 2, 28))
    assert case_of(processes, "V29") is None
    take(processes, [], at(2005, 3, 1))
    assert case_of(processes, "V29") == case_of(processes, "V28") is not None


def test_two_unrelated_people_of_one_name_and_birth_date_stay_two(processes):
    take(processes, [LINE, LINE | {"id": "X2", "arbeitslos_seit": "01.05.2002"}])
    one, other = (cases.case_file(processes, case_of(processes, name)).client_id for name in ("X1", "X2"))
    assert one != other
    assert [row.status for row in clients.matches(processes, one)] == ["pending"]


def test_a_record_of_a_linked_person_with_an_open_case_joins_it(processes):
    take(processes, [LINE, LINE | {"id": "X2", "stichtag": "02.02.2004"}], at(2004, 2, 2))
    assert case_of(processes, "X1") == case_of(processes, "X2")
    assert count(processes, models.Client) == 1


EXPECTED = {
    "V25": {"benefits": frozenset(), "benefits_known": True},
    "V37": {"benefits": frozenset(), "benefits_known": False},
    "V36": {"benefits": frozenset({"ASYLBLG"})},
    "V26": {"residence": "no"},
    "V12": {"fit_for_work": "unknown", "available": "unknown"},
    "V27": {"unemployed_since": None},
    "V32": {"fit_for_work": "limited"},
    "V17": {"benefits": frozenset({"HLU", "ALHI"}), "current_payer": "FB5"},
}


def test_the_facts_of_a_record_are_those_of_its_line(processes):
    take(processes, shipped(), at(2004, 6, 1))
    for external_id, facts in EXPECTED.items():
        case_id = case_of(processes, external_id)
        found = cases.facts_of(processes, case_id, cases.case_file(processes, case_id).reference_date)
        assert {name: found[name] for name in facts} == facts
