"""The steps of a migration: frozen values that can be turned round, stored as JSON, rendered and performed.

Each says what it makes of a shape (`after`), and raises LookupError where it does not fit. Steps come one
after the other: each speaks of tables and columns by the names they have at that point.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from salesmode.tables.shape import Check, Column, ForeignKey, Index, Shape, Table

Constraint = Index | ForeignKey | Check
Named = TypeVar("Named", Column, ForeignKey, Index, Check)


@dataclass(frozen=True, slots=True)
class Operation(ABC):
    """One step on one table. `lossy`: what it takes away cannot be brought back."""

    @property
    def lossy(self) -> bool:
        return False

    @abstractmethod
    def reverse(self) -> "Operation":
        """The step back."""

    @abstractmethod
    def after(self, shape: Shape) -> Shape:
        """The shape after this step."""


@dataclass(frozen=True, slots=True)
class CreateTable(Operation):
    table: Table

    def reverse(self) -> "DropTable":
        return DropTable(self.table)

    def after(self, shape: Shape) -> Shape:
        if shape.has(self.table.name):
            raise LookupError(f"there is a table {self.table.name}")
        return shape.with_table(replace(self.table, columns=tuple(map(bare, self.table.columns))))


@dataclass(frozen=True, slots=True)
class DropTable(Operation):
    table: Table

    @property
    def lossy(self) -> bool:
        return True

    def reverse(self) -> CreateTable:
        return CreateTable(self.table)

    def after(self, shape: Shape) -> Shape:
        return shape.without_table(self.table.name)


@dataclass(frozen=True, slots=True)
class RenameTable(Operation):
    """Foreign keys follow; the object may get another name with the table or without."""

    old: str
    new: str
    old_object: str | None
    new_object: str | None

    def reverse(self) -> "RenameTable":
        return RenameTable(self.new, self.old, self.new_object, self.old_object)

    def after(self, shape: Shape) -> Shape:
        if self.new != self.old and shape.has(self.new):
            raise LookupError(f"there is a table {self.new}")
        renamed = replace(shape.table(self.old), name=self.new, object=self.new_object)
        tables = shape.with_table(renamed, instead_of=self.old).tables
        return replace(shape, tables=tuple(self._retargeted(each) for each in tables))

    def _retargeted(self, table: Table) -> Table:
        keys = tuple(
            replace(key, target=self.new) if key.target == self.old else key for key in table.foreign_keys
        )
        return replace(table, foreign_keys=keys)


@dataclass(frozen=True, slots=True)
class AddColumn(Operation):
    """Rows that are there already get the column's `fill`."""

    table: str
    column: Column

    def reverse(self) -> "DropColumn":
        return DropColumn(self.table, self.column)

    def after(self, shape: Shape) -> Shape:
        return _changed(shape, self.table, lambda table: _with_column(table, self.column))


@dataclass(frozen=True, slots=True)
class DropColumn(Operation):
    """Indexes and constraints of the column are gone before. What was computed is no loss."""

    table: str
    column: Column

    @property
    def lossy(self) -> bool:
        return self.column.computed is None

    def reverse(self) -> AddColumn:
        return AddColumn(self.table, replace(self.column, computed=None))

    def after(self, shape: Shape) -> Shape:
        return _changed(shape, self.table, lambda table: _without_column(table, self.column.name))


@dataclass(frozen=True, slots=True)
class RenameColumn(Operation):
    """The field may get another name with the column or without."""

    table: str
    old: str
    new: str
    old_field: str | None
    new_field: str | None

    def reverse(self) -> "RenameColumn":
        return RenameColumn(self.table, self.new, self.old, self.new_field, self.old_field)

    def after(self, shape: Shape) -> Shape:
        return _changed(shape, self.table, self._rename)

    def _rename(self, table: Table) -> Table:
        renamed = replace(table.column(self.old), name=self.new, field=self.new_field)
        if self.new != self.old and any(each.name == self.new for each in table.columns):
            raise LookupError(f"there is a column {self.new}")
        return replace(
            table, columns=tuple(renamed if each.name == self.old else each for each in table.columns)
        )


@dataclass(frozen=True, slots=True)
class ChangeColumn(Operation):
    """Another type that keeps the values, another length, other options, or whether it may be empty."""

    table: str
    old: Column
    new: Column

    def reverse(self) -> "ChangeColumn":
        back = tuple((new, old) for old, new in self.new.renamed_options)
        return ChangeColumn(self.table, bare(self.new), replace(bare(self.old), renamed_options=back))

    def after(self, shape: Shape) -> Shape:
        return _changed(shape, self.table, lambda table: _with_changed_column(table, bare(self.new)))


@dataclass(frozen=True, slots=True)
class ReplaceColumn(Operation):
    """Another type that has nothing to do with the old one: only where no row has a value, or all are
    computed.
    """

    table: str
    old: Column
    new: Column

    def reverse(self) -> "ReplaceColumn":
        return ReplaceColumn(self.table, self.new, replace(self.old, computed=None))

    def after(self, shape: Shape) -> Shape:
        return _changed(
            shape, self.table, lambda table: _with_column(_without_column(table, self.old.name), self.new)
        )


@dataclass(frozen=True, slots=True)
class ComputeColumn(Operation):
    """A stored rollup gets the value `new` in every row: when the tables that it looks at are right."""

    table: str
    column: str
    old: str | None
    new: str | None

    def reverse(self) -> "ComputeColumn":
        return ComputeColumn(self.table, self.column, self.new, self.old)

    def after(self, shape: Shape) -> Shape:
        return _changed(
            shape,
            self.table,
            lambda table: _with_changed_column(table, replace(table.column(self.column), computed=self.new)),
        )


@dataclass(frozen=True, slots=True)
class AddConstraint(Operation):
    table: str
    constraint: Constraint

    def reverse(self) -> "DropConstraint":
        return DropConstraint(self.table, self.constraint)

    def after(self, shape: Shape) -> Shape:
        if isinstance(self.constraint, ForeignKey):
            shape.table(self.constraint.target)
        return _changed(shape, self.table, self._add)

    def _add(self, table: Table) -> Table:
        match self.constraint:
            case Index():
                for column in self.constraint.columns:
                    table.column(column)
                return replace(table, indexes=_with(table.indexes, self.constraint))
            case ForeignKey():
                table.column(self.constraint.column)
                return replace(table, foreign_keys=_with(table.foreign_keys, self.constraint))
            case Check():
                table.column(self.constraint.column)
                return replace(table, checks=_with(table.checks, self.constraint))


@dataclass(frozen=True, slots=True)
class DropConstraint(Operation):
    table: str
    constraint: Constraint

    def reverse(self) -> AddConstraint:
        return AddConstraint(self.table, self.constraint)

    def after(self, shape: Shape) -> Shape:
        return _changed(shape, self.table, self._drop)

    def _drop(self, table: Table) -> Table:
        match self.constraint:
            case Index():
                return replace(table, indexes=_without(table.indexes, self.constraint))
            case ForeignKey():
                return replace(table, foreign_keys=_without(table.foreign_keys, self.constraint))
            case Check():
                return replace(table, checks=_without(table.checks, self.constraint))


def bare(column: Column) -> Column:
    """The column without how to get there."""
    if column.fill is None and column.renamed_from is None and not column.renamed_options:
        return column
    return replace(column, fill=None, renamed_from=None, renamed_options=())


def _changed(shape: Shape, name: str, change: Callable[[Table], Table]) -> Shape:
    return shape.with_table(change(shape.table(name)), instead_of=name)


def _with_column(table: Table, column: Column) -> Table:
    return replace(table, columns=_with(table.columns, bare(column)))


def _without_column(table: Table, name: str) -> Table:
    return replace(table, columns=_without(table.columns, table.column(name)))


def _with_changed_column(table: Table, column: Column) -> Table:
    table.column(column.name)
    return replace(
        table, columns=tuple(column if each.name == column.name else each for each in table.columns)
    )


def _with(items: tuple[Named, ...], item: Named) -> tuple[Named, ...]:
    if any(each.name == item.name for each in items):
        raise LookupError(f"there is a {item.name}")
    return items + (item,)  # noqa: RUF005


def _without(items: tuple[Named, ...], item: Named) -> tuple[Named, ...]:
    if all(each.name != item.name for each in items):
        raise LookupError(item.name)
    return tuple(each for each in items if each.name != item.name)
