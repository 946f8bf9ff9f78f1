"""The calendar of formulas for SQLite: days and months later, and the day of an instant."""

import sqlite3
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

_FARTHEST = 5_000_000  # days: more than there are between the years 1 and 9999


def register_calendar(connection: sqlite3.Connection) -> None:
    """Make the functions known to one connection."""
    connection.create_function("sm_day", 2, day_of, deterministic=True)
    connection.create_function("sm_add_days", 3, days_later, deterministic=True)
    connection.create_function("sm_add_months", 3, months_later, deterministic=True)


@lru_cache(maxsize=65536)
def day_of(instant: str | None, timezone: str) -> str | None:
    """The day of a stored instant in that time zone."""
    if instant is None:
        return None
    try:
        return datetime.fromisoformat(instant).astimezone(ZoneInfo(timezone)).date().isoformat()
    except OverflowError:
        return None


def days_later(day: str | None, days: int | str | None, scale: int) -> str | None:
    """So many days later; the places of `days` do not count. Null outside the years 1 to 9999."""
    number = _whole(days, scale)
    if day is None or number is None:
        return None
    try:
        return (date.fromisoformat(day) + timedelta(days=number)).isoformat()
    except OverflowError:
        return None


def months_later(day: str | None, months: int | str | None, scale: int) -> str | None:
    """So many months later, on the same day or the last one of that month. Null outside the years 1 to
    9999.
    """
    number = _whole(months, scale)
    if day is None or number is None:
        return None
    try:
        found: date = date.fromisoformat(day) + relativedelta(months=number)
        return found.isoformat()
    except (OverflowError, ValueError):
        return None


def _whole(number: int | str | None, scale: int) -> int | None:
    """Without the places, towards zero; no farther than any date."""
    if number is None:
        return None
    whole = min(int(abs(int(number)) // 10**scale), _FARTHEST)
    return -whole if int(number) < 0 else whole
