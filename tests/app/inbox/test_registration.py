"""The reception: what is refused, who may be known already, what a day without opening says."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import func, select

from app.casework import models
from tests.app.inbox.conftest import PERSON


def count(sessions, table) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(table))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31.02.1980", "Dieses Datum gibt es nicht"),
        ("14.3.82", "vier Ziffern"),
        ("14.03.2082", "liegt in der Zukunft"),
        ("14.03.1882", "mehr als 110 Jahre"),
        ("gestern", "TT.MM.JJJJ"),
    ],
)
def test_impossible_birth_dates_are_refused_and_stay_typed(at, office_sessions, text, sentence):
    answer = at("ks").post("/clients/new", **(PERSON | {"birth_date": text}))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{text}"' in answer.text
    assert 'value="Sommerfeld"' in answer.text
    assert count(office_sessions, models.Client) == 0


def test_unasked_circumstances_are_asked_for(at):
    answer = at("ks").post("/clients/new", **(PERSON | {"benefits": [], "fit_for_work": "", "available": ""}))

    assert answer.status_code == 422
    assert answer.text.count("Bitte machen Sie hier eine Angabe.") >= 6  # each in the summary and at its field


def test_a_person_with_one_name_and_an_unknown_day_is_taken_in(register, at):
    task = register(family_name="Sukarno", given_names="", birth_date="1981")

    assert "Sukarno" in at("ks").page(f"/inbox/tasks/{task}")


def test_a_registered_client_has_a_case_and_the_first_task_opens(register, at):
    task = register()

    page = at("ks").page(f"/inbox/tasks/{task}")
    assert "Sommerfeld, Pia" in page
    assert "Fall 2004-00001" in page
    assert "Erledigen" in page


def test_no_day_is_claimed_where_only_the_year_of_birth_is_known(register, at):
    task = register(birth_date="1982")

    pages = [at("ks").page(path) for path in (f"/inbox/tasks/{task}", "/cases?q=Sommerfeld", "/cases/1")]
    asked = at("ks").post("/clients/new", **PERSON).text

    assert "geb. 1982" in pages[0]
    assert "geb. 1982" in pages[1]
    assert "1982 (Tag und Monat nicht bekannt)" in pages[2]
    assert "<dd>1982</dd>" in asked
    assert not any("01.01.1982" in page for page in (*pages, asked))


def test_scripts_in_names_are_shown_and_never_run(register, at):
    task = register(family_name="<b>Kurz</b>", given_names="Éva 🌱")

    page = at("ks").page(f"/inbox/tasks/{task}")
    assert "&lt;b&gt;Kurz&lt;/b&gt;, Éva 🌱" in page
    assert "<b>Kurz" not in page


@pytest.mark.parametrize(
    "words", ["Oeztuerk-Weiss", "öztürk", unicodedata.normalize("NFD", "Jürgen Öztürk-Weiß"), "jurgen"]
)
def test_a_client_is_found_in_each_spelling(register, at, words):
    register(family_name=unicodedata.normalize("NFD", "Öztürk-Weiß"), given_names="Jürgen")

    assert "/cases/1" in at("ks").client.get("/cases", query_string={"q": words}).text


def test_possible_duplicates_are_asked_about_before_anything_is_stored(register, at, office_sessions):
    register(family_name="Schmitz-Maus", given_names="Kathrin", birth_date="03.04.1981", street="Hauptstr. 5")

    answer = at("ks").post(
        "/clients/new",
        **(
            PERSON
            | {"family_name": "Maus", "given_names": "Katrin", "birth_date": "04.03.1981", "street": "Hauptstraße 5"}
        ),
    )

    assert answer.status_code == 200
    assert "Kennen wir diese Person schon?" in answer.text
    assert "Tag und Monat der Geburt vertauscht" in answer.text
    assert count(office_sessions, models.Client) == 1


def test_the_same_person_is_linked_and_keeps_one_case(register, at, office_sessions):
    register()

    answer = at("ks").post("/clients/new", **(PERSON | {"match-1": "same", "asked": "1"}))

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/cases/1")
    assert count(office_sessions, models.Client) == 2
    assert count(office_sessions, models.CaseFile) == 1


def test_twins_stay_two_people_with_two_cases(register, at, office_sessions):
    register(family_name="Yılmaz", given_names="Mehmet", birth_date="02.02.1983")

    twin = PERSON | {"family_name": "Yılmaz", "given_names": "Muhammed", "birth_date": "02.02.1983"}
    answer = at("ks").post("/clients/new", **(twin | {"match-1": "different", "asked": "1"}))

    assert answer.status_code == 303
    assert count(office_sessions, models.CaseFile) == 2


def test_an_undecided_duplicate_is_asked_about_again(register, at):
    register()

    answer = at("ks").post("/clients/new", **(PERSON | {"asked": "1"}))

    assert answer.status_code == 422
    assert "Bitte entscheiden Sie." in answer.text


def test_only_the_reception_registers(at):
    for login in ("bfk", "fm", "vm", "fb5", "leitung.stadt", "leitung.aa", "design", "dsb.aa", "admin"):
        assert at(login).get("/clients/new").status_code == 403, login
        assert at(login).post("/clients/new", **PERSON).status_code == 403, login


@pytest.mark.usefixtures("two_beginnings")
@pytest.mark.parametrize("start", ["", "talk"])
def test_where_a_case_can_begin_in_two_ways_the_desk_has_to_say_in_which(at, office_sessions, start):
    assert "Am Schalter" in at("ks").page("/clients/new")

    answer = at("ks").post("/clients/new", **(PERSON | {"start": start}))

    assert answer.status_code == 422
    assert "Bitte wählen Sie, womit der Vorgang beginnt." in answer.text
    assert "Nach einem Anruf" in answer.text
    assert 'value="Sommerfeld"' in answer.text
    assert count(office_sessions, models.Client) == 0


@pytest.mark.usefixtures("two_beginnings")
def test_the_beginning_that_the_desk_chose_is_taken_and_stands_in_the_history(register, at):
    task = register(start="called")

    assert "Gespräch" in at("ks").page(f"/inbox/tasks/{task}")
    assert "Beginn: Nach einem Anruf" in at("ks").page("/cases/1")


def test_where_a_case_begins_in_one_way_nobody_is_asked(at):
    assert "Womit beginnt der Vorgang?" not in at("ks").page("/clients/new")
