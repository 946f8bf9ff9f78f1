"""What only PostgreSQL needs."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import Connection

from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options, UnitOf
from salesmode.database.errors import CannotConnect, StatementTimeout
from salesmode.database.postgres import check_version
from salesmode.database.unit import Rows, Step

SLEEP = Step("SELECT pg_sleep(10)", ())


def make(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER)")
    connection.exec_driver_sql("INSERT INTO a VALUES (1, 0), (2, 0)")


def change(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE a ALTER n TYPE text")


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    database = await connect(postgresql_url, Options(statement_timeout=2))
    try:
        await database.with_connection(make)
        yield database
    finally:
        await database.close()


def add(number: int) -> Step:
    return Step("UPDATE a SET n = n + 1 WHERE id = $1", (number,))


@pytest.mark.parametrize("major", [9, 16])
def test_an_old_server_is_refused(major: int) -> None:
    version = asyncpg.types.ServerVersion(major, 3, 0, "final", 0)
    with pytest.raises(CannotConnect, match=f"PostgreSQL 17 or newer is needed; this is {major}.3"):
        check_version(version)


@pytest.mark.parametrize("major", [17, 18])
def test_a_new_server_is_welcome(major: int) -> None:
    check_version(asyncpg.types.ServerVersion(major, 0, 0, "final", 0))


async def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(CannotConnect, match="PostgreSQL cannot be reached"):
        await connect("postgresql://postgres@/crm?host=/nowhere")


async def test_a_deadlock_is_tried_again(database: Database) -> None:
    both_hold_one = asyncio.Barrier(2)
    tries: list[int] = []

    async def unit_in_order(first: int, second: int) -> None:
        def unit() -> UnitOf[None]:
            tries.append(first)
            yield add(first)
            # The other unit has its first row by now, unless this is a second try.
            yield Step("SELECT pg_sleep(0.2)", ())
            yield add(second)

        await both_hold_one.wait()
        await database.run(unit)

    await asyncio.gather(unit_in_order(1, 2), unit_in_order(2, 1))
    assert [tuple(row) for row in await database.fetch(Step("SELECT n FROM a", ()))] == [(2,), (2,)]
    assert len(tries) == 3


async def test_a_unit_goes_on_after_the_schema_changed_under_a_prepared_statement(database: Database) -> None:
    def unit() -> UnitOf[Rows]:
        return (yield Step("SELECT * FROM a WHERE id = 1", ()))

    for _ in range(2):
        await database.run(unit)
    await database.with_connection(change)
    assert [tuple(row) for row in await database.run(unit)] == [(1, "0")]


async def test_ids_come_and_go_as_text(database: Database) -> None:
    id_ = "0198c0de-0000-7000-8000-000000000001"
    assert (await database.fetch(Step("SELECT $1::uuid, $2::uuid[]", (id_, [id_]))))[0] == (id_, [id_])


async def test_json_comes_as_text(database: Database) -> None:
    assert await database.fetch_text(Step("""SELECT '{"a": 1}'::jsonb""", ())) == '{"a": 1}'


async def test_behind_pgbouncer_no_statement_is_prepared_and_time_is_still_limited(
    postgresql_url: str,
) -> None:
    database = await connect(postgresql_url, Options(pgbouncer=True, statement_timeout=0.2, connections=1))
    prepared = Step("SELECT count(*) FROM pg_prepared_statements WHERE name <> ''", ())
    try:
        for _ in range(3):
            await database.fetch(Step("SELECT $1::int", (1,)))
        assert (await database.fetch(prepared))[0][0] == 0
        with pytest.raises(StatementTimeout):
            await database.fetch(SLEEP)
        assert (await database.fetch(Step("SELECT 1", ())))[0][0] == 1
    finally:
        await database.close()
