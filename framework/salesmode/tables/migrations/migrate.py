"""Plan, apply and undo: each is one transaction, and looks at the database as it is."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import filterfalse

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from salesmode.database.driver import Database
from salesmode.database.errors import SerializationFailure
from salesmode.database.statement import Dialect
from salesmode.model.app import Model
from salesmode.tables.describe import shape_of
from salesmode.tables.engine import METADATA
from salesmode.tables.migrations.catalog import Catalog, catalog, found
from salesmode.tables.migrations.compare import compare
from salesmode.tables.migrations.history import Applied, last, last_undoable, record
from salesmode.tables.migrations.operations import (
    AddColumn,
    ComputeColumn,
    CreateTable,
    DropColumn,
    Operation,
    ReplaceColumn,
)
from salesmode.tables.migrations.origins import touched
from salesmode.tables.migrations.perform import quoted
from salesmode.tables.migrations.perform_sqlite import performer
from salesmode.tables.migrations.plan import Plan, Refused, examine, harmless, without_loss, without_return
from salesmode.tables.migrations.script import Script
from salesmode.tables.migrations.wording import sentence
from salesmode.tables.shape import Shape

ALLOW = "say --allow-destructive if the values may go"
_LOCK = 0x53414C45534D4F44  # one number for all who migrate a database: "SALESMOD"
_LOCK_NOT_AVAILABLE = "55P03"


async def plan(database: Database, model: Model) -> Plan:
    """What `apply` would do. Changes nothing."""
    desired = shape_of(model, database.dialect)
    return await database.with_connection(lambda connection: _plan(connection, desired))


async def apply(database: Database, model: Model, *, allow_destructive: bool = False) -> Plan:
    """Bring the database to the model, wholly or not at all; with refusals in the plan nothing was done.

    Safe to call twice and from two machines at once: one waits for the other and finds nothing left to do.
    Raises SerializationFailure when the tables stay in use by others for too long.
    """
    desired = shape_of(model, database.dialect)
    return await _exclusively(
        database, lambda connection: _apply(connection, desired, model.version, allow=allow_destructive)
    )


async def undo(database: Database, *, allow_destructive: bool = False) -> Plan:
    """Take back the last `apply` that was not undone, but for what it dropped: that is told as gone.

    An apply that only dropped is refused, however often one asks; older ones are not taken back past it.
    What was added since is dropped again; where rows have values in it, only with `allow_destructive`.
    """
    return await _exclusively(
        database, lambda connection: _undo(connection, database.dialect, allow=allow_destructive)
    )


async def _exclusively(database: Database, function: Callable[[Connection], Plan]) -> Plan:
    try:
        return await database.with_connection(lambda connection: _in_turn(connection, function))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise SerializationFailure from error
        raise


def _in_turn(connection: Connection, function: Callable[[Connection], Plan]) -> Plan:
    """One at a time, which SQLite's transaction is by itself. Tables in use are waited for, not for ever."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(sa.text("SET LOCAL lock_timeout = '30s'"))
        connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    return function(connection)


def _plan(connection: Connection, desired: Shape) -> Plan:
    _, shape, there = _present(connection, desired.dialect)
    return _examined(connection, compare(found(shape, there), desired), there)


def _apply(connection: Connection, desired: Shape, version: str, *, allow: bool) -> Plan:
    number, shape, there = _present(connection, desired.dialect)
    script = compare(found(shape, there), desired)
    _lock_tables(connection, script)
    made = _examined(connection, script, there)
    made = made if allow else without_loss(made, ALLOW)
    if script.operations and not made.refusals:
        performer(Operations(MigrationContext.configure(connection)), script.before).run(script.operations)
        record(
            connection,
            desired.dialect,
            Applied(number + 1, version, script.shape, tuple(script.operations)),
        )
    return made


def _undo(connection: Connection, dialect: Dialect, *, allow: bool) -> Plan:
    number, shape, there = _present(connection, dialect)
    target = last_undoable(connection, dialect) if number else None
    script = Script(found(shape, there))
    taken = target.operations if target else ()
    back = list(reversed(taken))
    for operation in (*filterfalse(_computes, back), *filter(_computes, back)):
        _take_back(script, operation)
    for operation in taken:
        _compute_again(script, operation)
    _lock_tables(connection, script)
    made = harmless(_examined(connection, script, there))
    made = made if allow else without_loss(made, ALLOW)
    made = without_return(made, list(_gone(target))) if target else made
    if target is not None and not made.refusals:
        performer(Operations(MigrationContext.configure(connection)), script.before).run(script.operations)
        steps = tuple(script.operations)
        record(connection, dialect, Applied(number + 1, "", script.shape, steps, undoes=target.id))
    return made


def _computes(operation: Operation) -> bool:
    """What is computed from others comes last, there and back."""
    return isinstance(operation, ComputeColumn)


def _compute_again(script: Script, operation: Operation) -> None:
    """A stored rollup whose column was dropped has one again, without values."""
    match operation:
        case DropColumn(table, column) | ReplaceColumn(table, column) if column.computed is not None:
            with suppress(LookupError):
                script.do(ComputeColumn(table, column.name, None, column.computed))


def _take_back(script: Script, operation: Operation) -> None:
    """The step back where there is one: what was dropped is gone, and what hung on it does not fit any more.

    The engine's own tables stay.
    """
    engine = isinstance(operation, CreateTable) and operation.table.object is None
    if not operation.lossy and not engine:
        with suppress(LookupError):
            script.do(_told(operation.reverse(), script.shape))


def _told(step: Operation, shape: Shape) -> Operation:
    """The step, knowing whether what it takes away is computed."""
    match step:
        case DropColumn(table, column):
            computed = shape.table(table).column(column.name).computed
            return DropColumn(table, replace(column, computed=computed))
        case ReplaceColumn(table, old, new):
            computed = shape.table(table).column(old.name).computed
            return ReplaceColumn(table, replace(old, computed=computed), new)
        case _:
            return step


def _gone(target: Applied) -> Iterator[str]:
    """What an apply dropped, last first, in the words it was announced with."""
    shape = target.shape
    for operation in reversed(target.operations):
        shape = operation.reverse().after(shape)
        if operation.lossy:
            yield sentence(operation, shape)


def _present(connection: Connection, dialect: Dialect) -> tuple[int, Shape, Catalog]:
    """How often something was applied, the shape that was applied last, and what is there."""
    there = catalog(connection, dialect)
    entry = last(connection, dialect) if METADATA in there.tables else None
    number, shape = entry or (0, Shape(dialect))
    return number, shape, there


def _examined(connection: Connection, script: Script, there: Catalog) -> Plan:
    made = examine(connection, script)
    return replace(made, refusals=(*_in_the_way(script, there), *made.refusals))


def _in_the_way(script: Script, there: Catalog) -> Iterator[Refused]:
    """What someone else made under a name that a step needs."""
    recorded = {(table.name, column.name) for table in script.before.tables for column in table.columns}
    foreign = there.columns - recorded
    tables = {table for table, _ in foreign} - {table for table, _ in recorded}
    for step in script.operations:
        if isinstance(step, CreateTable) and step.table.name in tables:
            yield _foreign(f"table {step.table.name}")
        elif isinstance(step, AddColumn) and (step.table, step.column.name) in foreign:
            yield _foreign(f"column {step.table}.{step.column.name}")


def _foreign(what: str) -> Refused:
    return Refused(
        f"make {what}", "it is there already, made by something else", 0, "rename or remove it first"
    )


def _lock_tables(connection: Connection, script: Script) -> None:
    """Nobody may write between the counting and the change. All at once, so that nobody waits in a circle."""
    names = touched(script) if script.before.dialect == "postgresql" else frozenset()
    if names:
        tables = ", ".join(map(quoted, sorted(names)))
        connection.execute(sa.text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE"))
