"""One client's way through the office in a real browser: everything is typed and clicked, by whoever has the task."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import playwright.sync_api as playwright

from tests.app import browsing
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
  window.hurry?.();
  const look = () => document.querySelector("form[aria-busy]") ? setTimeout(look, 5) : settled();
  look();
})"""
# What kind of field it is; empty when it does not show.
KIND = """(form, name) => {
  const field = form.elements[name];
  const first = field instanceof RadioNodeList ? field[0] : field;
  return first && first.getClientRects().length > 0 ? first.type : "";
}"""
# The roles that the page of a case names beside its open tasks, read without drawing the page.
HOLDERS = """async (address) => {
  const text = await (await fetch(address)).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!page.querySelector("#h-tasks")) throw new Error(text);
  const cells = page.querySelectorAll("section[aria-labelledby=h-tasks] tbody td:nth-child(2)");
  return [...cells].map((cell) => cell.textContent);
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
    """The office's people at their browsers, and the client who is walked. `trail` is who did which task; `look` is
    given each form as it was filled in, before it is handed in.
    """

    def __init__(self, house):
        self.house = house
        self.look = lambda _page, _name: None
        self.trail = []
        self.number = self.case = ""
        self.answers: dict[str, dict] = {}

    def page(self, login: str):
        """The browser of this member of staff, who has signed in."""
        return self.house.page(login)

    def register(self, **changes):
        """The reception takes the client in; the case opens at its first task."""
        page = self.page("ks")
        page.goto("/clients/new")
        fill(page.locator("main form"), PERSON | changes)
        browsing.pressed(page, "Aufnehmen")
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
        self.look(page, name)
        browsing.pressed(page, "Erledigen")
        if page.locator(".kern-alert--info", has_text="Dazu gehören noch weitere Angaben").count():
            browsing.pressed(page, "Erledigen")
        said = page.locator("#messages").inner_text()
        assert f"Erledigt: {name}" in said, (login, name, typed, page.locator("main").inner_text())
        self.trail.append((login, name))

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
        roles = [text.split(",")[0].strip() for text in self.page("ks").evaluate(HOLDERS, self.case)]
        return list(dict.fromkeys(LOGINS[role] for role in roles))

    def until_closed(self) -> None:
        """Everybody works, and the leader moves the clock to what the case waits for, until the case is closed."""
        for _ in range(STEPS):
            self.work()
            if "abgeschlossen am" in self.case_page("ks"):
                return
            self.move_clock(self.next_day())
        raise AssertionError(self.trail)

    def case_page(self, login: str) -> str:
        """The text of the page of the case."""
        page = self.page(login)
        page.goto(self.case)
        return page.locator("main").inner_text()

    def next_day(self) -> date:
        """The next day on which something happens in the case by itself, as its open page says."""
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
        browsing.pressed(page, "Uhr vorstellen")
        return page.locator("#clock-progress .kern-badge", has_text="fertig")

    def did(self, *names: str) -> bool:
        """Whether these tasks were done in this order, others between them."""
        done = iter(name for _, name in self.trail)
        return all(name in done for name in names)


def fill(form, typed: dict) -> None:
    """Types and clicks these answers into a form; a field that does not show for these answers stays empty."""
    for name, value in typed.items():
        # Perhaps the server has still to be asked which fields show.
        kind = _kind(form, name) or _settled_kind(form, name)
        while kind:
            try:
                _answer(form, name, kind, value)
                break
            except playwright.TimeoutError:
                # An answer before has made the field go away while it was being typed into.
                kind = _settled_kind(form, name)
    settle(form)


def settle(form) -> None:
    """Waits until the form shows what belongs to the answers given."""
    form.page.evaluate(SETTLED)


def _kind(form, name: str) -> str:
    return form.evaluate(KIND, name)


def _settled_kind(form, name: str) -> str:
    settle(form)
    return _kind(form, name)


def _answer(form, name: str, kind: str, value) -> None:
    if kind in {"radio", "checkbox"}:
        for one in value if isinstance(value, list) else [value]:
            chosen = "on" if kind == "checkbox" and one in {"true", True} else one
            form.locator(f'[name="{name}"][value="{chosen}"]').check(timeout=PATIENCE)
    elif kind == "select-one":
        form.locator(f'[name="{name}"]').select_option(str(value), timeout=PATIENCE)
    else:
        form.locator(f'[name="{name}"]').fill(str(value), timeout=PATIENCE)
