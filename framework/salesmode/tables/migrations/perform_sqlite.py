"""Runs steps on SQLite, which cannot change the constraints of a table that is there.

A table that needs it is made anew once for all such steps that come together, as it is after the last of them
(alembic's batch mode: a new table, the rows, the old name); its indexes are made again. SQLite does the rest.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy import ColumnElement

from salesmode.tables.migrations.conversion import rewrites
from salesmode.tables.migrations.operations import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    DropColumn,
    DropConstraint,
    Operation,
    RenameColumn,
)
from salesmode.tables.migrations.perform import Performer, standalone
from salesmode.tables.schema import sql_column
from salesmode.tables.shape import Check, Column, ForeignKey, Index, Shape


class SqlitePerformer(Performer):
    """As Performer, with tables made anew where it takes that.

    `_stale`: the table that has to be. `_left_out`: a column goes by not being in the new table.
    """

    def __init__(self, operations: Operations, shape: Shape) -> None:
        super().__init__(operations, shape)
        self._stale: str | None = None
        self._left_out = False

    def run(self, steps: Iterable[Operation]) -> None:
        for step in steps:
            if not self._waits(step):
                self._make_anew()
            self.perform(step)
            self.shape = step.after(self.shape)
        self._make_anew()

    def _waits(self, step: Operation) -> bool:
        """Whether a step can come while its table is stale."""
        match step:
            case AddConstraint() if isinstance(step.constraint, Index):
                return False
            case AddColumn() | RenameColumn():
                return step.table == self._stale and not self._left_out
            case ChangeColumn() if rewrites(step.old, step.new):
                return False
            case AddConstraint() | DropConstraint() | DropColumn() | ChangeColumn():
                return step.table == self._stale
            case _:
                return False

    def _make_anew(self) -> None:
        if self._stale is None:
            return
        table = self.shape.table(self._stale)
        self._stale, self._left_out = None, False
        made = standalone(table)
        with self.operations.batch_alter_table(table.name, copy_from=made, recreate="always"):
            pass
        for index in table.indexes:
            self.create_index(index, made)

    def drop_column(self, table: str, column: Column, /) -> None:
        if table == self._stale:
            self._left_out = True
        else:
            super().drop_column(table, column)

    def rename_table(self, old: str, new: str) -> None:
        self.operations.rename_table(old, new)

    def change_type(self, step: ChangeColumn, table: sa.TableClause, value: ColumnElement[Any], /) -> None:
        """A new column takes the place of the old one, whose affinity might change what is written to it."""
        aside = replace(step.new, name=f"sm_{step.new.name}", nullable=True)
        self.operations.add_column(step.table, sql_column(aside))
        table.append_column(sa.column(aside.name))
        self.operations.execute(sa.update(table).values({aside.name: value}))
        self.operations.drop_column(step.table, step.old.name)
        self.operations.alter_column(step.table, aside.name, new_column_name=step.new.name)
        if not step.new.nullable:
            self._stale = step.table

    def set_nullable(self, table: str, _: Column, /) -> None:
        self._stale = table

    def add_foreign_key(self, table: str, _: ForeignKey, /) -> None:
        self._stale = table

    def add_check(self, table: str, _: Check, /) -> None:
        self._stale = table

    def drop_constraint(self, table: str, _: ForeignKey | Check, /) -> None:
        self._stale = table


def performer(operations: Operations, before: Shape) -> Performer:
    """The one that fits the shape's engine."""
    return (
        SqlitePerformer(operations, before) if before.dialect == "sqlite" else Performer(operations, before)
    )
