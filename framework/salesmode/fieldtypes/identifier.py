"""`id`: the key of a row, a UUID; and what references to rows have in common with it."""

import re
from typing import Any

from sqlalchemy import CHAR, ColumnElement
from sqlalchemy.dialects.postgresql import UUID
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.base import EQUALITY, FieldType, Invalid
from salesmode.fieldtypes.sql import as_text, quoted
from salesmode.model.field import Field

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def checked_id(value: object) -> str:
    """A hyphened UUID in lower case."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Invalid("not_an_id")
    return value.lower()


def id_column(dialect: Dialect) -> TypeEngine[Any]:
    """UUID, or 36 characters."""
    return UUID(as_uuid=False) if dialect == "postgresql" else CHAR(36)


class IdType(FieldType):
    """On PostgreSQL a UUID, whose order is that of its text on SQLite."""

    name = "id"
    scalar = "ID"
    operators = EQUALITY

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return id_column(dialect)

    def parse(self, field: Field, value: object) -> Any:
        return checked_id(value)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return quoted(expression if dialect == "sqlite" else as_text(expression))
