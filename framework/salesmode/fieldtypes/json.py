"""`json`: any JSON value that both engines can store. It can be shown and replaced, but not compared."""

import math
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import FieldType, Invalid
from salesmode.fieldtypes.sql import as_text, or_null
from salesmode.fieldtypes.text import checked_text
from salesmode.model.field import Field


class JsonType(FieldType):
    name = "json"
    scalar = "JSON"
    operators = ("isNull",)
    orderable = False

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return JSONB() if dialect == "postgresql" else Text()

    def parse(self, field: Field, value: object) -> Any:
        try:
            plain = orjson.loads(orjson.dumps(value, default=_number))
        except (TypeError, ValueError):
            raise Invalid("not_json") from None
        _check_texts(plain)
        return plain

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return lambda value: orjson.dumps(value).decode()

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return orjson.loads(value)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return or_null(as_text(expression) if dialect == "postgresql" else expression)


def _number(value: object) -> float:
    """A decimal of YAML; JSON's numbers are what its readers make of them."""
    if not isinstance(value, Decimal) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _check_texts(value: object) -> None:
    """Raises Invalid for a text, or the key of an object, that cannot be stored."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                checked_text(text)
            case list() as items:
                waiting += items
            case dict() as entries:
                waiting += [*entries, *entries.values()]
