"""Each client record of the handbook comes to the desk on its day, with the proposal that the handbook expects."""

from __future__ import annotations

import csv
import html
import re
from datetime import datetime, timedelta

from sqlalchemy import select

from app.casework import models
from app.casework.arrivals import service
from app.office import dates, profile
from app.office import service as office_service
from workflows.handlers import SYSTEM

# What the screen says for the codes of the list, in the handbook's words.
ROUTES = {
    "VOLL_U25": "Volle Betreuung unter 25",
    "INTENSIV_25_30": "Intensive Betreuung von 25 bis 30",
    "GRUND_P4": "Grundangebote",
    "REGEL_UE30": "Regelangebot für über 30-Jährige",
    "VERWEIS_ORT": "Verweis an das Amt am Wohnort",
    "VERWEIS_KEIN_BEZUG": "Verweisberatung: kein Leistungsbezug",
    "VERWEIS_NICHT_ARBEITSFAEHIG": "Verweisberatung: zurzeit nicht arbeitsfähig",
    "AUSSERHALB_U15": "Außerhalb des Angebots: unter 15",
    "KLAERUNG_DATEN": "Klärung: Angaben fehlen",
    "KLAERUNG_ARBEITSFAEHIGKEIT": "Klärung: Arbeitsfähigkeit",
    "KLAERUNG_DAUER": "Klärung: Dauer der Arbeitslosigkeit",
    "KLAERUNG_VERFUEGBARKEIT": "Klärung: Verfügbarkeit",
    "REGELUNGSLUECKE": "Regelungslücke: beide Leitungen entscheiden",
}
PAYERS = {"SB": "Servicebüro", "FB5": "Fachbereich 5", "Wohnort": "Amt am Wohnort", "AA": "Arbeitsamt"}
PROGRAMMES = {
    "JUMP+": "JUMP Plus",
    "AfL": "Arbeit für Langzeitarbeitslose",
    "(AfL)": "Arbeit für Langzeitarbeitslose (freiwillig oder über die Regelstruktur)",
}
FLAGS = {
    r"U18": "noch nicht 18: Eltern oder Vormund informieren, Schulpflicht prüfen",
    r"FREIWILLIG": "Angebote sind freiwillig",
    r"LZA_ab_(.+)": r"langzeitarbeitslos ab \1",
    r"(\d\d)_am_(.+)": r"wird am \2 \1 Jahre alt",
}


def records():
    with profile.read("bergisch_gladbach_2004").clients.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def expected(row):
    """What the card of the decision must say."""
    told = {"Alter am Stichtag": row["alter"], "route": ROUTES[row["route"]], "rule": row["regel"]}
    if row["hlu_zahlt"]:
        told["Sozialhilfe zahlt"] = PAYERS[row["hlu_zahlt"]]
    if row["alhi_alg_zahlt"]:
        told["Geld vom Arbeitsamt zahlt"] = PAYERS[row["alhi_alg_zahlt"]]
    if row["programm"]:
        told["Programm möglich"] = PROGRAMMES[row["programm"]]
    return told | {"flags": [flag(code) for code in row["merker"].split("+") if code]}


def flag(code):
    return next(re.sub(known, words, code) for known, words in FLAGS.items() if re.fullmatch(known, code))


def shown(page):
    """What the card of the decision says."""
    card = page.split('class="card decision"')[1].split("So sagen Sie")[0]
    facts = {name: text(value) for name, value in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", card, re.DOTALL)}
    wanted = ("Alter am Stichtag", "Sozialhilfe zahlt", "Geld vom Arbeitsamt zahlt", "Programm möglich")
    told = {name: facts[name] for name in wanted if name in facts}
    told["route"] = text(re.search(r"<h\d[^>]*>(.*?)</h\d>", card, re.DOTALL)[1])
    told["rule"] = facts["Regel"].split(",")[0]
    return told | {"flags": [text(found) for found in re.findall(r"<li>(.*?)</li>", card, re.DOTALL)]}


def text(found):
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", "", found))).strip()


def arrive(sessions, rows):
    """Opens the case of each record on its own day; the ids of the cases by the records' numbers."""
    for day in sorted({datetime.strptime(row["stichtag"], "%d.%m.%Y").date() for row in rows}):  # noqa: DTZ007  a day
        with sessions.begin() as session:
            service.import_records(session, rows, actor=SYSTEM, now=dates.start_of(day) + timedelta(hours=9))
    with sessions() as session:
        found = session.execute(select(models.Arrival.external_id, models.Arrival.case_id)).all()
    return {row.external_id: row.case_id for row in found}


def test_every_record_of_2004_shows_the_expected_proposal_on_its_day(office_sessions, at):
    rows = [row for row in records() if row["stichtag"].endswith("2004")]
    assert len(rows) == 35
    cases = arrive(office_sessions, rows)
    for row in rows:
        page = at("ks").page(f"/cases/{cases[row['id']]}")
        assert f"Stichtag {row['stichtag']}" in page
        assert shown(page) == expected(row), row["id"]


def test_the_records_of_2005_show_theirs_where_the_agreement_goes_on(office_sessions, at):
    rows = [row for row in records() if row["stichtag"].endswith("2005")]
    assert [row["id"] for row in rows] == ["V28", "V29"]
    assert arrive(office_sessions, rows) == {"V28": None, "V29": None}  # the agreement of 2004 has ended
    with office_sessions.begin() as session:
        office_service.load(session, "bergisch_gladbach_2005_test", dates.start_of(datetime(2005, 1, 3).date()))  # noqa: DTZ001
    for row in rows:  # the same client, once before and once on the birthday
        cases = arrive(office_sessions, [row])
        assert shown(at("ks").page(f"/cases/{cases[row['id']]}")) == expected(row), row["id"]
