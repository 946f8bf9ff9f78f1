from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from salesmode.access.scope import SystemScope
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.errors import ConstraintViolation
from salesmode.database.unit import Step
from salesmode.demo.generation import Records, generate
from salesmode.demo.loading import BATCH, load, unload
from salesmode.fieldtypes import field_type
from salesmode.records import create
from salesmode.tables import Tables, tables_of
from tests.demo.clinics import NOW, changed, clinic_model, described

pytestmark = pytest.mark.anyio


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await connect(database_url)
    try:
        tables = tables_of(clinic_model(), database.dialect)
        await database.with_connection(tables.create)
        yield database
    finally:
        await database.close()


def records(text: str = changed(("m: 200", f"m: {BATCH + 5}"))) -> list[Records]:
    return list(generate(described(text), clinic_model(), size="m", seed=1, now=NOW, locale="zh"))


def silent(_records: Records, _done: int) -> None:
    pass


async def stored(database: Database, tables: Tables, each: Records) -> list[dict[str, object]]:
    """The rows of the table as canonical values, ordered by id."""
    fields = list(each.of.fields.values())
    columns = ", ".join(field.column for field in fields)
    rows = await database.fetch(
        Step(f"SELECT {columns} FROM {tables.table(each.of.name).name} ORDER BY id", ())
    )
    return [
        {
            field.name: None
            if value is None
            else field_type(field.type).decode(field, value, database.dialect)
            for field, value in zip(fields, row, strict=True)
        }
        for row in rows
    ]


async def test_what_is_loaded_is_what_was_generated(database: Database) -> None:
    tables = tables_of(clinic_model(), database.dialect)
    made = records()
    await load(database, tables, made, told=silent)
    for each in made:
        assert await stored(database, tables, each) == sorted(each.rows, key=lambda row: str(row["id"]))


async def test_the_engine_plans_by_what_was_loaded(database: Database) -> None:
    tables = tables_of(clinic_model(), database.dialect)
    await load(database, tables, records(), told=silent)
    table = tables.table("clinic").name
    query = {
        "sqlite": f"SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = '{table}'",
        "postgresql": f"SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = '{table}'",
    }
    ((counted,),) = await database.fetch(Step(query[database.dialect], ()))
    assert counted == BATCH + 5


async def test_progress_is_told_batch_by_batch(database: Database) -> None:
    heard: list[tuple[str, int]] = []
    tables = tables_of(clinic_model(), database.dialect)
    await load(database, tables, records(), told=lambda each, done: heard.append((each.of.name, done)))
    assert heard == [("user", 8), ("clinic", BATCH), ("clinic", BATCH + 5)]


async def test_a_clash_leaves_nothing_behind(database: Database) -> None:
    tables = tables_of(clinic_model(), database.dialect)
    made = records()
    twice = [*made, Records(made[0].of, made[0].rows)]
    with pytest.raises(ConstraintViolation):
        await load(database, tables, twice, told=silent)
    for each in made:
        assert await stored(database, tables, each) == []


async def test_automatic_numbers_go_on_after_those_of_the_demo(database: Database) -> None:
    tables = tables_of(clinic_model(), database.dialect)
    await load(database, tables, records(), told=silent)
    environment = Environment({}, {}, NOW, ZoneInfo("Asia/Shanghai"))
    new = {"name": "New", "beds": 5, "active": True}
    (id_,) = await database.run(lambda: create(SystemScope(tables), "clinic", [new], environment))
    (row,) = [each for each in await stored(database, tables, records()[1]) if each["id"] == id_]
    assert row["code"] == f"K2026-{BATCH + 6}"


async def test_what_was_loaded_can_be_taken_out_again(database: Database) -> None:
    tables = tables_of(clinic_model(), database.dialect)
    made = records()
    await load(database, tables, made, told=silent)
    await unload(database, tables)
    assert [await stored(database, tables, each) for each in made] == [[], []]
    await load(database, tables, made, told=silent)
