"""Days and months in SQL, the same on both engines; what leaves the years 1 to 9999 is null."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Numeric,
    Text,
    cast,
    func,
    literal_column,
)

from salesmode.conditions.formulas.exact import Exact
from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import integer_literal, substring, text_literal

_PLACES = {"year": (1, 4), "month": (6, 2), "day": (9, 2)}
# PostgreSQL's calendar ends in 4713 BC, so it counts 20,000 years later: 50 times the 400 after which the
# calendar repeats.
_LATER = 50 * 146_097
_FIRST, _LAST = "DATE '20000-12-31'", "DATE '30000-01-01'"
_FARTHEST_DAYS, _FARTHEST_MONTHS = 4_000_000, 120_000


def day_of(instant: ColumnElement[Any], timezone: str, dialect: Dialect) -> ColumnElement[Any]:
    """The day of an instant in the app's time zone."""
    if dialect == "sqlite":
        return func.sm_day(instant, text_literal(timezone), type_=Text())
    return _between(
        cast(func.timezone(text_literal(timezone), instant, type_=DateTime()), Date()),
        "DATE '0001-12-31 BC'",
        "DATE '10000-01-01'",
    )


def part(name: str, day: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """`year`, `month` or `day` as a number."""
    if dialect == "sqlite":
        return cast(substring(day, *_PLACES[name]), Integer())
    return func.date_part(text_literal(name), day, type_=Numeric())


def days_between(first: ColumnElement[Any], last: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """How many days later `last` is."""
    if dialect == "sqlite":
        julian = func.julianday(last, type_=Numeric()) - func.julianday(first, type_=Numeric())
        return cast(julian, BigInteger())
    return last.op("-", return_type=Integer())(first)


def days_later(day: ColumnElement[Any], days: Exact, dialect: Dialect) -> ColumnElement[Any]:
    """Towards the end of time; only the whole part of `days` counts."""
    if dialect == "sqlite":
        return func.sm_add_days(day, days.sql, integer_literal(days.scale), type_=Text())
    return _back(_later(day).op("+", return_type=Date())(_clamped(days, _FARTHEST_DAYS)))


def months_later(day: ColumnElement[Any], months: Exact, dialect: Dialect) -> ColumnElement[Any]:
    """On the same day, or the last one of that month."""
    if dialect == "sqlite":
        return func.sm_add_months(day, months.sql, integer_literal(months.scale), type_=Text())
    years = literal_column("0", Integer())
    interval = func.make_interval(years, _clamped(months, _FARTHEST_MONTHS))
    return _back(cast(_later(day).op("+")(interval), Date()))


def _later(day: ColumnElement[Any]) -> ColumnElement[Any]:
    return day.op("+", return_type=Date())(integer_literal(_LATER))


def _clamped(number: Exact, most: int) -> ColumnElement[Any]:
    """The whole part, no farther than out of every date; null goes as far back as that."""
    low, high = (literal_column(f"({each})", Numeric()) for each in (-most, most))
    whole = func.trunc(number.sql, type_=Numeric())
    return cast(func.least(func.greatest(whole, low), high, type_=Numeric()), Integer())


def _back(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Null outside the years 1 to 9999."""
    return _between(day, _FIRST, _LAST).op("-", return_type=Date())(integer_literal(_LATER))


def _between(day: ColumnElement[Any], before: str, after: str) -> ColumnElement[Any]:
    """Null outside; GREATEST and LEAST take null for what is."""
    first, last = literal_column(before, Date()), literal_column(after, Date())
    inside = func.least(func.greatest(day, first), last, type_=Date())
    return func.nullif(func.nullif(inside, first), last, type_=Date())
