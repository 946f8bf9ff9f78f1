"""Where a condition stands while it is compiled."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, literal_column, select

from salesmode.conditions.scope import Readable, Scope, Source
from salesmode.database.statement import Dialect
from salesmode.model.field import Field

ONE: ColumnElement[Any] = literal_column("1")


def some(rows: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether one of the rows satisfies the conditions; what else they name belongs to statements around."""
    return exists(select(ONE).select_from(rows).where(*conditions).correlate_except(rows))


@dataclass(frozen=True)
class Place:
    """The row in question (`source`), whose rights hold (`scope`), and the row that `$row` means (`root`)."""

    source: Source
    scope: Scope
    root: Source

    @property
    def dialect(self) -> Dialect:
        return self.scope.dialect

    def at(self, source: Source) -> "Place":
        """The same condition, further along a relation."""
        return replace(self, source=source)

    def field(self, name: str) -> Field:
        return self.source.object.fields[name]

    def readable(self, name: str) -> Readable:
        return self.scope.readable(self.source, name)
