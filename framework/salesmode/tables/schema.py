"""From a shape to SQLAlchemy's tables: the one place where columns, indexes and constraints become SQL."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine, UserDefinedType

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import fold
from salesmode.tables.names import constraint_name
from salesmode.tables.shape import Check, Column, ForeignKey, Index, Part, Table

Types = Mapping[str, TypeEngine[Any]]


class Verbatim(UserDefinedType[Any]):
    """A type known only by its SQL."""

    cache_ok = True

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def get_col_spec(self, **_: object) -> str:
        return self.sql


def sql_column(column: Column, type_: TypeEngine[Any] | None = None) -> sa.Column[Any]:
    """A new column that belongs to no table yet."""
    return sa.Column(column.name, type_ or Verbatim(column.type), nullable=column.nullable)


def sql_table(table: Table, metadata: sa.MetaData, *, types: Types | None = None) -> sa.Table:
    """The table with its constraints, but without its indexes; types are verbatim unless given."""
    types = types or {}
    return sa.Table(
        table.name,
        metadata,
        *(sql_column(each, types.get(each.name)) for each in table.columns),
        sa.PrimaryKeyConstraint(table.columns[0].name, name=constraint_name("pk", table.name)),
        *(sql_foreign_key(each) for each in table.foreign_keys),
        *(sa.CheckConstraint(check_condition(each), name=each.name) for each in table.checks),
    )


def sql_foreign_key(key: ForeignKey) -> sa.ForeignKeyConstraint:
    """Checked at the end of the transaction, so that a batch needs no order."""
    return sa.ForeignKeyConstraint(
        [key.column], [f"{key.target}.id"], name=key.name, deferrable=True, initially="DEFERRED"
    )


def check_condition(check: Check, column: sa.ColumnElement[Any] | None = None) -> sa.ColumnElement[bool]:
    """Whether the column is in its range; null is. Batch mode would take a literal column for a column."""
    value = sa.column(check.column) if column is None else column
    ends = [(value.__ge__, check.low), (value.__le__, check.high)]
    return sa.and_(*(compare(sa.text(end)) for compare, end in ends if end is not None))


def sql_index(index: Index, table: sa.Table, dialect: Dialect) -> sa.Index:
    """Attached to the table."""
    living = sa.column("deleted_at").is_(None) if index.living else None
    return sa.Index(
        index.name,
        *(part_expression(each, table.c[each.column], dialect) for each in index.parts),
        unique=index.unique,
        sqlite_where=living,
        postgresql_where=living,
    )


def part_expression(part: Part, column: sa.ColumnElement[Any], dialect: Dialect) -> sa.ColumnElement[Any]:
    """What the index holds for one part."""
    if part.fold:
        return fold(column, dialect)
    return column.desc().nulls_last() if part.descending else column
