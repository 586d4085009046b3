"""What people read: language, dates, relative due dates, and what every template may ask."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import flask_babel
from babel import dates as babel_dates
from flask import current_app, g, request, url_for
from flask_babel import gettext, lazy_gettext, ngettext

from app import security
from app.office import dates

if TYPE_CHECKING:
    from gettext import NullTranslations

    from babel.support import Translations
    from flask import Flask

LOCALES = ("de", "en")
COOKIE = "language"
SOON = 2
FAR = 60


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as people speak of it, with the kind of badge and its icon."""

    text: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """A link of the main navigation."""

    text: str
    url: str
    current: str
    key: str


# What the navigation shows, in this order, to those who may call it; the key follows "g".
NAVIGATION = (
    ("inbox.index", lazy_gettext("Eingangskorb"), "i"),
    ("casework.index", lazy_gettext("Fälle"), "f"),
    ("casework.register_form", lazy_gettext("Neuaufnahme"), "n"),
    ("office.index", lazy_gettext("Büro"), "b"),
    ("processes.index", lazy_gettext("Prozesse"), "p"),
    ("rulebook.index", lazy_gettext("Regeln"), "r"),
    ("design.index", lazy_gettext("Entwürfe"), "d"),
    ("supervision.index", lazy_gettext("Was steht still?"), "s"),
    ("casework.interventions", lazy_gettext("Eingriffe"), "e"),
    ("operations.index", lazy_gettext("Betrieb"), "o"),
    ("casework.openings", lazy_gettext("Ausnahmezugriffe"), "z"),
)


def set_up(app: Flask) -> None:
    """Gives the application its languages, filters and the functions that templates call."""
    flask_babel.Babel(app, default_locale="de", locale_selector=locale)
    # flask_babel looks for its catalogue anew at every text, and a page of the inbox has hundreds.
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]  # by jinja2.ext.i18n
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"date": as_date, "datetime": as_datetime, "relative_due": relative_due}
    app.jinja_env.filters["instant"] = as_instant
    app.jinja_env.globals |= {
        "navigation": navigation,
        "here": security.here,
        "may": security.may,
        "static_url": _static_url(app),
        "office_date": office_date,
        "clock_url": clock_url,
        "get_locale": flask_babel.get_locale,
        "idle_seconds": app.config["IDLE_SECONDS"],
    }


def _catalogue() -> Translations | NullTranslations:
    """The texts in the language of this request, looked up once: nothing changes the language of a page under way."""
    found: Translations | NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = flask_babel.get_domain().get_translations()
    return found


def _gettext(text: str) -> str:
    return _catalogue().gettext(text)


def _ngettext(one: str, many: str, number: int) -> str:
    return _catalogue().ngettext(one, many, number)


def locale() -> str:
    """The reader's language: of the account, else of the cookie, else of the browser, else German."""
    who = g.get("who")
    chosen = (who.locale if who is not None else "") or request.cookies.get(COOKIE, "")
    if chosen in LOCALES:
        return chosen
    return request.accept_languages.best_match(LOCALES) or "de"


def as_date(value: date | datetime | str | None) -> str:
    """05.01.2004, from an ISO date, a date or an instant (its day in the office); other text comes back as it is."""
    if not value:
        return ""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return str(value)
    day = dates.day_of(value) if isinstance(value, datetime) else value
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def as_datetime(value: datetime | None) -> str:
    """05.01.2004, 08:30 in the office's time zone."""
    return "" if value is None else f"{as_date(value)}, {dates.local(value):%H:%M}"


def as_instant(value: str | None) -> datetime | None:
    """The instant that an error carries as ISO text."""
    return datetime.fromisoformat(value) if value else None


def relative_due(value: datetime | date | None) -> Due | None:
    """How far away a due date is, counted in days of the office."""
    if value is None:
        return None
    day = dates.day_of(value) if isinstance(value, datetime) else value
    days = (day - dates.day_of(security.now())).days
    if days < 0:
        return Due(ngettext("%(num)d Tag überfällig", "%(num)d Tage überfällig", -days), "danger", "danger")
    if days == 0:
        return Due(gettext("heute fällig"), "warning", "warning")
    if days > FAR:
        return Due(gettext("am %(date)s", date=as_date(day)), "", "calendar-today")
    text = ngettext("in %(num)d Tag", "in %(num)d Tagen", days)
    return Due(text, "warning" if days <= SOON else "", "warning" if days <= SOON else "calendar-today")


def office_date() -> str:
    """The weekday and date of the training clock; empty in production."""
    if "now" not in g or g.now == g.system_now:
        return ""
    weekday = babel_dates.format_date(dates.day_of(security.now()), "EEEE", locale=locale())
    return f"{weekday}, {as_date(security.now())}"


def clock_url() -> str:
    """Where the reader may move the clock; empty for those who may not."""
    return url_for("office.clock_page") if security.may("office.clock_page") else ""


def navigation() -> list[NavigationItem]:
    """The links that this reader may use."""
    return [
        NavigationItem(str(text), url_for(endpoint), _current(endpoint), key)
        for endpoint, text, key in NAVIGATION
        if security.may(endpoint)
    ]


def _current(endpoint: str) -> str:
    """The word of aria-current: "page" on the page itself, "true" on those that belong to it."""
    asked = request.endpoint or ""
    if asked == endpoint:
        return "page"
    with_place_of_its_own = {item[0].removesuffix("_form") for item in NAVIGATION}
    belongs = asked.partition(".")[0] == endpoint.partition(".")[0] and endpoint.endswith(".index")
    return "true" if belongs and asked.removesuffix("_form") not in with_place_of_its_own else ""


def _static_url(app: Flask) -> object:
    """A function from name to address; it changes with the file's content, so browsers may keep it for a year."""
    versions: dict[str, str] = {}

    def static_url(name: str) -> str:
        if name not in versions or current_app.debug:
            content = (Path(app.static_folder or "") / name).read_bytes()
            versions[name] = hashlib.sha256(content).hexdigest()[:10]
        return url_for("static", filename=name, v=versions[name])

    return static_url
