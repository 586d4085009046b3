"""The shipped scenarios: each plays as it says, and those of whole cases tell what the real handlers do."""

from __future__ import annotations

import json
import os

import pytest

from tests.bpmn import recording, walking
from workflows import player, player_scenario

FILES = sorted(recording.FOLDER.glob("*.json"))


def placed(walk):
    walk.do("benefit_prepare")
    walk.do("benefit_release")
    walk.through_plan()
    for element in ("placement_check", "placement_proposal", "placement_result", "placement_integration"):
        walk.do(element)
    walk.do("placement_notify")
    closed(walk, "job_unsubsidised")


def closed(walk, reason):
    walk.until(walk.case.next_contact)
    walk.do("follow_up_talk")
    walk.do("closing_talk", closing_reason=reason)
    if "closing_confirm_benefit" in walk.open:
        walk.do("closing_confirm_benefit")


def in_programme(walk):
    if "benefit_confirm" in walk.open:
        walk.do("benefit_confirm")
    walk.through_plan()
    walk.do("placement_check", placeable="no", placement_reason="keine Stelle")
    walk.do("placement_apply")
    closed(walk, "second_market")


def referred(walk):
    walk.do("referral_advice")


def fitness(walk):
    walk.do("clarify_fitness_order")
    walk.do("clarify_fitness")
    walk.through_routing()


def gap(walk):
    walk.do("gap_city")
    walk.do("gap_agency")


WALKS = {
    "VOLL_U25": ("V01", {}, placed, "Unter 25, Leistung im Büro, in Arbeit vermittelt"),
    "INTENSIV_25_30": ("V03", {}, in_programme, "25 bis 30, Fachbereich 5 zahlt weiter, Programm"),
    "GRUND_P4": ("V09", {}, in_programme, "Grundangebot, die Vermittlung führt, Programm"),
    "AUSSERHALB_U15": ("V07", {}, referred, "Unter 15, Beratung und Verweis"),
    "VERWEIS_NICHT_ARBEITSFAEHIG": ("V11", {}, referred, "Nicht arbeitsfähig, Verweis"),
    "REGEL_UE30": ("V22", {}, referred, "Über 30, Verweis an die Regeleinrichtung"),
    "VERWEIS_KEIN_BEZUG": ("V25", {}, referred, "Ohne Leistungsbezug, Verweis"),
    "VERWEIS_ORT": ("V26", {}, referred, "Anderer Wohnort, Verweis"),
    "KLAERUNG_ARBEITSFAEHIGKEIT": ("V12", {}, fitness, "Arbeitsfähigkeit unklar, geklärt und neu zugeordnet"),
    "KLAERUNG_DAUER": ("V27", {}, lambda walk: (walk.do("clarify_duration"), walk.through_routing()),
                       "Beginn der Arbeitslosigkeit unbekannt, geklärt und neu zugeordnet"),
    "KLAERUNG_VERFUEGBARKEIT": ("V13", {"verfuegbar": "ungeklaert"},
                                lambda walk: (walk.do("clarify_availability"), walk.through_routing()),
                                "Verfügbarkeit unklar, geklärt und neu zugeordnet"),
    "KLAERUNG_DATEN": ("V01", {"arbeitsfaehig": ""}, lambda _walk: None, "Angaben fehlen, wartet auf die Klärung"),
    "REGELUNGSLUECKE": ("V01", {"leistung": "GSIG"}, gap, "Keine Regel passt, beide Leitungen entscheiden"),
}  # fmt: skip


@pytest.mark.parametrize("route", WALKS)
def test_scenario_of_a_whole_case_tells_what_the_real_handlers_do(session, registry, route):
    number, changed, act, description = WALKS[route]
    walk = recording.Recorded(session, registry)
    walk.arrive(number, **changed).through_routing()
    act(walk)
    told = recording.text(walk.scenario(description))
    path = recording.FOLDER / f"case.{route.lower()}.json"
    if os.environ.get("SCENARIOS") == "write":
        path.write_text(told, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(told)


@pytest.fixture(scope="module")
def checked(registry):
    """All shipped files, checked once: asking the linter takes longer than the plays."""
    files = walking.files()
    return files, player.check(files, recording.declared(registry))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shipped_scenario_plays_as_it_says(environment, registry, checked, path):
    files, problems = checked
    scenario = player_scenario.read(path.read_bytes())
    assert scenario.expected_outcome
    given = {"declared": recording.declared(registry), "calendar": environment.calendar, "now": scenario.now}
    main = f"{path.name.partition('.')[0]}.bpmn"
    result = player.play(files, scenario, main=main, checked=problems, **given)
    assert not [problem.message("de") for problem in result.problems if problem.severity == "error"]
    assert result.outcome == scenario.expected_outcome


def test_every_process_and_every_route_has_a_scenario():
    shipped = {path.stem for path in recording.FOLDER.parent.glob("*.bpmn")}
    assert {path.name.partition(".")[0] for path in FILES} == shipped
    assert {f"case.{route.lower()}.json" for route in WALKS} <= {path.name for path in FILES}
