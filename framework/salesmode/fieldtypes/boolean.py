"""`boolean`: true or false."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, case
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import EQUALITY, FieldType, Invalid
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, or_null, text_literal
from salesmode.model.field import Field

_TEXTS = {"true": True, "false": False}


class BooleanType(FieldType):
    name = "boolean"
    scalar = "Boolean"
    operators = EQUALITY

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Boolean() if dialect == "postgresql" else Integer()

    def parse(self, field: Field, value: object) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value in _TEXTS:
            return _TEXTS[value]
        raise Invalid("not_a_boolean")

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return bool if dialect == "postgresql" else int

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return bool(value)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        if dialect == "postgresql":
            return or_null(as_text(expression))
        texts = {integer_literal(1): text_literal("true"), integer_literal(0): text_literal("false")}
        return case(texts, value=expression, else_=NULL_JSON)
