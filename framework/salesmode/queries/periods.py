"""Periods of days, in the caller's calendar, and the time between instants."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func

from salesmode.database.environment import Environment, getter, shifted
from salesmode.database.sqlite_functions import first_day
from salesmode.database.statement import Dialect, slot_from
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.buckets import WEEK_DAYS
from salesmode.fieldtypes.datetime import instant
from salesmode.fieldtypes.sql import substring, text_literal
from salesmode.model.app import App
from salesmode.model.field import Field
from salesmode.queries.pick import Leaf
from salesmode.tables.engine import plain_field

_WHOLE_SECONDS = len("2026-01-31T08:00:00")
_INSTANT = plain_field("datetime")
_UNITS = {"DAY": "d", "WEEK": "w", "MONTH": "mo", "QUARTER": "q", "YEAR": "y"}


def during(
    at: ColumnElement[Any], since: Leaf | None, until: Leaf | None, dialect: Dialect
) -> Iterator[ColumnElement[bool]]:
    """Conditions that an instant lies on one of the days from `since` to `until`, both included."""
    if since is not None:
        yield at >= _beginning(since, 0, dialect)
    if until is not None:
        yield at < _beginning(until, 1, dialect)


def _beginning(leaf: Leaf, later: int, dialect: Dialect) -> ColumnElement[Any]:
    """The beginning of the day, or of one so many days later."""
    type_ = field_type("datetime")
    encode = type_.encode(_INSTANT, dialect)
    return slot_from(_finder(leaf, later), type_.bind_type(_INSTANT, dialect), encode)


def _finder(leaf: Leaf, later: int) -> Callable[[Environment], object]:
    find = getter(leaf)

    def beginning(environment: Environment) -> object:
        day = find(environment)
        assert isinstance(day, date), "an argument of the type Date"
        try:
            return instant(day + timedelta(days=later), environment)
        except OverflowError:  # the calendar ends here
            return datetime.max.replace(tzinfo=UTC) if later else datetime.min.replace(tzinfo=UTC)

    return beginning


@dataclass(frozen=True)
class Periods:
    """Periods of one `unit` (DAY … YEAR), counted from the one of the day `at`, or of today."""

    unit: str
    at: Leaf | None
    app: App

    def start(self, later: int, field: Field, dialect: Dialect) -> ColumnElement[Any]:
        """The beginning of the period that is so many later, as a value of the date or datetime `field`."""
        type_, find = field_type(field.type), self.day(later)

        def beginning(environment: Environment) -> object:
            return instant(find(environment), environment)

        value = find if field.type == "date" else beginning
        return slot_from(value, type_.bind_type(field, dialect), type_.encode(field, dialect))

    def day(self, later: int, before: int = 0) -> Callable[[Environment], date]:
        """Its first day, or one so many days before that."""
        week = WEEK_DAYS.index(self.app.week_start)
        asked: Callable[[Environment], object] = (lambda _: None) if self.at is None else getter(self.at)

        def first(environment: Environment) -> date:
            day = asked(environment) or environment.now.astimezone(environment.timezone).date()
            assert isinstance(day, date), "an argument of the type Date"
            try:
                found = shifted(first_day(day, self.unit, week), later, _UNITS[self.unit])
                assert isinstance(found, date)
                return found - timedelta(days=before)
            except (OverflowError, ValueError):  # the calendar ends here
                return date.max if later > 0 else date.min

        return first


def seconds_between(
    begin: ColumnElement[Any], end: ColumnElement[Any], dialect: Dialect
) -> ColumnElement[int]:
    """From one instant to another, each in whole seconds; null without an end."""
    first, last = (_seconds(each, dialect) for each in (begin, end))
    return last - first


def _seconds(at: ColumnElement[Any], dialect: Dialect) -> ColumnElement[int]:
    if dialect == "sqlite":
        text = substring(at, 1, _WHOLE_SECONDS)
        return cast(func.strftime(text_literal("%s"), text), BigInteger())
    return cast(func.floor(func.date_part(text_literal("epoch"), at)), BigInteger())
