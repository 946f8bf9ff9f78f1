"""One use of a table in a statement: an alias whose columns are made when they are named.

SQLAlchemy's own alias copies every column of its table, which is most of what composing a statement costs
where tables are wide.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnClause, FromClause, Table
from sqlalchemy.sql.selectable import Alias


def use_of(table: Table) -> FromClause:
    """A fresh alias of the table."""
    return _Use._construct(table)


class _Columns:
    """By attribute and by key, as in SQLAlchemy's collections."""

    def __init__(self, use: "_Use", table: Table) -> None:
        self._use = use
        self._table = table
        self._made: dict[str, ColumnClause[Any]] = {}

    def __getitem__(self, name: str) -> ColumnClause[Any]:
        found = self._made.get(name)
        if found is None:
            type_ = self._table.c[name].type
            found = self._made[name] = ColumnClause(name, type_, _selectable=self._use)
        return found

    def __getattr__(self, name: str) -> ColumnClause[Any]:
        if name.startswith("_") or name not in self:
            raise AttributeError(name)
        return self[name]

    def __contains__(self, name: str) -> bool:
        return name in self._table.c

    def __iter__(self) -> Iterator[ColumnClause[Any]]:
        return (self[each.name] for each in self._table.c)


class _Use(Alias):
    inherit_cache = False
    element: Table

    @cached_property
    def c(self) -> _Columns:  # type: ignore[override]
        return _Columns(self, self.element)
