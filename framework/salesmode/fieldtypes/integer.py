"""`integer`: 32 bits, GraphQL's Int (RULING 25)."""

from typing import Any

from sqlalchemy import Integer
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.whole import WholeType
from salesmode.model.field import Field


class IntegerType(WholeType):
    name = "integer"
    scalar = "Int"
    bits = 32

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Integer()
