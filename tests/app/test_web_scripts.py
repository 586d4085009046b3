"""The behaviours in the browser: drafts, keys in lists, the bulk bar, the idle lock, the diagram."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Response, render_template_string, request
from playwright.sync_api import expect

import workflows
from app import factory, security
from tests.app import browsing
from tests.app.conftest import PASSWORD, TestSettings

pytestmark = pytest.mark.browser
BPMN = Path(workflows.__file__).resolve().parents[1] / "bpmn"
PAGE = """
{% extends "base.html" %}
{% from "macros/fields.html" import area, csrf, date, radios, select, checks, error_summary %}
{% from "macros/parts.html" import button, due, tabs, facts, timeline, chip, progress, alert, badge, card %}
{% block title %}Probe{% endblock %}
{% block content %}
<h1 class="kern-heading-large">Probe</h1>
<form data-draft="/t/draft" data-draft-seconds="0.1" method="post" class="stack">
  {{ csrf() }}
  {{ area("report", "Bericht", required=true) }}
  {{ date("start", "Beginn") }}
  {{ radios("done", "Ergebnis", [("yes", "ja"), ("no", "nein", "mit Begründung")], "no", required=true) }}
  {{ checks("papers", "Unterlagen", [("a", "Ausweis"), ("b", "Bescheid")], ["a"], horizontal=true) }}
  {{ select("way", "Weg", [("x", "Der eine"), ("y", "Der andere")], "y") }}
  <div class="sticky-actions">
    {{ button("Abschließen", kind="primary") }}<span data-draft-state role="status"></span>
  </div>
</form>
<form data-bulk>
  <div class="bulk-bar" data-bulk-bar><span data-bulk-count></span> {{ button("Übernehmen", small=true) }}</div>
  <table class="task-table" data-key-list>
    <thead><tr><td></td><th scope="col">Aufgabe</th><th scope="col">Frist</th></tr></thead>
    <tbody>{% for number in [1, 2, 3] %}<tr data-key-row>
      <td><input type="checkbox" name="task" value="{{ number }}" aria-label="Zeile {{ number }}"></td>
      <td><a class="row-main" href="#row{{ number }}">Aufgabe {{ number }}</a><span class="row-sub">Vorgang</span></td>
      <td data-label="Frist">{{ due(now) }}</td></tr>{% endfor %}</tbody>
  </table>
</form>
{{ tabs("Ansichten", [("a", "Formular", "#a"), ("b", "Verlauf", "#b")], "a") }}
{% call card("Angaben") %}{{ facts([("Aktenzeichen", "12"), ("Bedarfsgemeinschaftsnummer", "")]) }}{% endcall %}
{{ progress("Uhr wird vorgestellt", 3, 10) }}
{% call alert("Hinweis", "warning") %}<p>Bitte prüfen.</p>{% endcall %}
<p class="chips">{{ chip("Meine", "#m", true, 3) }} {{ chip("Alle", "#x") }} {{ badge("offen", "info") }}</p>
{{ timeline([{"at": now, "title": "Aufgenommen", "actor": "Ada Beispiel", "detail": "am Schalter"}]) }}
<div class="diagram" data-diagram="/t/diagram" data-done='["{{ done }}"]' data-active='["{{ active }}"]'>
  <ol><li>Aufnahme</li></ol>
</div>
{% endblock %}
"""


@security.signed_in
def _page():
    return render_template_string(
        PAGE, now=security.now(), done=request.args.get("done"), active=request.args.get("active")
    )


@security.signed_in
def _diagram():
    return Response((BPMN / "routing.bpmn").read_bytes(), mimetype="application/xml")


@pytest.fixture
def saved():
    """The drafts that the browser sent, and the statuses it shall be answered with (then 204)."""
    return {"drafts": [], "answers": []}


@pytest.fixture
def idle_minutes():
    return 15


@pytest.fixture
def app(office_sessions, saved, idle_minutes):
    made = factory.create_app(TestSettings(idle_minutes=idle_minutes), sessions=office_sessions)

    @security.signed_in
    def draft():
        saved["drafts"].append(request.form.to_dict())
        return "", saved["answers"].pop(0) if saved["answers"] else 204

    for rule, view in (("/t/page", _page), ("/t/draft", draft), ("/t/diagram", _diagram)):
        made.add_url_rule(rule, view.__name__, view, methods=["GET", "POST"])
    return made


@pytest.fixture
def probe(page):
    """The page of all parts, opened by somebody signed in."""
    browsing.signed_in(page, "ks", PASSWORD)
    page.goto("/t/page?done=x&active=y")
    return page


def _state(page, text):
    page.locator("[data-draft-state]").get_by_text(text).wait_for()


def test_draft_is_saved_while_typing(probe, saved):
    probe.get_by_label("Bericht").fill("Lücke")
    _state(probe, "Entwurf gesichert um")
    assert saved["drafts"][-1]["report"] == "Lücke"
    assert saved["drafts"][-1]["done"] == "no"


def test_draft_survives_a_lost_connection(probe, saved):
    probe.context.set_offline(True)
    probe.get_by_label("Bericht").fill("unterwegs")
    _state(probe, "Keine Verbindung.")
    probe.context.set_offline(False)
    _state(probe, "Entwurf gesichert um")
    assert [draft["report"] for draft in saved["drafts"]] == ["unterwegs"]
    probe.complaints.clear()  # the browser calls the lost connection an error of its own


def test_draft_survives_a_failing_server(probe, saved):
    saved["answers"].append(500)
    probe.get_by_label("Bericht").fill("zäh")
    _state(probe, "Entwurf gesichert um")
    assert len(saved["drafts"]) == 2


def test_draft_of_a_task_that_is_taken_says_so_and_keeps_the_form(probe, saved):
    saved["answers"].append(409)
    probe.get_by_label("Bericht").fill("zu spät")
    _state(probe, "Der Entwurf lässt sich nicht sichern")
    expect(probe.get_by_label("Bericht")).to_have_value("zu spät")


def test_keys_walk_the_list_and_choose_rows(probe):
    probe.locator("main").focus()
    for _ in range(2):
        probe.keyboard.press("j")
    assert probe.evaluate("document.activeElement.textContent") == "Aufgabe 2"
    expect(probe.locator("[data-bulk-bar]")).not_to_be_visible()
    probe.keyboard.press("x")
    assert probe.locator("[data-bulk-count]").inner_text() == "1 ausgewählt"
    probe.keyboard.press("k")
    assert probe.evaluate("document.activeElement.textContent") == "Aufgabe 1"


@pytest.mark.parametrize("size", [browsing.WIDE, browsing.PHONE, browsing.NARROW])
def test_all_parts_are_accessible_and_fit(probe, size):
    probe.set_viewport_size(size)
    probe.locator(".diagram").scroll_into_view_if_needed()
    probe.locator(".diagram .djs-container").wait_for()
    browsing.shot(probe, f"parts-{size['width']}")
    assert browsing.violations(probe) == []
    assert browsing.overflows(probe) <= 0


def test_diagram_shows_the_position_and_keeps_its_sign(probe):
    probe.locator(".diagram").scroll_into_view_if_needed()
    probe.locator(".djs-shape").nth(3).wait_for()
    ids = probe.locator(".djs-shape").evaluate_all("all => all.map(one => one.dataset.elementId)")
    probe.goto(f"/t/page?done={ids[1]}&active={ids[2]}")
    probe.locator(".diagram").scroll_into_view_if_needed()
    probe.locator(".diagram__sign--active").wait_for()
    expect(probe.locator(".diagram__sign--done")).to_have_count(1)
    expect(probe.locator(".diagram .bjs-powered-by")).to_be_visible()
    browsing.shot(probe, "diagram-1440")
    before = probe.locator(".djs-container .viewport").get_attribute("transform")
    probe.get_by_role("button", name="Größer").click()
    probe.wait_for_function(
        "before => document.querySelector('.djs-container .viewport').getAttribute('transform') !== before", arg=before
    )


@pytest.mark.parametrize("idle_minutes", [0.05])
def test_idle_screen_locks_itself_with_the_draft_saved(browser, address, saved):
    with browsing.opened(browser, address) as page:
        browsing.signed_in(page, "ks", PASSWORD)
        page.goto("/t/page")
        page.get_by_label("Bericht").fill("mittendrin")
        page.get_by_role("heading", name="Bildschirm gesperrt").wait_for()
        assert saved["drafts"][-1]["report"] == "mittendrin"
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Entsperren").click()
        page.wait_for_url("**/t/page")
