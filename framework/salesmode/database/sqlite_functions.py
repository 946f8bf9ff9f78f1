"""What SQLite lacks and PostgreSQL has: the functions that every SQLite connection gets."""

import sqlite3
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from uuid_utils import uuid7

from salesmode.database.fold import fold_value, raise_value
from salesmode.database.sqlite_calendar import register_calendar
from salesmode.database.sqlite_numbers import register_numbers

_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
_AVERAGE = Decimal("0.000001")


def register(connection: sqlite3.Connection) -> None:
    """Make the engine's functions known to one connection."""
    connection.create_function("sm_fold", 1, fold_value, deterministic=True)
    connection.create_function("sm_upper", 1, raise_value, deterministic=True)
    connection.create_function("sm_average", 3, average, deterministic=True)
    connection.create_function("sm_digest", 1, digest, deterministic=True)
    connection.create_function("sm_bucket", 4, bucket, deterministic=True)
    connection.create_function("sm_new_id", 0, new_id)
    register_numbers(connection)
    register_calendar(connection)


def new_id() -> str:
    """A UUIDv7."""
    return str(uuid7())


def average(total: int | str | None, count: int, scale: int) -> str | None:
    """The mean of `count` integers scaled by 10^`scale`, half-even at six places (RULING 26)."""
    if total is None:
        return None
    exact = _EXACT.divide(Decimal(total).scaleb(-scale), Decimal(count))
    return str(_EXACT.add(exact.quantize(_AVERAGE, context=_EXACT), 0))  # adding takes the sign of a zero


def digest(text: str | None) -> str | None:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return None if text is None else sha256(text.encode()).hexdigest()


@lru_cache(maxsize=65536)
def bucket(text: str | None, by: str, timezone: str, week_start: int) -> str | None:
    """The first day, or the first instant in `timezone`, of the bucket that a stored date or instant is in.

    `week_start`: 0 for Monday to 6 for Sunday (RULING 27).
    """
    if text is None:
        return None
    if len(text) == 10:
        return first_day(date.fromisoformat(text), by, week_start).isoformat()
    zone = ZoneInfo(timezone)
    local = datetime.fromisoformat(text).astimezone(zone)
    start = local.replace(minute=0, second=0, microsecond=0)
    if by != "HOUR":
        day = first_day(local.date(), by, week_start)
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
    return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def first_day(day: date, by: str, week_start: int) -> date:
    """The first day of the bucket DAY, WEEK, MONTH, QUARTER or YEAR that `day` is in."""
    match by:
        case "WEEK":
            return day - timedelta(days=(day.weekday() - week_start) % 7)
        case "MONTH":
            return day.replace(day=1)
        case "QUARTER":
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case "YEAR":
            return day.replace(month=1, day=1)
        case _:
            return day
