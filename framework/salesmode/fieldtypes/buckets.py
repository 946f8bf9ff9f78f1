"""Buckets of time for grouping, in the app's time zone, each by its first day or instant (RULING 14, 27)."""

from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Text, cast, func, literal_column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.field import Field

_BY_DAYS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
BUCKETS = {"date": _BY_DAYS, "datetime": ("HOUR", *_BY_DAYS)}
"""The buckets that fields of a type have."""

WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def bucket(
    field: Field, expression: ColumnElement[Any], by: str, dialect: Dialect, *, timezone: str, week_start: str
) -> ColumnElement[Any]:
    """The bucket of a date or datetime column, in the column's own type."""
    first = WEEK_DAYS.index(week_start)
    if dialect == "sqlite":
        week = integer_literal(first)
        return func.sm_bucket(expression, text_literal(by), text_literal(timezone), week, type_=Text())
    if field.type == "date":
        return cast(_truncated(cast(expression, DateTime()), by, first), Date())
    local = func.timezone(text_literal(timezone), expression, type_=DateTime())
    return func.timezone(text_literal(timezone), _truncated(local, by, first), type_=DateTime(timezone=True))


def _truncated(expression: ColumnElement[Any], by: str, first: int) -> ColumnElement[Any]:
    """`date_trunc` on a local time; PostgreSQL's weeks begin on Monday, so another first day shifts there and
    back.
    """
    unit = text_literal(by.lower())
    if by != "WEEK" or first == 0:
        return func.date_trunc(unit, expression, type_=DateTime())
    shift: ColumnElement[Any] = literal_column(f"interval '{first} days'")
    return func.date_trunc(unit, expression - shift, type_=DateTime()) + shift
