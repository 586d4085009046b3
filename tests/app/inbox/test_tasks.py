"""The inbox and its tasks over HTTP: who may do what, what is never lost, what comes next."""

from __future__ import annotations

import re

import pytest

from app.office import queries as office
from tests.app.conftest import SYSTEM_NOW
from workflows import engine, queries
from workflows.handlers import Actor

IDENTITY = {"notice_given": "on", "identity_paper": "seen"}


@pytest.fixture
def routing(register, at):
    """The task that decides about the route of a registered client."""
    task = register()
    answer = at("ks").post(f"/inbox/tasks/{task}/complete", **IDENTITY)
    assert answer.status_code == 303, re.findall(r"kern-error.*?</p>", answer.text, re.DOTALL)
    return at("ks").tasks()[0]


def account(sessions, login: str) -> int:
    with sessions() as session:
        return next(row.account_id for row in office.logins(session) if row.login == login)


def taken_by(sessions, task: int, role: str, *, id: int, name: str) -> None:  # noqa: A002
    with sessions.begin() as session:
        engine.claim(session, task, actor=Actor(id, name, frozenset({role}), "AA"), now=SYSTEM_NOW)


def test_the_decision_on_the_route_shows_result_reasons_and_rules(routing, at):
    page = at("ks").page(f"/inbox/tasks/{routing}")

    assert "Volle Betreuung unter 25" in page
    assert "Sie sind am 05.01.2004 21 Jahre alt" in page
    assert "Regeln, die nicht zutrafen" in page
    assert "Was das Ergebnis ändern würde" in page
    assert "VOLL_U25" not in page.split("task-form")[0]


def test_the_reasons_can_be_printed_for_the_client(routing, at):
    link = re.search(r'href="(/cases/\d+/decisions/\d+/letter)"', at("ks").page(f"/inbox/tasks/{routing}"))[1]

    assert "Sie sind am 05.01.2004 21 Jahre alt" in at("ks").page(link)


def test_completion_leads_to_the_next_task_of_the_same_view(routing, register, at):
    other = register(family_name="Anders", given_names="Uwe", birth_date="01.02.1981")
    page = at("ks").page(f"/inbox/tasks/{routing}?order=created")
    following = re.search(r'name="_following" value="(\d+)"', page)[1]

    answer = at("ks").post(f"/inbox/tasks/{routing}/complete?order=created", decision="confirm", _following=following)

    assert int(following) == other
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/inbox/tasks/{other}?order=created"
    assert "Erledigt: Vorschlag bestätigen oder abweichen, Sommerfeld, Pia." in at("ks").page(
        answer.headers["Location"]
    )


def test_what_a_case_waits_for_at_the_other_agency_is_listed_for_who_works_on_it(routing, register, at):
    other = register(family_name="Anders", given_names="Uwe", birth_date="01.02.1981")
    at("ks").post(f"/inbox/tasks/{routing}/complete", decision="confirm")

    waiting = at("ks").tasks("?view=waiting_partner")
    city = set(at("bfk").tasks()) | set(at("fb5").tasks()) | set(at("fm").tasks())

    assert waiting
    assert set(waiting) <= city
    assert other not in waiting
    assert at("fb5").tasks("?view=waiting_partner") == []
    page = at("ks").page("/inbox?view=waiting_partner")
    assert re.search(r'aria-current="page"[^>]*>Wartet auf das andere Amt <span class="count">(\d+)', page)[1] == str(
        len(waiting)
    )
    assert 'name="act" value="claim"' not in page
    assert "task-form" not in at("ks").page(f"/inbox/tasks/{waiting[0]}?view=waiting_partner")


def test_errors_keep_everything_typed_and_name_the_fields(routing, at):
    answer = at("ks").post(
        f"/inbox/tasks/{routing}/complete", decision="deviate", deviation_reason="Wegen <Umzug>", chosen_route=""
    )

    assert answer.status_code == 422
    assert 'id="error-summary"' in answer.text
    assert 'href="#f-chosen_route"' in answer.text
    assert "Wegen &lt;Umzug&gt;</textarea>" in answer.text
    assert at("ks").tasks() == [routing]


def test_a_double_click_does_the_act_once_and_complains_about_nothing(routing, at):
    first, second = (at("ks").post(f"/inbox/tasks/{routing}/complete", decision="confirm") for _ in range(2))

    assert (first.status_code, second.status_code) == (303, 303)
    assert "Diese Aufgabe haben Sie schon erledigt." in at("ks").page(second.headers["Location"])


def test_a_draft_survives_and_is_shown_to_its_author_only(routing, at):
    typed = {"decision": "deviate", "deviation_reason": "Noch nicht fertig überlegt"}
    assert (
        at("ks").client.post(f"/inbox/tasks/{routing}/draft", data=typed, headers={"HX-Request": "true"}).status_code
        == 204
    )

    assert "Noch nicht fertig überlegt</textarea>" in at("ks").page(f"/inbox/tasks/{routing}")
    assert "Entwurf" in at("ks").page("/inbox")
    assert "Noch nicht fertig" not in at("leitung.aa").page(f"/inbox/tasks/{routing}")


def test_the_visible_button_keeps_a_draft_without_scripts(routing, at):
    answer = at("ks").post(f"/inbox/tasks/{routing}/draft", decision="deviate")

    assert answer.status_code == 303
    assert "Entwurf gesichert" in at("ks").page(answer.headers["Location"])


def test_a_task_taken_meanwhile_keeps_the_form_with_a_banner(routing, at, office_sessions):
    taken_by(office_sessions, routing, "KS", id=999, name="Gerda Flink")

    answer = at("ks").post(f"/inbox/tasks/{routing}/complete", decision="deviate", deviation_reason="Meine Gründe")
    draft = at("ks").client.post(f"/inbox/tasks/{routing}/draft", data={}, headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "Gerda Flink hat diese Aufgabe übernommen" in answer.text
    assert draft.status_code == 409


def test_the_page_learns_of_changes_by_a_banner_and_of_none_by_silence(routing, at, office_sessions):
    seen = re.search(r"/state\?seen=([^&\"]+)", at("ks").page(f"/inbox/tasks/{routing}"))[1]
    quiet = at("ks").get(f"/inbox/tasks/{routing}/state?seen={seen}&poll=1")
    taken_by(office_sessions, routing, "KS", id=999, name="Gerda Flink")

    told = at("ks").get(f"/inbox/tasks/{routing}/state?seen={seen}&poll=1")

    assert quiet.status_code == 204
    assert "Gerda Flink hat diese Aufgabe inzwischen übernommen" in told.text


def test_the_counts_answer_only_when_they_have_changed(register, at):
    register()
    seen = re.search(r"/inbox/counts\?seen=(\w+)", at("ks").page("/inbox"))[1]

    assert at("ks").get(f"/inbox/counts?seen={seen}").status_code == 204
    register(family_name="Anders", birth_date="01.02.1981")
    assert at("ks").get(f"/inbox/counts?seen={seen}").status_code == 200


def test_claim_release_hold_due_and_priority(routing, at, office_sessions):
    desk, path = at("ks"), f"/inbox/tasks/{routing}"
    desk.post(f"{path}/claim")
    assert desk.tasks("?view=mine") == [routing]
    desk.post(f"{path}/release")
    assert desk.tasks("?view=mine") == []
    desk.post(f"{path}/due", due="20.01.2004", reason="Wartet auf Papiere")
    desk.post(f"{path}/priority", priority="75")
    desk.post(f"{path}/hold", until="12.01.2004", reason="Kur bis dahin")

    assert desk.tasks("?view=held") == [routing]
    assert desk.tasks() == []
    with office_sessions() as session:
        row = queries.task(session, routing)
    assert (row.priority, row.due_at.date().isoformat(), row.held_reason) == (75, "2004-01-20", "Kur bis dahin")
    assert "Grund: Wartet auf Papiere" in desk.page(f"{path}?tab=history")


@pytest.mark.parametrize("until", ["", "31.02.2004", "05.01.2004", "1.2.04"])
def test_a_task_is_held_only_until_a_coming_day(routing, at, until):
    answer = at("ks").post(f"/inbox/tasks/{routing}/hold", until=until, reason="Kur")

    assert 'flash--danger"' in at("ks").page(answer.headers["Location"])
    assert at("ks").tasks() == [routing]


def test_a_leader_hands_work_to_own_staff_only(routing, at, office_sessions):
    reception, city = account(office_sessions, "ks"), account(office_sessions, "fm")

    assert (
        at("leitung.stadt").post(f"/inbox/tasks/{routing}/assign", person=reception, reason="Vertretung").status_code
        == 403
    )
    assert at("leitung.aa").post(f"/inbox/tasks/{routing}/assign", person=city, reason="Vertretung").status_code == 403
    assert at("ks").post(f"/inbox/tasks/{routing}/assign", person=reception, reason="Vertretung").status_code == 403
    assert (
        at("leitung.aa").post(f"/inbox/tasks/{routing}/assign", person=reception, reason="Vertretung").status_code
        == 303
    )
    assert at("ks").tasks("?view=mine") == [routing]


def test_others_see_where_a_task_stands_and_nothing_of_it(routing, at):
    page = at("fm").page(f"/inbox/tasks/{routing}")

    assert "Diese Aufgabe liegt in einem anderen Bereich." in page
    assert "task-form" not in page
    assert at("fm").post(f"/inbox/tasks/{routing}/complete", decision="confirm").status_code == 403
    assert at("fm").post(f"/inbox/tasks/{routing}/claim").status_code == 403
    assert at("fm").post(f"/inbox/tasks/{routing}/comments", text="Hallo").status_code == 403


def test_a_deviation_needs_a_second_person_of_the_other_role(routing, at):
    answer = at("ks").post(
        f"/inbox/tasks/{routing}/complete", decision="deviate", chosen_route="GRUND_P4",
        deviation_reason="Ausdrücklicher Wunsch der Familie", second_role="VM",
    )  # fmt: skip
    assert answer.status_code == 303, re.findall(r"kern-error.*?</p>", answer.text, re.DOTALL)
    assert at("ks").tasks() == []

    second = at("vm").tasks()[0]
    assert "Ausdrücklicher Wunsch" in at("vm").page(f"/inbox/tasks/{second}")
    assert at("vm").post(f"/inbox/tasks/{second}/complete", second_decision="approve").status_code == 303


def test_bulk_acts_tell_what_did_not_work(routing, register, at, office_sessions):
    other = register(family_name="Anders", birth_date="01.02.1981")
    taken_by(office_sessions, other, "KS", id=999, name="Gerda Flink")

    answer = at("ks").post("/inbox/bulk", act="claim", task=[routing, other, 987654])

    page = at("ks").page(answer.headers["Location"])
    assert "1 Aufgabe geändert." in page
    assert "liegt bei Gerda Flink" in page
    assert "Eine Aufgabe ist schon erledigt." in page
    assert at("ks").tasks("?view=mine") == [routing]


def test_bulk_without_a_choice_says_so(register, at):
    register()

    assert "Bitte wählen Sie zuerst Aufgaben aus." in at("ks").page(
        at("ks").post("/inbox/bulk", act="claim").headers["Location"]
    )


def test_the_list_is_searched_by_name_and_number_and_sorted(routing, register, at):
    other = register(family_name="Ärmel", given_names="Zoë", birth_date="01.02.1981")

    assert at("ks").tasks("?q=aermel") == [other]
    assert at("ks").tasks("?q=2004-00001") == [routing]
    assert at("ks").tasks("?q=niemand") == []
    assert set(at("ks").tasks("?order=priority")) == {routing, other}


def test_a_name_that_is_searched_for_never_stands_in_an_address(register, at):
    task = register()
    listed = at("ks").post("/inbox/search", q="Sommerfeld", view="unassigned", order="name").headers["Location"]
    assert "sommerfeld" not in listed.lower()
    assert "view=unassigned&order=name" in listed
    page = at("ks").page(listed)
    assert f"/inbox/tasks/{task}?" in page
    assert 'value="Sommerfeld"' in page
    assert "sommerfeld" not in " ".join(re.findall(r'(?:href|action|hx-get)="([^"]*)"', page)).lower()

    assert at("ks").post("/inbox/search", q="").headers["Location"] == "/inbox"
    found = at("ks").post("/cases", q="12.03.1982").headers["Location"]
    assert "1982" not in found
    assert "Sommerfeld" in at("ks").page(found)
    assert "/cases/1" not in at("ks").page(found[:-9])


def test_saved_filters_are_kept_on_the_server_and_can_be_shared(register, at):
    register()
    at("ks").post("/inbox/filters?view=unassigned&q=sommer", name="Sommer neu", shared="yes")
    at("ks").post("/inbox/filters?view=mine", name="Nur meins")

    mine, others = at("ks").page("/inbox"), at("vm").page("/inbox")
    assert "Sommer neu" in mine
    assert "Nur meins" in mine
    assert "Sommer neu" in others
    assert "Nur meins" not in others
    assert "Filter Sommer neu löschen" not in others


def test_opening_a_task_marks_it_as_read_until_one_says_otherwise(register, at):
    task = register()
    assert 'class="unread"' in at("ks").page("/inbox")
    at("ks").page(f"/inbox/tasks/{task}")
    assert 'class="unread"' not in at("ks").page("/inbox")
    at("ks").post(f"/inbox/tasks/{task}/unread")
    assert 'class="unread"' in at("ks").page("/inbox")


def test_remarks_stand_beside_the_task_and_the_history_knows_of_them(routing, at):
    at("ks").post(f"/inbox/tasks/{routing}/comments", text="Ruft <morgen> an")

    assert "Ruft &lt;morgen&gt; an" in at("ks").page(f"/inbox/tasks/{routing}?tab=comments")
    history = at("ks").page(f"/inbox/tasks/{routing}?tab=history")
    assert "Bemerkung geschrieben" in history
    assert "morgen" not in history


def test_each_tab_tells_its_part(routing, at):
    path = f"/inbox/tasks/{routing}"

    assert "12.03.1982" in at("ks").page(f"{path}?tab=dossier")
    assert "automatisch ausgeführt" in at("ks").page(f"{path}?tab=history")
    assert "Vorschlag bilden" in at("ks").page(f"{path}?tab=path")
    assert "data-diagram" in at("ks").page(f"{path}?tab=diagram")
    assert at("ks").get("/cases/1/diagram.bpmn?process=routing").status_code == 200


def test_a_task_that_is_gone_tells_who_did_it(routing, at):
    at("ks").post(f"/inbox/tasks/{routing}/complete", decision="confirm")

    answer = at("leitung.aa").get(f"/inbox/tasks/{routing}")
    assert answer.status_code == 409
    assert "Erledigt von " in answer.text


def test_rows_come_and_go_without_scripts_and_nothing_typed_is_lost(register, at):
    task = register()
    page = at("ks").post(f"/inbox/tasks/{task}/rows", identity_paper="seen", _add="none")

    assert page.status_code == 200
    assert re.search(r'value="seen"[^>]* checked', page.text)


def test_the_server_says_which_parts_show(routing, at):
    def shown(**typed):
        return set(at("ks").post(f"/inbox/tasks/{routing}/shown", **typed).json["visible"])

    assert "chosen_route" in shown(decision="deviate") - shown(decision="confirm")


@pytest.mark.usefixtures("routing")
def test_the_page_of_a_case_says_once_what_the_client_is_told(at):
    voice = re.compile(r'client-voice">\s*<p>([^<]+)</p>')
    page = at("ks").page("/cases/1")
    told = voice.search(page)

    assert told is not None
    assert page.count(told[1]) == 1


@pytest.mark.usefixtures("routing")
def test_a_leader_finds_the_own_name_last_among_those_who_may_take_work(at):
    offered = at("leitung.aa").page("/inbox?view=team").partition('id="bulk-person"')[2].partition("</select>")[0]
    names = re.findall(r'<option value="\d+">([^<]+)</option>', offered)

    assert len(names) > 1
    assert "Leitung" in names[-1]
    assert not any("Leitung" in name for name in names[:-1])
