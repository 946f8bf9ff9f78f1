"""Runs steps by alembic's operations, against a connection or into a text of SQL."""

from collections.abc import Iterable
from dataclasses import replace
from functools import singledispatchmethod
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from sqlalchemy import ColumnElement

from salesmode.database.statement import DIALECTS
from salesmode.fieldtypes.sql import integer_literal, substring, text_literal
from salesmode.model.pipeline import PIPELINE
from salesmode.tables.engine import CHANGE, SEQUENCE
from salesmode.tables.migrations.conversion import conversion
from salesmode.tables.migrations.operations import (
    AddColumn,
    AddConstraint,
    ChangeColumn,
    ComputeColumn,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropTable,
    Operation,
    RenameColumn,
    RenameTable,
    ReplaceColumn,
)
from salesmode.tables.migrations.options import has, qualified, renamed
from salesmode.tables.migrations.origins import filling, fills, source
from salesmode.tables.names import constraint_name
from salesmode.tables.schema import Verbatim, check_condition, sql_column, sql_index, sql_table
from salesmode.tables.shape import Check, Column, ForeignKey, Index, Shape, Table


class Performer:
    """Performs steps one after the other; as they stand here, they are PostgreSQL's.

    Tables and indexes go straight to alembic's dialect: its operations would copy each of them twice.
    """

    def __init__(self, operations: Operations, shape: Shape) -> None:
        self.operations = operations
        self.shape = shape

    def run(self, steps: Iterable[Operation]) -> None:
        """All of them, each on the shape that those before it made."""
        for step in steps:
            self.perform(step)
            self.shape = step.after(self.shape)

    @singledispatchmethod
    def perform(self, step: Operation) -> None:
        """One step."""
        raise AssertionError(step)

    @perform.register
    def _(self, step: CreateTable) -> None:
        made = standalone(step.table)
        self.operations.impl.create_table(made)
        for index in step.table.indexes:
            self.create_index(index, made)

    @perform.register
    def _(self, step: DropTable) -> None:
        self.operations.drop_table(step.table.name)

    @perform.register
    def _(self, step: RenameTable) -> None:
        if step.new != step.old:
            self.rename_table(step.old, step.new)
        if step.old_object and step.new_object and step.old_object != step.new_object:
            self._retell(step.old_object, step.new_object)

    @perform.register
    def _(self, step: AddColumn) -> None:
        column = step.column
        self.operations.add_column(step.table, sql_column(replace(column, nullable=True)))
        if column.fill is not None:
            values = {column.name: filling(column)}
            self.operations.execute(sa.update(sa.table(step.table, sa.column(column.name))).values(values))
        if not column.nullable:
            self.set_nullable(step.table, column)

    @perform.register
    def _(self, step: DropColumn) -> None:
        self.drop_column(step.table, step.column)

    @perform.register
    def _(self, step: RenameColumn) -> None:
        if step.new != step.old:
            self.operations.alter_column(step.table, step.old, new_column_name=step.new)
        name = self.shape.table(step.table).object
        if name and step.old_field and step.new_field and step.old_field != step.new_field:
            self._retell(name, name, field=(step.old_field, step.new_field))

    @perform.register
    def _(self, step: ReplaceColumn) -> None:
        self.perform(DropColumn(step.table, step.old))
        self.perform(AddColumn(step.table, step.new))

    @perform.register
    def _(self, step: ChangeColumn) -> None:
        table = source(self.shape.table(step.table), self.shape)
        value = table.c[step.old.name]
        self._rename_options(step, table)
        converted = conversion(step.old, step.new, value, dialect=self.shape.dialect).value
        if step.old.type != step.new.type:
            self.change_type(step, table, converted)
        elif converted is not value:
            self.operations.execute(sa.update(table).values({step.new.name: converted}))
        if fills(step):
            values = {step.new.name: filling(step.new)}
            self.operations.execute(sa.update(table).values(values).where(value.is_(None)))
        if step.old.nullable != step.new.nullable:
            self.set_nullable(step.table, step.new)

    @perform.register
    def _(self, step: ComputeColumn) -> None:
        if step.new is not None:
            table = sa.table(step.table, sa.column(step.column))
            self.operations.execute(sa.update(table).values({step.column: sa.literal_column(step.new)}))

    @perform.register
    def _(self, step: AddConstraint) -> None:
        match step.constraint:
            case Index():
                self.create_index(step.constraint, standalone(self.shape.table(step.table)))
            case ForeignKey():
                self.add_foreign_key(step.table, step.constraint)
            case Check():
                self.add_check(step.table, step.constraint)

    @perform.register
    def _(self, step: DropConstraint) -> None:
        match step.constraint:
            case Index():
                self.operations.drop_index(step.constraint.name, table_name=step.table)
            case ForeignKey() | Check():
                self.drop_constraint(step.table, step.constraint)

    def create_index(self, index: Index, table: sa.Table) -> None:
        self.operations.impl.create_index(sql_index(index, table, self.shape.dialect))

    def drop_column(self, table: str, column: Column, /) -> None:
        self.operations.drop_column(table, column.name)

    def rename_table(self, old: str, new: str) -> None:
        """The key's index must follow: its name would stand in the way of a new table of the old name."""
        self.operations.rename_table(old, new)
        table, before, after = map(quoted, (new, constraint_name("pk", old), constraint_name("pk", new)))
        self.operations.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}")

    def change_type(self, step: ChangeColumn, _: sa.TableClause, value: ColumnElement[Any], /) -> None:
        using = value.compile(dialect=DIALECTS["postgresql"], compile_kwargs={"literal_binds": True})
        self.operations.alter_column(
            step.table, step.new.name, type_=Verbatim(step.new.type), postgresql_using=str(using)
        )

    def set_nullable(self, table: str, column: Column, /) -> None:
        self.operations.alter_column(table, column.name, nullable=column.nullable)

    def add_foreign_key(self, table: str, key: ForeignKey, /) -> None:
        self.operations.create_foreign_key(
            key.name, table, key.target, [key.column], ["id"], deferrable=True, initially="DEFERRED"
        )

    def add_check(self, table: str, check: Check, /) -> None:
        self.operations.create_check_constraint(check.name, table, check_condition(check))

    def drop_constraint(self, table: str, constraint: ForeignKey | Check, /) -> None:
        self.operations.drop_constraint(constraint.name, table, type_=constraint_type(constraint))

    def _retell(self, old: str, new: str, *, field: tuple[str, str] | None = None) -> None:
        """History and counters go by names, so they follow a rename."""
        change = sa.table(CHANGE, sa.column("object"), sa.column("field"))
        counter = sa.table(SEQUENCE, sa.column("name", sa.Text()))
        told, values = change.c.object == text_literal(old), {"object": text_literal(new)}
        counted = substring(counter.c.name, 1, len(old) + 1) == text_literal(f"{old}.")
        name = text_literal(new).concat(sa.func.substr(counter.c.name, integer_literal(len(old) + 1)))
        if field is not None:
            before, after = field
            told, values = told & (change.c.field == text_literal(before)), {"field": text_literal(after)}
            counted, name = counter.c.name == text_literal(f"{old}.{before}"), text_literal(f"{new}.{after}")
        self.operations.execute(sa.update(change).where(told).values(values))
        self.operations.execute(sa.update(counter).where(counted).values(name=name))

    def _rename_options(self, step: ChangeColumn, table: sa.TableClause) -> None:
        names = step.new.renamed_options
        if names:
            value, dialect, pipeline = table.c[step.old.name], self.shape.dialect, table.c.get(PIPELINE)
            found = qualified(step.old, value, pipeline)
            some = sa.or_(*(has(step.old, found, old, dialect=dialect) for old, _ in names))
            values = {step.old.name: renamed(step.old, value, names, dialect=dialect, pipeline=pipeline)}
            self.operations.execute(sa.update(table).values(values).where(some))


def standalone(table: Table) -> sa.Table:
    """The table with bare targets for its foreign keys."""
    metadata = sa.MetaData()
    for target in {key.target for key in table.foreign_keys} - {table.name}:
        sa.Table(target, metadata, sa.Column("id"))
    return sql_table(table, metadata)


def constraint_type(constraint: ForeignKey | Check) -> str:
    return "foreignkey" if isinstance(constraint, ForeignKey) else "check"


def quoted(name: str) -> str:
    return DIALECTS["postgresql"].identifier_preparer.quote(name)
