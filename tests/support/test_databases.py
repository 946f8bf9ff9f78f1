"""The database fixtures themselves: real engines, empty at the start, apart from each other."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import asyncpg
import psutil
import pytest

from tests.support.postgres import PostgresServer

TABLES = {
    "sqlite": "SELECT count(*) FROM sqlite_master",
    "postgresql": "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
}


HOLD = """
from tests.support.postgres import serve
with serve() as server:
    print(server.folder, flush=True)
    input()
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, set[str]]:
    """The URLs that the tests of this module got."""
    return {}


async def run(url: str, *statements: str) -> object:
    """Run the statements over the real driver; gives the last one's first value."""
    if url.startswith("sqlite:"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return [file.execute(sql).fetchone() for sql in statements][-1][0]
    connection = await asyncpg.connect(url)
    try:
        return [await connection.fetchval(sql) for sql in statements][-1]
    finally:
        await connection.close()


@pytest.mark.parametrize("attempt", [1, 2])
async def test_every_test_starts_with_an_empty_database(database_url: str, attempt: int) -> None:
    tables = TABLES[database_url.partition(":")[0]]
    assert await run(database_url, tables) == 0
    assert await run(database_url, "CREATE TABLE mark (attempt integer)", tables) == 1


async def test_text_is_kept_as_unicode(database_url: str) -> None:
    assert await run(database_url, "SELECT '客户 – Größe 🙂'") == "客户 – Größe 🙂"


@pytest.mark.parametrize("attempt", [1, 2])
def test_the_tests_of_a_module_share_its_database(
    module_database_url: str, attempt: int, seen: dict[str, set[str]]
) -> None:
    urls = seen.setdefault(module_database_url.partition(":")[0], set())
    urls.add(module_database_url)
    assert len(urls) == 1


@pytest.mark.parametrize("attempt", [1, 2])
def test_two_tests_never_share_theirs(database_url: str, attempt: int, seen: dict[str, set[str]]) -> None:
    urls = seen.setdefault("fresh", set())
    assert database_url not in urls
    urls.add(database_url)


async def test_postgresql_is_one_we_support(postgresql_url: str) -> None:
    version = await run(postgresql_url, "SELECT current_setting('server_version_num')")
    assert int(str(version)) >= 170000


async def test_the_cluster_stores_utf8(postgresql_url: str) -> None:
    assert await run(postgresql_url, "SELECT current_setting('server_encoding')") == "UTF8"


async def test_the_cluster_folds_case_only_where_a_collation_is_named(postgresql_url: str) -> None:
    assert await run(postgresql_url, "SELECT lower('É')") == "É"
    assert await run(postgresql_url, """SELECT lower('É' COLLATE "pg_c_utf8")""") == "é"


def test_a_connection_left_open_does_not_keep_its_database(postgres_server: PostgresServer) -> None:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        with postgres_server.database() as url:
            left_open = runner.run(asyncpg.connect(url))
        with postgres_server.database(), pytest.raises(asyncpg.InvalidCatalogNameError):
            runner.run(asyncpg.connect(url))
        left_open.terminate()


def test_the_server_stops_when_its_test_process_is_killed(pytestconfig: pytest.Config) -> None:
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, cwd=pytestconfig.rootpath) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        postmaster = psutil.Process(int((folder / "data" / "postmaster.pid").read_text().split()[0]))
        process.kill()
    postmaster.wait(timeout=10)
    shutil.rmtree(folder)
