"""`big_integer`: 64 bits; a string in JSON, since clients' numbers have 53 (RULING 25)."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import as_text, quoted
from salesmode.fieldtypes.whole import WholeType
from salesmode.model.field import Field


class BigIntegerType(WholeType):
    name = "big_integer"
    scalar = "BigInt"
    bits = 64

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return BigInteger()

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return quoted(as_text(expression))
