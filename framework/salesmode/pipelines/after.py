"""A row as a move would leave it: the same columns, but for those that a move itself writes."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, null

from salesmode.conditions.scope import Source
from salesmode.database.statement import Dialect
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import Moment, UserValue
from salesmode.model.pipeline import CLOSED_AT, STAGE, STAGE_SINCE, STATUS, Pipeline, Stage

MOVED = frozenset({STAGE, STATUS, STAGE_SINCE, CLOSED_AT, "version", "updated_at", "updated_by"})
"""The fields that every move writes."""


def after(source: Source, pipeline: Pipeline, target: Stage, dialect: Dialect) -> Source:
    """The row of `source` as it would be in that place of its pipeline."""
    fields = source.object.fields
    now = slot_of(Moment("now"), fields["updated_at"], dialect)
    written: dict[str, ColumnElement[Any]] = {
        STAGE: text_literal(target.name) if pipeline.staged else null(),
        STATUS: text_literal(target.status),
        STAGE_SINCE: now,
        CLOSED_AT: now if target.closes else null(),
        "version": source.table.c.version + 1,
        "updated_at": now,
        "updated_by": slot_of(UserValue("id"), fields["updated_by"], dialect),
    }
    columns = {fields[name].column: value for name, value in written.items() if name in fields}
    moved = cast(FromClause, _Moved(_Columns(source.table, columns)))
    return Source(source.object, moved, source.optional)


class _Columns:
    """By attribute and by key, as in SQLAlchemy's collections."""

    def __init__(self, table: FromClause, written: Mapping[str, ColumnElement[Any]]) -> None:
        self._table = table
        self._written = written

    def __getitem__(self, name: str) -> ColumnElement[Any]:
        found = self._written.get(name)
        return self._table.c[name] if found is None else found

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        return self[name]


class _Moved:
    """What conditions look at of a table: its columns."""

    def __init__(self, columns: _Columns) -> None:
        self.c = columns
