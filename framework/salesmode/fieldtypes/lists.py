"""What the types of lists have in common: PostgreSQL stores an array, SQLite the JSON text."""

from typing import Any, ClassVar

import orjson
from sqlalchemy import ColumnElement, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import LISTED, FieldType, Invalid
from salesmode.fieldtypes.sql import as_text, or_null
from salesmode.model.field import Field


class ListType(FieldType):
    """Distinct values of the type `element`, in the order given. A list that is null has no elements."""

    operators = LISTED
    many = True
    orderable = False
    element: ClassVar[FieldType]

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return ARRAY(self.element.bind_type(field, dialect)) if dialect == "postgresql" else Text()

    def parse(self, field: Field, value: object) -> Any:
        if not isinstance(value, list | tuple):
            raise Invalid("not_a_list")
        return tuple(dict.fromkeys(self.element.parse(field, each) for each in value))

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        return list if dialect == "postgresql" else lambda value: orjson.dumps(value).decode()

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return tuple(value if dialect == "postgresql" else orjson.loads(value))

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return or_null(as_text(func.array_to_json(expression)) if dialect == "postgresql" else expression)
