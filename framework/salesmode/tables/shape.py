"""The shape of a database: plain, frozen values that can be compared, stored as JSON and read back.

A shape says everything that makes two databases of one engine differ, types as that engine spells them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field as also, replace
from functools import cached_property

from salesmode.database.statement import Dialect


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `type` is SQL; `kind` is the field's type, which may mean more than its SQL type does.

    `field`: the field that it stores, None for the engine's own. `max_length` and `options` constrain
    nothing in the database, but rows may contradict new ones. `fill` and what follows is how to get there,
    no part of what the column is: SQL for rows without a value, the field's old name, old and new names of
    options. Options are in the order of their names: another order is no other shape. `computed`: the value
    of a stored rollup, in SQL, on a row of the table.
    """

    name: str
    type: str
    nullable: bool = True
    field: str | None = None
    kind: str = ""
    scale: int = 0
    max_length: int | None = None
    options: tuple[str, ...] | None = None
    computed: str | None = None
    fill: str | None = also(default=None, compare=False)
    renamed_from: str | None = also(default=None, compare=False)
    renamed_options: tuple[tuple[str, str], ...] = also(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an index: a column as it is, folded, or from the largest down (nulls last)."""

    column: str
    fold: bool = False
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index; `living`: only over rows that are not deleted."""

    name: str
    parts: tuple[Part, ...]
    unique: bool = False
    living: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(part.column for part in self.parts)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A reference to the id of `target`, checked when the transaction ends."""

    name: str
    column: str
    target: str


@dataclass(frozen=True, slots=True)
class Check:
    """A column's range, in numbers as they are stored; an end that is None is open."""

    name: str
    column: str
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table; the first column is the primary key. `object` is None for the engine's own tables."""

    name: str
    object: str | None
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    renamed_from: str | None = also(default=None, compare=False)

    def column(self, name: str) -> Column:
        """The column of that name, or a LookupError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise LookupError(f"{self.name}.{name}")

    def label(self, column: str) -> str:
        """How an implementer knows the column: `customer.grade`."""
        found = next((each for each in self.columns if each.name == column and each.field), None)
        return f"{self.object or self.name}.{found.field if found and found.field else column}"


@dataclass(frozen=True)
class Shape:
    """All tables of one database."""

    dialect: Dialect
    tables: tuple[Table, ...] = ()

    @cached_property
    def _named(self) -> Mapping[str, Table]:
        return {table.name: table for table in self.tables}

    def table(self, name: str) -> Table:
        """The table of that name, or a LookupError."""
        return self._named[name]

    def has(self, name: str) -> bool:
        return name in self._named

    def with_table(self, table: Table, *, instead_of: str | None = None) -> "Shape":
        """The same with `table` added, or put in the place of another."""
        if instead_of is None:
            return replace(self, tables=(*self.tables, table))
        self.table(instead_of)
        return replace(self, tables=tuple(table if each.name == instead_of else each for each in self.tables))

    def without_table(self, name: str) -> "Shape":
        self.table(name)
        return replace(self, tables=tuple(each for each in self.tables if each.name != name))
