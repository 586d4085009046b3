"""What a file is by its content, and the names under which files are handed out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework import errors, page, queries, service
from app.casework.access import Level, Reading
from app.casework.attachments import kinds
from app.casework.attachments import queries as attachments
from tests import factories

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0..JFIF", "image/jpeg"),
        (b"II*\x00....", "image/tiff"),
        (b"MM\x00*....", "image/tiff"),
        ("Größe: 1,80 m\r\n".encode(), "text/plain"),
        ("Größe".encode("latin-1"), ""),
        (b"PK\x03\x04" + bytes(20), ""),
        (b"GIF89a\x01\x00", ""),
        (b"MZ\x90\x00", ""),
    ],
)
def test_the_kind_of_a_file_is_found_in_its_content(content, media):
    assert kinds.media(content) == media


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("Bescheid.pdf", "Bescheid.pdf"),
        ("Bescheid.PDF", "Bescheid.PDF"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\x\Brief.pdf", "Brief.pdf"),
        ("Rechnung\u202efdp.exe", "Rechnungfdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("", "Datei.pdf"),
        (".pdf", "pdf.pdf"),
        ("..", "Datei.pdf"),
        ("Zeugnis.docx", "Zeugnis.docx.pdf"),
        ('a"b<c>.pdf', "a_b_c_.pdf"),
        ("x" * 500 + ".pdf", "x" * 100 + ".pdf"),
        ("U\u0308bung.pdf", "Übung.pdf"),
    ],
)
def test_a_name_shows_what_it_is_and_holds_no_path(given_name, name):
    assert kinds.safe_name(given_name, PDF) == name


@given(st.text())
def test_any_name_becomes_a_safe_one(text):
    name = kinds.safe_name(text, PDF)
    assert name.lower().endswith(".pdf")
    assert 5 <= len(name) <= 104
    assert not set(name) & set('/\\<>:"|?*\r\n\x00\u202e')
    assert kinds.safe_name(name, PDF) == name


def kept_in(category, session, case, actor) -> int:
    place = service.Place(case, 7, "form", "scan", category)
    upload = service.Upload("befund.pdf", b"%PDF-1.4", (PDF,), 100)
    number = service.stage_attachment(session, place, upload, actor=actor, now=factories.OPENING)
    service.keep_attachments(session, 7, {"scan": number}, actor=actor, now=factories.OPENING)
    return number


@pytest.mark.parametrize("level", [Level.NONE, Level.BREAK_GLASS, Level.REDUCED])
def test_who_may_not_read_the_whole_section_does_not_read_its_files(office, case, acting, level):
    number = kept_in("plan", office, case, acting("VM"))
    readings = {"plan": Reading(level)}

    with pytest.raises(errors.AccessDenied):
        queries.attachment(office, case, number, readings=readings, actor=acting("KS", 2))
    shown = attachments.kept(office, case, readings, 2)
    assert [row.name for row in shown] == ([None] if level is Level.REDUCED else [])


def test_medical_files_are_for_whoever_wrote_the_section(office, case, acting):
    author = acting("FM")
    number = kept_in("medical", office, case, author)
    readings = page.readings_of(office, case, author, now=factories.OPENING)

    assert queries.attachment(office, case, number, readings=readings, actor=author).content == b"%PDF-1.4"
    with pytest.raises(errors.AccessDenied):
        queries.attachment(office, case, number, readings=readings, actor=acting("FM", 2))
    assert attachments.kept(office, case, readings, 2) == ()
    for role in ("KS", "VM", "FB5", "BFK", "LTG_STADT", "DSB_STADT"):
        other = acting(role, 3)
        theirs = page.readings_of(office, case, other, now=factories.OPENING)
        with pytest.raises(errors.AccessDenied):
            queries.attachment(office, case, number, readings=theirs, actor=other)


def test_a_file_is_of_one_case_and_a_staged_one_of_one_person(office, case, acting):
    author = acting("VM")
    place = service.Place(case, 7, "form", "scan", "plan")
    upload = service.Upload("a.pdf", b"%PDF-1.4", (PDF,), 100)
    number = service.stage_attachment(office, place, upload, actor=author, now=factories.OPENING)
    full = {"plan": Reading(Level.FULL)}

    assert queries.attachment(office, case, number, readings=full, actor=author).name == "a.pdf"
    for case_id, who in ((case, acting("VM", 2)), (case + 1, author)):
        with pytest.raises(errors.UnknownAttachment):
            queries.attachment(office, case_id, number, readings=full, actor=who)
    with pytest.raises(errors.ValuesRefused):
        service.keep_attachments(office, 7, {"scan": number}, actor=acting("VM", 2), now=factories.OPENING)
