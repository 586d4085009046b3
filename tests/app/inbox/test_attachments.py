"""Files that come with a task's form: attached, kept, read by those who may, and refused in words."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, text

from app.casework import models, service
from app.office import clock, dates
from tests.app import browsing
from tests.app.conftest import PASSWORD, SYSTEM_NOW
from tests.bpmn import answers
from workflows.handlers import Actor
from workflows.models import Task

PDF = b"%PDF-1.4\n%the agreement\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
LOGINS = {"KS": "ks", "BFK": "bfk", "FM": "fm", "VM": "vm", "FB5": "fb5", "LTG_STADT": "leitung.stadt"}


def tasks(sessions):
    with sessions() as session:
        return {row.form: (row.id, row.role) for row in session.scalars(select(Task).order_by(Task.id))}


def usual(sessions, form):
    with sessions() as session:
        return answers.for_form(form, dates.day_of(clock.reading(session, SYSTEM_NOW)))


@pytest.fixture
def signing(register, at, office_sessions):
    """The desk and the task at which a plan is signed."""
    register()
    for _step in range(30):
        found = tasks(office_sessions)
        if "plan_signature" in found:
            number, role = found["plan_signature"]
            return at(LOGINS[role]), number
        for form, (number, role) in found.items():
            desk = at("fb5" if form == "benefit_release" else LOGINS[role])
            desk.post(f"/inbox/tasks/{number}/complete", **usual(office_sessions, form))
    raise AssertionError(tasks(office_sessions))


def attached(sessions) -> list[models.Attachment]:
    with sessions() as session:
        return list(session.scalars(select(models.Attachment).order_by(models.Attachment.id)))


def upload(content=PDF, name="Vereinbarung.pdf"):
    return {"signed_scan.file": (io.BytesIO(content), name)}


def typed(sessions, **more):
    return usual(sessions, "plan_signature") | more


def kept(signing, sessions, **more):
    desk, task = signing
    answer = desk.post(f"/inbox/tasks/{task}/complete", **typed(sessions), **(upload() | more))
    assert answer.status_code == 303, re.findall(r"kern-error.*?</p>", answer.text, re.DOTALL)
    return attached(sessions)[-1]


def test_a_file_is_kept_with_the_form_sealed_and_shown_in_the_case(signing, office_sessions):
    desk, _task = signing
    row = kept(signing, office_sessions)

    assert (row.state, row.media, row.category, row.size) == ("kept", "application/pdf", "plan", len(PDF))
    with office_sessions() as session:
        stored = session.execute(text("SELECT sealed, sealed_name FROM case_attachment")).one()
        instances = session.execute(text("SELECT string_agg(i::text, '') FROM workflow_instance i")).scalar_one()
    assert b"agreement" not in stored.sealed
    assert b"Vereinbarung" not in stored.sealed_name
    assert "Vereinbarung.pdf" not in instances
    page = desk.page(f"/cases/{row.case_id}")
    assert page.count(f"/cases/{row.case_id}/files/{row.id}") == 2
    assert "Unterschriebene Vereinbarung als Scan" in page


def test_the_file_is_handed_out_to_be_saved_and_the_look_is_noted(signing, office_sessions):
    desk, _task = signing
    row = kept(signing, office_sessions)

    answer = desk.get(f"/cases/{row.case_id}/files/{row.id}")

    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename=Vereinbarung.pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    with office_sessions() as session:
        newest = session.scalars(select(models.AccessEntry).order_by(models.AccessEntry.id.desc())).first()
    assert newest.categories == ["plan"]


def test_only_who_reads_the_plan_reads_its_file(signing, office_sessions, at):
    row = kept(signing, office_sessions)
    path = f"/cases/{row.case_id}/files/{row.id}"

    assert at("fm").get(path).status_code == 200
    assert at("dsb.stadt").get(path).status_code == 403
    assert at("design").get(path).status_code == 403
    assert at("fm").get(f"/cases/{row.case_id + 1}/files/{row.id}").status_code == 404
    assert at("fm").get(f"/cases/{row.case_id}/files/{row.id + 1}").status_code == 404
    assert "Vereinbarung.pdf" not in at("ks").page(f"/cases/{row.case_id}") or at("ks").get(path).status_code == 200


def test_an_error_elsewhere_loses_no_file(signing, office_sessions):
    desk, task = signing

    answer = desk.post(f"/inbox/tasks/{task}/complete", **(typed(office_sessions) | {"talk_on": "gestern"}), **upload())

    assert answer.status_code == 422
    assert "Vereinbarung.pdf" in answer.text
    assert [row.state for row in attached(office_sessions)] == ["staged"]
    assert "Vereinbarung.pdf" in desk.page(f"/inbox/tasks/{task}")
    assert desk.post(f"/inbox/tasks/{task}/complete", **typed(office_sessions)).status_code == 303
    assert [row.state for row in attached(office_sessions)] == ["kept"]


def test_a_draft_keeps_the_file_for_who_attached_it_until_it_is_taken_away(signing, office_sessions):
    desk, task = signing
    desk.post(f"/inbox/tasks/{task}/draft", talk_on="05.01.2004", **upload())
    row = attached(office_sessions)[0]
    page = desk.page(f"/inbox/tasks/{task}")
    assert "Vereinbarung.pdf" in page
    assert "05.01.2004" in page
    assert desk.get(f"/cases/{row.case_id}/files/{row.id}").data == PDF

    desk.post(f"/inbox/tasks/{task}/rows", talk_on="05.01.2004", **upload(PNG, "neu.png"))
    assert [one.media for one in attached(office_sessions)] == ["image/png"]

    answer = desk.post(f"/inbox/tasks/{task}/rows", talk_on="06.01.2004", _drop="signed_scan")
    assert "06.01.2004" in answer.text
    assert "neu.png" not in answer.text
    assert attached(office_sessions) == []


def test_nobody_else_reads_or_hands_in_what_is_only_attached(signing, office_sessions, at):
    desk, task = signing
    desk.post(f"/inbox/tasks/{task}/draft", **upload())
    row = attached(office_sessions)[0]

    assert at("leitung.stadt").get(f"/cases/{row.case_id}/files/{row.id}").status_code == 404
    assert at("ks").post(f"/inbox/tasks/{task}/rows", **upload(PNG, "x.png")).status_code == 403
    assert len(attached(office_sessions)) == 1


def test_what_is_attached_goes_when_the_task_is_done_without_it(signing, office_sessions):
    desk, task = signing
    desk.post(f"/inbox/tasks/{task}/draft", **upload())

    refused = typed(office_sessions, signed="refused", refusal_reason="Möchte noch überlegen.")
    assert desk.post(f"/inbox/tasks/{task}/complete", **refused).status_code == 303
    assert attached(office_sessions) == []


def sweep(sessions, **later) -> int:
    now = attached(sessions)[0].uploaded_at + timedelta(**later)
    with sessions.begin() as session:
        return service.sweep_attachments(session, now=now, limit=10)


def test_what_was_not_handed_in_goes_after_a_day(signing, office_sessions):
    desk, task = signing
    desk.post(f"/inbox/tasks/{task}/draft", **upload())
    assert "Wird am 06.01.2004" in desk.page(f"/inbox/tasks/{task}?tab=form")

    assert sweep(office_sessions, hours=23) == 0
    assert sweep(office_sessions, hours=25) == 1
    assert "Vereinbarung.pdf" not in desk.page(f"/inbox/tasks/{task}")


def test_what_a_colleague_attached_goes_with_the_task_and_kept_files_stay(signing, office_sessions):
    _desk, task = signing
    with office_sessions.begin() as session:
        place = service.Place(1, task, "plan_signature", "signed_scan", "plan")
        colleague = Actor(id=4711, name="Vera Vertretung")
        service.stage_attachment(
            session, place, service.Upload("x.pdf", PDF, ("application/pdf",), 100), actor=colleague, now=SYSTEM_NOW
        )
    row = kept(signing, office_sessions)

    sweep(office_sessions, days=900)

    assert [one.id for one in attached(office_sessions)] == [row.id]


def test_a_second_click_reads_that_the_task_is_done(signing, office_sessions):
    desk, task = signing
    kept(signing, office_sessions)

    again = desk.post(f"/inbox/tasks/{task}/complete", **typed(office_sessions))

    assert again.status_code == 303
    assert "schon erledigt" in desk.page("/inbox")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ((b"", "leer.pdf"), "ist leer"),
        ((b"MZ\x90\x00\x03\x00\x00\x00", "brief.pdf"), "keine der erlaubten Arten: PDF, PNG, JPEG, TIFF"),
        ((b"<svg onload='x'/>", "bild.png"), "keine der erlaubten Arten"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_at_its_field(signing, office_sessions, file, told):
    desk, task = signing

    answer = desk.post(f"/inbox/tasks/{task}/complete", **typed(office_sessions), **upload(*file))

    assert answer.status_code == 422
    assert told in answer.text
    assert typed(office_sessions)["talk_on"] in answer.text
    assert attached(office_sessions) == []


def test_several_files_for_one_field_are_refused(signing, office_sessions):
    desk, task = signing
    files = [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(PDF), "b.pdf")]

    answer = desk.post(f"/inbox/tasks/{task}/draft", **{"signed": "signed", "signed_scan.file": files})

    assert "Hier kann nur eine Datei stehen" in answer.text
    assert attached(office_sessions) == []


def large(desk, path, size, **fields):
    """Hands in a large file as a browser does; the test client would spool it onto a disk."""
    parts = [f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="signed_scan.file"; filename="gross.pdf"\r\n\r\n'
    body = "\r\n".join([*parts, head]).encode() + PDF + bytes(size) + b"\r\n--b--\r\n"
    return desk.client.post(path, data=body, content_type="multipart/form-data; boundary=b")


def test_a_file_that_is_too_large_is_refused_at_its_field(signing, office_sessions):
    desk, task = signing

    answer = large(desk, f"/inbox/tasks/{task}/complete", 1_000_000, **typed(office_sessions))

    assert answer.status_code == 422
    assert "„gross.pdf“ ist zu groß. Erlaubt sind höchstens 1 MB." in answer.text
    assert typed(office_sessions)["talk_on"] in answer.text
    assert attached(office_sessions) == []


def test_far_too_much_is_turned_away_before_it_is_read(signing, office_sessions):
    desk, task = signing

    answer = large(desk, f"/inbox/tasks/{task}/complete", 5_000_000)

    assert answer.status_code == 413
    assert "höchstens 1 MB" in answer.text
    assert attached(office_sessions) == []


def test_the_limit_of_other_pages_stays(at):
    assert at("ks").post("/clients/new", family_name="x" * 2_100_000).status_code == 413


@pytest.fixture
def tried(at):
    """The address at which a form with a signature can be tried out."""
    desk = at("design")
    draft = desk.post("/design", kind="released", file="plan.bpmn").location.rsplit("/", 1)[1]
    answer = desk.post(f"/design/{draft}/forms", revision=1, title="Quittung")
    desk.post(f"{answer.location}/change", revision=1, act="add", kind="signature", label="Unterschrift")
    return f"{answer.location}/preview/de"


def looked_at(page, name: str) -> None:
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert not browsing.violations(page)
        assert browsing.overflows(page) <= 0
        browsing.shot(page, f"{name}-{width}")
    page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.browser
def test_files_are_attached_by_keyboard_and_signatures_drawn(signing, tried, office_sessions, page):
    _desk, task = signing
    browsing.signed_in(page, LOGINS[tasks(office_sessions)["plan_signature"][1]], PASSWORD)
    page.goto(f"/inbox/tasks/{task}")
    page.get_by_label("unterschrieben", exact=True).check()
    scan = page.locator("input[type=file]")
    page.get_by_label("Unterschrieben in").fill("Bensberg")
    page.keyboard.press("Tab")
    expect(scan).to_be_focused()
    # The window in which the browser lets people choose is the browser's own.
    scan.set_input_files({"name": "Plan.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(page.get_by_role("link", name="Plan.pdf")).to_be_visible()
    expect(scan).to_be_focused()
    expect(page.get_by_label("Unterschrieben in")).to_have_value("Bensberg")
    looked_at(page, "file-task")
    page.get_by_role("button", name="Entfernen Plan.pdf").press("Enter")
    expect(page.get_by_role("link", name="Plan.pdf")).to_have_count(0)
    scan.set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": PDF + bytes(1_000_000)})
    expect(page.get_by_role("alert").filter(has_text="Die Datei ist zu groß")).to_be_visible()

    page.context.clear_cookies()
    browsing.signed_in(page, "design", PASSWORD)
    page.goto(tried)
    page.get_by_label("am Schalter gezeichnet").check()
    area = page.get_by_role("img", name="Feld zum Unterschreiben")
    expect(area).to_be_visible()
    expect(page.get_by_role("button", name="Unterschrift übernehmen")).to_be_disabled()
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 20, steps=8)
    page.mouse.move(box["x"] + 260, box["y"] + 90, steps=8)
    page.mouse.up()
    looked_at(page, "file-drawing")
    page.get_by_role("button", name="Unterschrift übernehmen").click()
    expect(page.locator(".attached")).to_contain_text("Unterschrift.png")
    looked_at(page, "file-signature")
