"""From any model to any other: the same tables as if there had never been another one, and no value lost."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from sqlalchemy import Connection

from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options
from salesmode.database.errors import ConstraintViolation
from salesmode.database.statement import Dialect
from salesmode.model.app import Model
from salesmode.tables.describe import shape_of
from salesmode.tables.migrations import apply, as_text, plan, undo
from salesmode.tables.migrations.compare import compare
from salesmode.tables.shape import Shape
from tests.tables.models import Drawn, built, drawn, rows
from tests.tables.rows import insert, select
from tests.tables.schemas import Schema, schema

KEPT_KEYS = ("type", "scale", "to")


def recorded(wanted: Model, dialect: Dialect) -> Shape:
    """The shape that is recorded when the model is applied to an empty database."""
    return compare(Shape(dialect), shape_of(wanted, dialect)).shape


def ordered(shape: Shape) -> list[object]:
    """A shape as something in which no order counts."""
    return sorted(
        (
            (table.name, table.object, *(sorted(map(repr, each)) for each in parts))
            for table in shape.tables
            for parts in [(table.columns, table.indexes, table.foreign_keys, table.checks)]
        ),
        key=repr,
    )


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@given(before=drawn(), after=drawn())
def test_a_script_leads_to_the_desired_shape_and_back(dialect: Dialect, before: Drawn, after: Drawn) -> None:
    existing, desired = (recorded(built(each), dialect) for each in (before, after))
    script = compare(existing, shape_of(built(after), dialect))
    assert ordered(script.shape) == ordered(desired)
    shape = script.shape
    for step in reversed(script.operations):
        shape = step.reverse().after(shape)
    assert ordered(shape) == ordered(existing)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(before=drawn(), after=drawn())
def test_changing_a_database_is_as_good_as_making_it(
    engine: str, module_postgresql_url: str, before: Drawn, after: Drawn
) -> None:
    with emptied(engine, module_postgresql_url) as url:
        asyncio.run(change(url, built(before), built(after)))


@contextmanager
def emptied(engine: str, postgresql_url: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if engine == "postgresql":
        yield postgresql_url
        return
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'test.db'}"


def clear(connection: Connection) -> None:
    """Drop everything."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        return
    for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


async def change(url: str, before: Model, after: Model) -> None:
    database = await connect(url, Options(durable=False, connections=1))
    try:
        made = await fresh(database, after)
        original = await fresh(database, before)
        filled = await fill(database, before)
        done = await apply(database, after, allow_destructive=True)
        event(
            f"refused: {bool(done.refusals)}, destructive: {done.destructive}, steps: {len(done.steps) > 9}"
        )
        if done.refusals:
            assert all(each.rows for each in done.refusals)
            assert await schema(database) == original
            return
        assert as_text(await plan(database, after)) == "No changes."
        assert await schema(database) == made
        await keeps(database, before, after, filled=filled)
        if done.steps and not done.destructive:
            assert not (await undo(database, allow_destructive=True)).refusals
            assert await schema(database) == original
        elif done.steps:
            undone = await undo(database, allow_destructive=True)
            assert undone.gone or undone.refusals
    finally:
        await database.close()


async def fresh(database: Database, wanted: Model) -> Schema:
    """The schema of the model in a database that had nothing in it."""
    await database.with_connection(clear)
    assert not (await apply(database, wanted)).refusals
    return await schema(database)


async def fill(database: Database, before: Model) -> dict[str, list[dict[str, Any]]]:
    """Rows in every table, given twice over: references are to rows that are there."""
    filled = {name: rows(before, name) for name in before.objects if name != "user"}
    try:
        for name, each in filled.items():
            await insert(database, before, name, *each)
    except ConstraintViolation:
        assume(False)
    return filled


async def keeps(
    database: Database, before: Model, after: Model, *, filled: dict[str, list[dict[str, Any]]]
) -> None:
    """Fields that are what they were hold what they held, but for what a default filled."""
    for name in filled.keys() & after.objects.keys():
        old, new = before.objects[name].fields, after.objects[name].fields
        same = [
            each
            for each in filled[name][0]
            if each in new and all(getattr(old[each], key) == getattr(new[each], key) for key in KEPT_KEYS)
        ]
        if same:
            row = (await select(database, after, name, *same))[0]
            expected = [filled[name][0][each] for each in same]
            assert [got for got, each in zip(row, same, strict=True) if old[each].to is None] == [
                want for want, each in zip(expected, same, strict=True) if old[each].to is None
            ]
