"""`datetime`: an instant. In and out as RFC 3339, stored and returned in UTC."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from salesmode.database.environment import Environment, getter, utc
from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import ORDERED, FieldType, Invalid
from salesmode.fieldtypes.sql import NULL_JSON, quoted, substring, text_literal
from salesmode.model.condition import Value
from salesmode.model.field import Field, Mask

_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
# asyncpg takes the first and the last instant of the calendar for infinity.
_ENDS = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
_ISO = text_literal('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


class DateTimeType(FieldType):
    """SQLite stores `2026-01-31T08:00:00.000000Z`. A day stands for its beginning in the app's zone."""

    name = "datetime"
    scalar = "DateTime"
    operators = ORDERED

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return TIMESTAMP(timezone=True) if dialect == "postgresql" else Text()

    def parse(self, field: Field, value: object) -> Any:
        try:
            if isinstance(value, str) and _RFC_3339.fullmatch(value):
                value = datetime.fromisoformat(value.upper())
            if isinstance(value, datetime) and value.tzinfo is not None and value not in _ENDS:
                return value.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise Invalid("not_a_datetime")

    def finder(self, value: Value) -> Callable[[Environment], object]:
        find = getter(value)
        return lambda environment: instant(find(environment), environment)

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return stored_text if dialect == "sqlite" else lambda value: value

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return datetime.fromisoformat(value) if dialect == "sqlite" else value.astimezone(UTC)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        whole = func.replace(
            _iso(expression, dialect), text_literal(".000000Z"), text_literal("Z"), type_=Text()
        )
        return quoted(whole)

    def order_json(self, field: Field, key: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return quoted(_iso(key, dialect))

    def mask(
        self, field: Field, expression: ColumnElement[Any], mask: Mask, dialect: Dialect
    ) -> ColumnElement[str]:
        if mask.name != "bucket":
            return NULL_JSON
        return quoted(substring(_iso(expression, dialect), 1, 4).concat(text_literal("-01-01T00:00:00Z")))


def _iso(expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
    """The text with six places."""
    if dialect == "sqlite":
        return expression
    return func.to_char(func.timezone(text_literal("UTC"), expression), _ISO, type_=Text())


def stored_text(value: datetime) -> str:
    """As SQLite stores it: always 27 characters, so that texts sort as instants."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def instant(found: Any, environment: Environment) -> Any:
    """An instant as itself, a day as its beginning in the app's time zone; lists too."""
    if isinstance(found, tuple | list):
        return tuple(instant(each, environment) for each in found)
    return utc(found, environment.timezone) if isinstance(found, date) else found
