"""The columns of an object's table, with SQLAlchemy's types."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.model.object import Object


def column_types(object_: Object, dialect: Dialect) -> dict[str, TypeEngine[Any]]:
    """The types of the columns, `deleted_at` included."""
    types = {
        each.column: field_type(each.type).column_type(each, dialect)
        for each in object_.fields.values()
        if each.stored
    }
    return types | {"deleted_at": types["created_at"]}


def bare_table(name: str, types: Mapping[str, TypeEngine[Any]]) -> sa.Table:
    """A table to compose statements with, which need its columns only."""
    return sa.Table(name, sa.MetaData(), *(sa.Column(column, type_) for column, type_ in types.items()))
