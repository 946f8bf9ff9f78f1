"""The app document."""

from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from salesmode.compiler.analyzer.labels import label_of
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import text_of
from salesmode.model.app import App

_DEFAULTS = {"locales": ["en"], "currency": "USD", "timezone": "UTC", "country": "US", "version": "0"}


def app_of(say: Reporter) -> App:
    """The App; what is not said takes a default."""
    raw = {**_DEFAULTS, **say.document.data}
    name = say.document.name
    _check(raw, say)
    return App(
        name=name,
        label=label_of(raw.get("label"), raw["locales"], name),
        version=text_of(raw["version"]),
        locales=tuple(raw["locales"]),
        currency=raw["currency"],
        timezone=raw["timezone"],
        country=raw["country"],
        plugins=tuple(raw.get("plugins", ())),
        week_start=raw.get("week_start", "monday"),
        fiscal_year_start=raw.get("fiscal_year_start", "01-01"),
        plugin_timeout=float(raw.get("plugin_timeout", 5)),
    )


def _check(raw: dict[str, object], say: Reporter) -> None:
    known = {
        "currency": ("currency", list_currencies()),
        "timezone": ("time zone", available_timezones()),
        "country": ("country", Locale("en").territories),
    }
    for key, (what, names) in known.items():
        if raw[key] not in names:
            say.unknown("SM309", what, str(raw[key]), names, key)
    locales = raw["locales"]
    assert isinstance(locales, list)
    for at, tag in enumerate(locales):
        if not _is_locale(str(tag)):
            say.unknown("SM309", "locale", str(tag), (), "locales", at)


def _is_locale(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True
