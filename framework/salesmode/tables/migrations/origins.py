"""Where the values of tables and columns come from, in the database as it is before a script runs."""

from functools import singledispatchmethod
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, TableClause

from salesmode.fieldtypes.registry import known_type
from salesmode.model.pipeline import PIPELINE
from salesmode.tables.engine import plain_field
from salesmode.tables.migrations.conversion import conversion
from salesmode.tables.migrations.operations import (
    AddColumn,
    ChangeColumn,
    CreateTable,
    DropColumn,
    DropTable,
    Operation,
    RenameColumn,
    RenameTable,
    ReplaceColumn,
)
from salesmode.tables.migrations.options import renamed
from salesmode.tables.migrations.script import Script
from salesmode.tables.schema import Verbatim
from salesmode.tables.shape import Column, Shape, Table

Value = ColumnElement[Any] | None


def typed(column: Column, shape: Shape) -> sa.ColumnClause[Any]:
    """The column with a type that SQLAlchemy can reckon with."""
    known = known_type(column.kind)
    if known is None:
        return sa.column(column.name, Verbatim(column.type))
    return sa.column(column.name, known.column_type(plain_field(column.kind, column.scale), shape.dialect))


def source(table: Table, shape: Shape) -> TableClause:
    """The table with typed columns, to select from or to update."""
    return sa.table(table.name, *(typed(each, shape) for each in table.columns))


def changed(
    change: ChangeColumn, value: ColumnElement[Any], shape: Shape, pipeline: Value = None
) -> ColumnElement[Any]:
    """What a changed column holds, made of what it held; of a stage, in which `pipeline`."""
    names = change.new.renamed_options
    if names:
        value = renamed(change.old, value, names, dialect=shape.dialect, pipeline=pipeline)
    value = conversion(change.old, change.new, value, dialect=shape.dialect).value
    return sa.func.coalesce(value, filling(change.new)) if fills(change) else value


def fills(change: ChangeColumn) -> bool:
    """Whether the change puts the default where there is no value."""
    return change.old.nullable and not change.new.nullable and change.new.fill is not None


def filling(column: Column) -> ColumnElement[Any]:
    assert column.fill is not None
    return sa.literal_column(column.fill)


def touched(script: Script) -> frozenset[str]:
    """The tables of before that the script changes."""
    origins, names = Origins(script.before), set()
    for step in script.operations:
        name = step.table.name if isinstance(step, DropTable) else getattr(step, "table", None)
        table = origins.table(step.old) if isinstance(step, RenameTable) else origins.table(str(name))
        names |= set() if table is None else {table.name}
        origins.follow(step)
    return frozenset(names)


class Origins:
    """Follows a script, step by step; knows the present names of what was there before."""

    def __init__(self, before: Shape) -> None:
        self._shape = before
        self._tables: dict[str, TableClause] = {}
        self._values: dict[tuple[str, str], Value] = {}
        for table in before.tables:
            self._tables[table.name] = source(table, before)
            for column in self._tables[table.name].c:
                self._values[table.name, column.name] = column

    def table(self, name: str) -> TableClause | None:
        """The table that was there before, None for a new one."""
        return self._tables.get(name)

    def value(self, table: str, column: str) -> Value:
        """A column's values made of the old ones, None where every row is without."""
        return self._values[table, column]

    @singledispatchmethod
    def follow(self, operation: Operation) -> None:
        """Steps that move no values need no following."""

    @follow.register
    def _(self, step: CreateTable) -> None:
        self._values |= {(step.table.name, each.name): None for each in step.table.columns}

    @follow.register
    def _(self, step: DropTable) -> None:
        del self._tables[step.table.name]

    @follow.register
    def _(self, step: RenameTable) -> None:
        if step.old in self._tables:
            self._tables[step.new] = self._tables.pop(step.old)
        for table, column in [key for key in self._values if key[0] == step.old]:
            self._values[step.new, column] = self._values.pop((table, column))

    @follow.register
    def _(self, step: AddColumn) -> None:
        self._values[step.table, step.column.name] = filling(step.column) if step.column.fill else None

    @follow.register
    def _(self, step: DropColumn) -> None:
        del self._values[step.table, step.column.name]

    @follow.register
    def _(self, step: RenameColumn) -> None:
        self._values[step.table, step.new] = self._values.pop((step.table, step.old))

    @follow.register
    def _(self, step: ChangeColumn) -> None:
        value = self._values[step.table, step.old.name]
        if value is not None:
            pipeline = self._values.get((step.table, PIPELINE))
            self._values[step.table, step.new.name] = changed(step, value, self._shape, pipeline)

    @follow.register
    def _(self, step: ReplaceColumn) -> None:
        del self._values[step.table, step.old.name]
        self._values[step.table, step.new.name] = filling(step.new) if step.new.fill else None
