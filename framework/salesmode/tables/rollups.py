"""What a stored rollup is made of, as SQL without places for values: so a migration can compute it for the
rows that are there, and sees that it is another one than before.
"""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from salesmode.conditions.columns import where_it_applies
from salesmode.conditions.rollups import compile_rollup
from salesmode.conditions.scope import Readable, Source
from salesmode.conditions.use import use_of
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.model.app import Model
from salesmode.model.computed import Rollup
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.tables.columns import bare_table, column_types
from salesmode.tables.literals import literal_sql

_PLACE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$[0-9]+|\?")


@dataclass(frozen=True)
class _Columns:
    """A scope of living rows and their columns: all that a stored rollup may look at."""

    model: Model
    dialect: Dialect

    def source(self, object_name: str) -> Source:
        object_ = self.model.objects[object_name]
        return Source(object_, use_of(bare_table(object_.table, column_types(object_, self.dialect))))

    def rows(self, source: Source) -> ColumnElement[bool]:
        found: ColumnElement[bool] = source.table.c.deleted_at.is_(None)
        return found

    def readable(self, source: Source, field: str) -> Readable:
        return where_it_applies(source.object.fields[field], source)

    def cell(self, source: Source, field: str) -> Readable:
        return self.readable(source, field)


def rollup_sql(field: Field, object_: Object, model: Model, dialect: Dialect, now: Environment) -> str | None:
    """The value of a stored rollup on a row of its table; None for any other field."""
    if not isinstance(field.computed, Rollup) or not field.computed.stored:
        return None
    owner = Source(object_, bare_table(object_.table, column_types(object_, dialect)))
    value = compile_rollup(field.computed, field, owner, _Columns(model, dialect))
    statement = render(select(value.label("value")).select_from(owner.table), dialect)
    return _expression(_written_out(statement, now))


def _written_out(statement: Statement, now: Environment) -> str:
    """The statement with its values in their places."""
    values = iter([literal_sql(each.value(now)) for each in statement.slots])
    return _PLACE.sub(lambda found: next(values) if found[0][0] in "$?" else found[0], statement.sql)


def _expression(statement: str) -> str:
    """What is selected, in brackets as it stands."""
    return statement.removeprefix("SELECT ").rpartition(" AS value")[0]
