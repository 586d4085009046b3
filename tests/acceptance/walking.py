"""One client's way through the office in a real browser: everything is typed and clicked, by whoever has the task."""

from __future__ import annotations

import contextlib
import re
from datetime import date, datetime, timedelta

import playwright.sync_api as playwright

from tests.app import browsing
from tests.app.conftest import PASSWORD
from tests.bpmn import answers

LOGINS = {
    "Kundensteuerung": "ks",
    "Beratungsfachkraft": "bfk",
    "Fallmanagement": "fm",
    "Vermittlung": "vm",
    "Fachbereich 5": "fb5",
    "Leitung Stadt": "leitung.stadt",
    "Leitung Agentur für Arbeit": "leitung.aa",
}
STEPS = 60
LOOKS = 600
PATIENCE = 5_000
# Playwright itself would look again after half a second; with hundreds of fields that adds up.
SETTLED = """() => new Promise(settled => {
  const look = () => document.querySelector("form[aria-busy]") ? setTimeout(look, 5) : settled();
  look();
})"""
SHOWS = """(form, name) => {
  const field = form.elements[name];
  const first = field instanceof RadioNodeList ? field[0] : field;
  return Boolean(first) && first.getClientRects().length > 0;
}"""
PERSON = {
    "family_name": "Sommerfeld",
    "given_names": "Pia",
    "birth_date": "12.03.1982",
    "city": "Bergisch Gladbach",
    "benefits": ["HLU"],
    "fit_for_work": "yes",
    "available": "yes",
    "unemployed_since": "01.09.2003",
}


def german(text: str) -> date:
    """The day that a page shows."""
    return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007  a day has no zone


class Walk:
    """The office's people at their browsers, and the client who is walked. `trail` is who did which task."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.pages, self.trail, self.complaints = {}, [], []
        self.number = self.case = ""
        self.answers: dict[str, dict] = {}

    def __enter__(self):
        self.stack = contextlib.ExitStack()
        return self

    def __exit__(self, *problem):
        self.stack.close()

    def page(self, login: str):
        """The browser of this member of staff, who has signed in by typing."""
        if login not in self.pages:
            page = self.stack.enter_context(browsing.opened(self.browser, self.address))
            browsing.signed_in(page, login, PASSWORD)
            self.pages[login] = page
        return self.pages[login]

    def register(self, **changes):
        """The reception takes the client in; the case opens at its first task."""
        page = self.page("ks")
        page.goto("/clients/new")
        fill(page.locator("main form"), PERSON | changes)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.get_by_role("button", name="Aufnehmen").click()
        page.wait_for_load_state()
        assert "/inbox/tasks/" in page.url, page.locator("main").inner_text()
        self.case = page.locator(".task-head a").first.get_attribute("href")
        self.number = re.search(r"\d{4}-\d{5}", page.locator(".task-head").inner_text())[0]
        return self

    @property
    def today(self) -> date:
        """The office's date, as the banner shows it."""
        text = self.page("ks").locator(".training-banner").inner_text()
        return german(re.search(r"\d\d\.\d\d\.\d{4}", text)[0])

    def turn(self, login: str) -> bool:
        """Does all tasks of the client that this person may do; False when there is none."""
        page = self.page(login)
        page.goto(f"/inbox?q={self.number}")
        links = page.locator(".task-table tbody .row-main a[href*='/inbox/tasks/']")
        at = done = 0
        while at < links.count():
            links.nth(at).click()
            # A click does not wait for what it opens, and a count does not wait at all.
            page.wait_for_url("**/inbox/tasks/**")
            if page.get_by_role("button", name="Erledigen").count():
                self._hand_in(page, login)
                done += 1
            else:
                at += 1
            if "/tasks/" in page.url:
                page.goto(f"/inbox?q={self.number}")
        return done > 0

    def _hand_in(self, page, login: str) -> None:
        form = page.locator("#task-form")
        name = page.locator("h1").inner_text()
        kind = form.get_attribute("data-form")
        typed = answers.for_form(kind, self.today) if kind else {}
        fill(form, typed | self.answers.get(kind, {}))
        self._submit(page)
        if page.locator(".kern-alert--info", has_text="Dazu gehören noch weitere Angaben").count():
            self._submit(page)
        said = page.locator("#messages").inner_text()
        assert f"Erledigt: {name}" in said, (login, name, typed, page.locator("main").inner_text())
        self.trail.append((login, name))

    @staticmethod
    def _submit(page) -> None:
        with page.expect_response(re.compile("/complete")):
            page.get_by_role("button", name="Erledigen").click()
        page.wait_for_load_state()

    def work(self) -> None:
        """Everybody works until nobody has a task for this client; the page of the case says whose turn it is."""
        for _ in range(STEPS):
            holders = self.holders()
            if not holders:
                return
            assert any([self.turn(login) for login in holders]), (holders, self.trail)  # noqa: C419  each gets a turn
        raise AssertionError(self.trail)

    def holders(self) -> list[str]:
        """The logins of those who have a task for this client."""
        self.case_page("ks")
        cells = self.page("ks").locator("section[aria-labelledby=h-tasks] tbody td:nth-child(2)")
        roles = [text.split(",")[0].strip() for text in cells.all_inner_texts()]
        return list(dict.fromkeys(LOGINS[role] for role in roles))

    def until_closed(self) -> None:
        """Everybody works, and the leader moves the clock to what the case waits for, until the case is closed."""
        for _ in range(STEPS):
            self.work()
            if self.is_closed:
                return
            self.move_clock(self.next_day())
        raise AssertionError(self.trail)

    @property
    def is_closed(self) -> bool:
        """Whether the page of the case says that it is closed."""
        return "abgeschlossen am" in self.case_page("ks")

    def case_page(self, login: str) -> str:
        """The text of the page of the case."""
        page = self.page(login)
        page.goto(self.case)
        return page.locator("main").inner_text()

    def next_day(self) -> date:
        """The next day on which something happens in the case by itself."""
        self.case_page("ks")
        lines = self.page("ks").locator("section[aria-labelledby=h-tasks] ul").inner_text()
        days = sorted(german(found) for found in re.findall(r"\d\d\.\d\d\.\d{4}", lines))
        return max(days[0], self.today + timedelta(days=1))

    def move_clock(self, day: date) -> None:
        """The leader of the employment agency moves the office's clock and looks until it has arrived."""
        arrived = self._set_clock(day)
        for _ in range(LOOKS):
            if arrived.count():
                return
            arrived.page.reload()
        raise AssertionError(arrived.page.locator("main").inner_text())

    def watch_clock(self, day: date) -> None:
        """The same, but nobody touches the page: it tells by itself that the clock has arrived."""
        self._set_clock(day).wait_for()

    def _set_clock(self, day: date):
        page = self.page("leitung.aa")
        page.goto("/office/clock")
        page.get_by_label("Vorstellen auf den").fill(f"{day:%d.%m.%Y}")
        page.get_by_role("button", name="Uhr vorstellen").click()
        page.wait_for_load_state()
        return page.locator("#clock-progress .kern-badge", has_text="fertig")

    def did(self, *names: str) -> bool:
        """Whether these tasks were done in this order, others between them."""
        done = iter(name for _, name in self.trail)
        return all(name in done for name in names)


def fill(form, typed: dict) -> None:
    """Types and clicks these answers into a form; a field that does not show for these answers stays empty."""
    for name, value in typed.items():
        if not _shows(form, name):
            # Perhaps the server is just being asked which fields show.
            settle(form)
        while _shows(form, name):
            try:
                _answer(form, form.locator(f'[name="{name}"]'), name, value)
                break
            except playwright.TimeoutError:
                # An answer before has made the field go away while it was being typed into.
                settle(form)
    settle(form)


def settle(form) -> None:
    """Waits until the form shows what belongs to the answers given."""
    form.page.evaluate(SETTLED)


def _shows(form, name: str) -> bool:
    return form.evaluate(SHOWS, name)


def _answer(form, field, name: str, value) -> None:
    kind = field.first.evaluate("element => element.type")
    if kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, list) else [value]:
            chosen = "on" if kind == "checkbox" and one in {"true", True} else one
            form.locator(f'[name="{name}"][value="{chosen}"]').check(timeout=PATIENCE)
    elif kind == "select-one":
        field.select_option(str(value), timeout=PATIENCE)
    else:
        field.fill(str(value), timeout=PATIENCE)
