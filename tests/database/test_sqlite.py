"""What only SQLite needs."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from salesmode.database.connect import connect
from salesmode.database.driver import Options, UnitOf
from salesmode.database.errors import CannotConnect, ConstraintViolation, DatabaseError, NotWritable
from salesmode.database.unit import Step

TABLE = """CREATE TABLE a (
    id INTEGER PRIMARY KEY, a_id INTEGER, CONSTRAINT fk_a FOREIGN KEY (a_id) REFERENCES a (id)
)"""


def make(connection: Connection) -> None:
    connection.exec_driver_sql(TABLE)


def orphan(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO a VALUES (1, 9)")


async def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotConnect, match=r"there is no folder .*nowhere for the database file crm\.db"):
        await connect(f"sqlite:///{tmp_path}/nowhere/crm.db")


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_text("not a database at all, but long enough to have a header" * 10)
    with pytest.raises(CannotConnect, match=r"crm\.db cannot be opened"):
        await connect(f"sqlite:///{tmp_path}/crm.db")


async def test_foreign_keys_are_off_only_while_the_schema_changes(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    try:
        await database.with_connection(make)
        await database.with_connection(orphan)

        def unit() -> UnitOf[None]:
            yield Step("INSERT INTO a VALUES (2, 9)", ())

        with pytest.raises(ConstraintViolation) as caught:
            await database.run(unit)
        assert caught.value.constraint == "fk_a"
    finally:
        await database.close()


@pytest.mark.parametrize(("durable", "synchronous"), [(True, 2), (False, 1)])
async def test_how_much_a_commit_waits_for_the_disk_is_a_choice(
    sqlite_url: str, durable: bool, synchronous: int
) -> None:
    database = await connect(sqlite_url, Options(durable=durable))
    try:
        assert (await database.fetch(Step("PRAGMA synchronous", ())))[0][0] == synchronous
        assert (await database.fetch(Step("PRAGMA journal_mode", ())))[0][0] == "wal"
    finally:
        await database.close()


async def test_readers_see_what_is_committed_while_a_unit_of_work_runs(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    loop = asyncio.get_running_loop()
    count = Step("SELECT count(*) FROM a", ())
    seen: list[object] = []

    def unit() -> UnitOf[None]:
        yield Step("INSERT INTO a VALUES (1, NULL)", ())
        rows = asyncio.run_coroutine_threadsafe(database.fetch(count), loop).result(timeout=10)
        seen.append(rows[0][0])

    try:
        await database.with_connection(make)
        await database.run(unit)
        seen.append((await database.fetch(count))[0][0])
    finally:
        await database.close()
    assert seen == [0, 1]


async def test_a_statement_that_nobody_waits_for_is_stopped(sqlite_url: str) -> None:
    database = await connect(sqlite_url, Options(statement_timeout=600, connections=1))
    forever = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await database.fetch(Step(forever, ()))
        assert await database.fetch_text(Step("SELECT 'free'", ())) == "free"
    finally:
        await database.close()


async def test_a_closed_database_says_so(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    await database.close()
    with pytest.raises(DatabaseError, match="closed"):
        await database.fetch(Step("SELECT 1", ()))


async def test_a_read_cannot_write(sqlite_url: str) -> None:
    database = await connect(sqlite_url)
    try:
        with pytest.raises(NotWritable):
            await database.fetch(Step("CREATE TABLE b (id INTEGER)", ()))
    finally:
        await database.close()


async def test_a_closed_database_leaves_no_journal_behind(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = await connect(sqlite_url)
    await database.with_connection(make)
    await database.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (0,)
