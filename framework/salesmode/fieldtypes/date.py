"""`date`: a day without a zone."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Text, func
from sqlalchemy.types import TypeEngine

from salesmode.database.environment import Environment, getter
from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import ORDERED, FieldType, Invalid
from salesmode.fieldtypes.sql import NULL_JSON, as_text, or_null, quoted, substring, text_literal
from salesmode.model.condition import Value
from salesmode.model.field import Field, Mask

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DateType(FieldType):
    """SQLite stores the ISO text. Compared with a date, an instant is its day in the app's zone."""

    name = "date"
    scalar = "Date"
    operators = ORDERED

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Date() if dialect == "postgresql" else Text()

    def parse(self, field: Field, value: object) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if not isinstance(value, str) or not _ISO.fullmatch(value):
            raise Invalid("not_a_date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Invalid("not_a_date") from None

    def finder(self, value: Value) -> Callable[[Environment], object]:
        find = getter(value)
        return lambda environment: day(find(environment), environment)

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return date.isoformat if dialect == "sqlite" else lambda value: value

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return date.fromisoformat(value) if dialect == "sqlite" else value

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        if dialect == "sqlite":
            return quoted(expression)
        return or_null(as_text(func.to_json(expression)))

    def mask(
        self, field: Field, expression: ColumnElement[Any], mask: Mask, dialect: Dialect
    ) -> ColumnElement[str]:
        if mask.name != "bucket":
            return NULL_JSON
        iso = expression if dialect == "sqlite" else func.to_char(expression, text_literal("YYYY-MM-DD"))
        return quoted(substring(iso, 1, 4).concat(text_literal("-01-01")))


def day(found: Any, environment: Environment) -> Any:
    """A day as itself, an instant as the day it falls on; lists too."""
    if isinstance(found, tuple | list):
        return tuple(day(each, environment) for each in found)
    return found.astimezone(environment.timezone).date() if isinstance(found, datetime) else found
