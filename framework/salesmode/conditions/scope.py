"""What a condition needs to know of where it is compiled: rows and columns, and whose rights hold."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause

from salesmode.database.statement import Dialect
from salesmode.model.app import Model
from salesmode.model.object import Object


@dataclass(frozen=True)
class Source:
    """One use of an object's table in a statement: its own alias. `optional`: joined so that it may be a
    row of nulls.
    """

    object: Object
    table: FromClause
    optional: bool = False


@dataclass(frozen=True)
class Readable:
    """A field of a source as this scope may read it.

    `value` is what selects, orders and groups: the raw column, or null where it may not be read.
    `raw` and `guard` are the same in two parts: `guard` (None: always) says where `raw` may be read. A null-
    rejecting comparison uses `guard AND raw op …`, which keeps the column's index; anything else uses
    `value`.
    """

    value: ColumnElement[Any]
    raw: ColumnElement[Any]
    guard: ColumnElement[bool] | None = None


class Scope(Protocol):
    """The one way from a name to a column. Two exist: the system's (everything) and a policy's
    (`access.scope`).
    """

    @property
    def dialect(self) -> Dialect: ...

    @property
    def model(self) -> Model: ...

    def source(self, object_name: str) -> Source:
        """A fresh alias of that object's table."""
        ...

    def rows(self, source: Source) -> ColumnElement[bool]:
        """Which rows of the source exist for this scope: living ones, and for a policy those it may read."""
        ...

    def readable(self, source: Source, field: str) -> Readable:
        """The field as this scope reads it: a reference to a row that the scope does not have is null, and a
        list is without such. A name it may not read is a programmer's error here, refused before.
        """
        ...

    def cell(self, source: Source, field: str) -> Readable:
        """The field by its own right alone, for whoever follows it and asks `rows` of where it leads."""
        ...
