"""Drawing in the browser: from an empty canvas to a sound process; nothing that was drawn is ever lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.design import steps
from tests.app import browsing
from tests.app.conftest import PASSWORD
from tests.app.design.test_drafts import BPMN

pytestmark = pytest.mark.browser


@pytest.fixture
def designer(page):
    """A designer's browser with an empty draft open."""
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    page.get_by_label("Name des Prozesses").fill("Probe")
    page.get_by_role("button", name="Leer beginnen").click()
    page.locator("[data-designer][data-ready]").wait_for()
    return page


def saved(page):
    page.locator('[data-place="saved"][data-state="saved"]').wait_for()


def append(page, source: str, action: str) -> str:
    """Appends an element by the context pad; its id."""
    before = ids(page)
    select(page, source)
    page.locator(f'.djs-context-pad [data-action="{action}"]').first.click()
    new = [name for name in ids(page) if name not in before and not name.endswith("_label")]
    page.keyboard.press("Escape")
    return new[0]


def ids(page) -> list[str]:
    return page.locator(".djs-shape").evaluate_all("all => all.map(one => one.dataset.elementId)")


def select(page, element: str) -> None:
    # A second click on what is selected would let it go.
    if page.locator(".panel__id").inner_text() != element:
        page.locator(f"[data-element-id={element}] .djs-hit").first.click(force=True)
    page.locator(".panel__id", has_text=element).wait_for()


def problem(page, text: str):
    return page.locator(".problem__go", has_text=text)


def person(page, task: str) -> None:
    """Makes a task of no kind one for people, by the menu."""
    select(page, task)
    page.locator('.djs-context-pad [data-action="replace"]').click()
    page.locator(".djs-popup .entry", has_text="Aufgabe ohne Formular").click()


def test_process_is_drawn_from_an_empty_canvas_gets_an_error_and_is_mended(designer):
    task = append(designer, "probe_start", "append.append-task")
    person(designer, task)
    task = next(name for name in ids(designer) if name.startswith("Activity"))
    append(designer, task, "append.end-event")
    problem(designer, "keine Rolle zuständig").click()
    designer.locator(".panel__id", has_text=task).wait_for()
    designer.get_by_label("Name", exact=True).fill("Antrag prüfen")
    designer.get_by_label("Rolle").select_option("KS")
    designer.get_by_label("Frist").fill("P14")
    designer.locator(".field__fault", has_text="keine Zeitangabe").wait_for()
    designer.get_by_label("Frist").fill("werktage(5)")
    designer.get_by_label("Englischer Name").fill("Check")
    designer.get_by_label("Beschreibung").fill("Alles lesen.")
    designer.keyboard.press("Tab")
    problem(designer, "keine Rolle zuständig").wait_for(state="detached")
    saved(designer)
    browsing.shot(designer, "designer-drawn")

    content = designer.evaluate("fetch(location.href + '/state').then(a => a.json()).then(s => s.content)")
    for part in ('d:role="KS"', 'd:deadline="werktage(5)"', 'd:nameEn="Check"', "Alles lesen.", "<bpmn:manualTask"):
        assert part in content
    expect(designer.locator(".problem__sign--error")).to_have_count(0)


def test_call_names_the_start_event_of_the_process_that_it_calls(designer):
    task = append(designer, "probe_start", "append.append-task")
    select(designer, task)
    designer.locator('.djs-context-pad [data-action="replace"]').click()
    designer.locator(".djs-popup .entry", has_text="Eigener Prozess (Aufruf)").first.click()
    designer.get_by_label("Kennung des Startereignisses im aufgerufenen Prozess").fill("am_schalter")
    designer.keyboard.press("Tab")
    saved(designer)
    browsing.shot(designer, "designer-call")
    content = designer.evaluate("fetch(location.href + '/state').then(a => a.json()).then(s => s.content)")
    assert 'd:start="am_schalter"' in content


def test_undo_says_what_it_took_back(designer):
    append(designer, "probe_start", "append.append-task")
    designer.get_by_role("button", name="Rückgängig").click()
    assert "Rückgängig gemacht: Element angefügt" in designer.locator('[data-place="said"]').inner_text()
    assert ids(designer) == ["probe_start", "probe_start_label"]
    designer.get_by_role("button", name="Wiederholen").click()
    assert len(ids(designer)) > 2


def test_condition_is_completed_with_known_names_and_checked(page):
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    page.get_by_label("Aus einem geltenden Prozess").select_option("benefit.bpmn")
    page.get_by_role("button", name="Beginnen", exact=True).click()
    page.locator("[data-designer][data-ready]").wait_for()
    page.locator("[data-place=problem-count]", has_text="nichts gefunden").wait_for()
    listed = steps.outline((BPMN / "benefit.bpmn").read_bytes())
    flow = next(way.id for step in listed if step.decides for way in step.ways if way.condition)
    page.locator(f"[data-element-id={flow}] .djs-hit").first.click(force=True)
    field = page.get_by_label("Bedingung", exact=True)
    field.fill("househ")
    page.locator(".field__fault", has_text="househ").wait_for()
    page.locator(".names__name", has_text="household_open").click()
    assert field.input_value() == "household_open"
    page.locator(".field__fault:not(:empty)").wait_for(state="detached")
    saved(page)


def test_two_who_draw_at_once_overwrite_nothing(designer):
    page = designer
    draft = page.url
    page.evaluate(
        """async () => {
          const state = await (await fetch(location.href + "/state")).json();
          const token = document.querySelector("meta[name=csrf-token]").content;
          const body = new URLSearchParams({ revision: 1, content: state.content.replace("Beginn", "Schneller") });
          await fetch(location.href + "/save", { method: "POST", body, headers: { "X-CSRFToken": token } });
        }"""
    )
    append(page, "probe_start", "append.append-task")
    page.get_by_text("Nichts wurde überschrieben").wait_for()
    saved(page)
    assert page.url != draft
    theirs = page.get_by_role("link", name="geändert hat").get_attribute("href")
    both = page.get_by_role("link", name="Worin sich beide Stände unterscheiden").get_attribute("href")
    assert "Activity" in page.evaluate("fetch(location.href + '/state').then(a => a.text())")
    page.goto(f"{draft}/history")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(theirs)
    expect(page.locator("main")).to_contain_text("„Beginn“ heißt jetzt „Schneller“")
    page.goto(both)
    expect(page.locator("main")).to_contain_text("„Schneller“ heißt jetzt „Beginn“")
    expect(page.locator("main")).to_contain_text("neu:")


def test_without_connection_work_goes_on_and_is_saved_later(designer):
    designer.context.set_offline(True)
    append(designer, "probe_start", "append.append-task")
    designer.get_by_text("Keine Verbindung.").wait_for()
    designer.context.set_offline(False)
    saved(designer)
    designer.complaints.clear()  # the browser calls the lost connection an error of its own


def test_lost_session_keeps_the_work_in_the_browser_until_somebody_signs_in_again(designer):
    draft = designer.url
    designer.context.clear_cookies()
    append(designer, "probe_start", "append.append-task")
    designer.get_by_text("Abgemeldet.").wait_for()
    designer.on("dialog", lambda dialog: dialog.accept())
    browsing.signed_in(designer, "design", PASSWORD)
    designer.goto(draft)
    designer.locator("[data-designer][data-ready]").wait_for()
    saved(designer)
    assert any(name.startswith("Activity") for name in ids(designer))
    designer.reload()
    designer.locator("[data-designer][data-ready]").wait_for()
    assert any(name.startswith("Activity") for name in ids(designer))


def test_diagram_is_exported_as_it_was_and_as_pictures(page):
    browsing.signed_in(page, "design", PASSWORD)
    page.goto("/design")
    page.get_by_label("Aus einem geltenden Prozess").select_option("anamnesis.bpmn")
    page.get_by_role("button", name="Beginnen", exact=True).click()
    page.locator("[data-designer][data-ready]").wait_for()
    found = {}
    for name in ("BPMN", "SVG", "PNG", "PDF"):
        with page.expect_download() as waiting:
            page.get_by_text(name, exact=True).click()
        found[name] = Path(waiting.value.path()).read_bytes()
    assert found["BPMN"] == (BPMN / "anamnesis.bpmn").read_bytes()
    assert b"<svg" in found["SVG"]
    assert found["PNG"].startswith(b"\x89PNG")
    assert len(found["PNG"]) > 5_000
    assert found["PDF"].startswith(b"%PDF-")
    assert "Sozialanamnese" in "".join(re.findall(r"\((.*?)\) Tj", found["PDF"].decode("latin-1")))


def test_list_of_many_instances_is_a_value_of_the_process_and_stays_in_the_file(designer):
    task = append(designer, "probe_start", "append.append-task")
    select(designer, task)
    designer.get_by_label("Wird ausgeführt").select_option("parallel")
    designer.get_by_label("Oder für jeden Eintrag der Liste").fill("goals")
    designer.get_by_label("Der Eintrag heißt").fill("goal")
    designer.keyboard.press("Tab")
    saved(designer)
    designer.reload()
    designer.locator("[data-designer][data-ready]").wait_for()
    select(designer, task)
    designer.get_by_label("Name", exact=True).fill("Ziel prüfen")
    designer.keyboard.press("Tab")
    designer.locator('[data-place="saved"][data-state="unsaved"]').wait_for()
    saved(designer)

    content = designer.evaluate("fetch(location.href + '/state').then(a => a.json()).then(s => s.content)")
    assert "<bpmn:loopDataInputRef>goals</bpmn:loopDataInputRef>" in content
    assert 'name="goal"' in content
    assert "Ziel prüfen" in content


@pytest.mark.parametrize("size", [browsing.WIDE, browsing.PHONE, browsing.NARROW])
def test_pages_are_accessible_and_fit(designer, size):
    append(designer, "probe_start", "append.append-task")
    saved(designer)
    draft = designer.url
    designer.set_viewport_size(size)
    for path in ("", "/steps", "/steps/probe_start", "/history", "/play", "/scenarios", "/comments", "/whatif"):
        designer.goto(draft + path)
        if not path:
            designer.locator("[data-designer][data-ready]").wait_for()
            designer.locator(".problem__go").first.wait_for()
            expect(designer.locator(".bjs-powered-by")).to_be_visible()
        browsing.shot(designer, f"design{path.replace('/', '-')}-{size['width']}")
        assert browsing.violations(designer) == []
        assert browsing.overflows(designer) <= 0
