"""Processes and rules, to be read by everybody in the office."""

from __future__ import annotations

import re

import pytest

LOGINS = ("ks", "bfk", "fm", "vm", "fb5", "leitung.stadt", "leitung.aa", "design", "dsb.stadt", "dsb.aa", "admin")


@pytest.mark.parametrize("login", LOGINS)
def test_everybody_reads_processes_and_rules_from_the_navigation(at, login):
    home = at(login).page("/account")
    assert 'href="/processes"' in home
    assert 'href="/rules"' in home
    assert "Altersübergang" in at(login).page("/processes")
    assert "Rechtsgrundlage" in at(login).page("/rules")


def test_each_process_has_its_diagram_and_its_steps_in_words(at):
    names = re.findall(r'href="/processes/(\w+)"', at("design").page("/processes"))
    assert {"case", "routing", "benefit", "urgent", "reminder"} <= set(names)
    for name in names:
        page = at("design").page(f"/processes/{name}")
        assert f'data-diagram="/processes/{name}/diagram.bpmn"' in page
        assert "frist(" not in page
        assert b"<bpmn:process" in at("design").get(f"/processes/{name}/diagram.bpmn").data
    page = at("ks").page("/processes/routing")
    for text in (
        "Vorschlag bestätigen oder abweichen",
        "Kundensteuerung",
        "am selben Tag",
        "je nach Fall",
        "2 Werktage",
    ):
        assert text in page


def test_there_are_no_other_processes(at):
    assert at("design").get("/processes/secret").status_code == 404
    assert at("design").get("/processes/secret/diagram.bpmn").status_code == 404


def test_the_rules_stand_in_words_with_basis_and_validity(at):
    page = at("ks").page("/rules")

    for text in ("Alter: unter 25", "Leistungsbezug: Sozialhilfe", "§ 18 Abs. 2a BSHG", "ab 01.01.2004, in Kraft"):
        assert text in page
    for code in ("VOLL_U25", "young_below", "sgb3_route", "anniversary", "in_force", "$"):
        assert code not in page


def test_rules_and_processes_are_told_in_english_too(at):
    at("ks").post("/language", locale="en", next="/")

    assert "age: under 25" in at("ks").page("/rules")
    assert "Confirm the proposal" in at("ks").page("/processes/routing")


def test_each_decision_tells_who_decided_when_and_by_which_version_of_the_rules(register, at):
    identity = register()
    at("ks").post(f"/inbox/tasks/{identity}/complete", notice_given="on", identity_paper="seen")
    page = at("fm").page("/cases/1")
    assert "noch nicht entschieden" in page
    assert "Z6, Zuordnung im Servicebüro, Bergisch Gladbach 2004, Fassung 1" in page

    (confirm,) = at("ks").tasks()
    assert at("ks").post(f"/inbox/tasks/{confirm}/complete", decision="confirm").status_code == 303
    page = at("fm").page("/cases/1")
    assert re.search(r"<dt>Entschieden</dt><dd>\D+ am \d\d\.\d\d\.\d{4}, \d\d:\d\d</dd>", page)
