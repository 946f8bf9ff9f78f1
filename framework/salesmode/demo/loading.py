"""Puts records into the tables: one statement per object, many rows at a time, all in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import ManyStep
from salesmode.demo.generation import Records
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.records.keeping import keep_everything
from salesmode.records.numbering import reserve
from salesmode.tables import Tables

BATCH = 2000

Told = Callable[[Records, int], None]


async def load(database: Database, tables: Tables, records: Sequence[Records], *, told: Told) -> None:
    """Insert `records`, in their order, or nothing at all. No history is written and no hook runs.

    `told` hears how many rows of an object are in; the driver calls it, perhaps from another thread, and
    starts again at the first object if it has to. Raises ConstraintViolation where rows clash with others.
    """
    await database.run(lambda: _unit(tables, records, told))
    await database.with_connection(tables.measure)


async def unload(database: Database, tables: Tables) -> None:
    """Take all records out of the tables again, whoever made them; what is applied stays."""
    await database.with_connection(tables.empty)


def _unit(tables: Tables, records: Sequence[Records], told: Told) -> UnitOf[None]:
    environment = Environment({}, {}, datetime.now(UTC), ZoneInfo(tables.model.app.timezone))
    for each in records:
        statement = _insert(tables, each)
        for start in range(0, len(each.rows), BATCH):
            yield ManyStep(statement.sql, list(_bound(statement, each, start, environment)))
            told(each, min(start + BATCH, len(each.rows)))
        for field in each.of.fields.values():
            if field.type == "auto_number":
                yield from reserve(tables, each.of, field, len(each.rows), environment=environment)
    yield from keep_everything(tables)


def _insert(tables: Tables, records: Records) -> Statement:
    """An INSERT whose values are found by field name."""
    fields = records.of.fields
    values = {
        field.column: slot_of(Argument((field.name,)), field, tables.dialect)
        for field in fields.values()
        if field.stored
    }
    return render(sa.insert(tables.table(records.of.name)).values(values), tables.dialect)


def _bound(
    statement: Statement, records: Records, start: int, environment: Environment
) -> Iterator[tuple[object, ...]]:
    for row in records.rows[start : start + BATCH]:
        yield statement.bind(environment.with_variables(row))
