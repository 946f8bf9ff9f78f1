"""A bulk create whose process is killed leaves all of it or nothing, with its history."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salesmode.database.connect import connect
from salesmode.database.unit import Step
from salesmode.server.tokens import new_token
from salesmode.tables import tables_of
from tests.server.dying import MODEL
from tests.server.office import HOUR, SECRET, Office, opened

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
MANY = 1_000
CREATE = """mutation ($in: [CustomerCreate!]!) {
  createCustomers(input: $in) { count nodes { name contacts { totalCount } } } }"""
ROWS = [{"name": f"Customer {at}", "contacts": {"create": [{"name": "Li"}]}} for at in range(MANY)]
HEADERS = {"Authorization": f"Bearer {new_token(SECRET, 'ann', lifetime=HOUR)}"}
NEVER = "no statement says this"
# Each part of the unit, in the order in which it runs, up to what is read back before the commit.
MOMENTS = [
    "INSERT INTO customers",
    "INSERT INTO contacts",
    "INSERT INTO sm_change",
    "AS joined_1",
]


@asynccontextmanager
async def made(url: str) -> AsyncIterator[Office]:
    """The CRM past that server, with the administrator ann."""
    database = await connect(url)
    try:
        await database.with_connection(tables_of(MODEL, database.dialect).create)
        found = opened(database, MODEL, url)
        await found.new("user", name="ann", active=True, roles=["admin"])
        yield found
        await found.client.aclose()
    finally:
        await database.close()


@pytest.fixture
async def crm(database_url: str) -> AsyncIterator[Office]:
    async with made(database_url) as found:
        yield found


@dataclass(frozen=True)
class Dying:
    """A server that will be killed."""

    process: "subprocess.Popen[str]"
    port: int

    def create(self) -> Any:
        """The answer to the bulk create; None where there came none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"query": CREATE, "variables": {"in": ROWS}})
        try:
            connection.request("POST", "/graphql", body, {**HEADERS, "Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())
        except (http.client.HTTPException, OSError):
            return None
        finally:
            connection.close()


@contextmanager
def dying(url: str, moment: str) -> Iterator[Dying]:
    command = [sys.executable, "-m", "tests.server.dying", url, moment]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Dying(process, int(process.stdout.readline()))
        finally:
            process.kill()


async def kept(crm: Office) -> tuple[int, int, int]:
    """How many customers there are, how many contacts, and how many records the history tells about."""
    found = []
    for sql in (
        "SELECT count(*) FROM customers",
        "SELECT count(*) FROM contacts",
        "SELECT count(DISTINCT record_id) FROM sm_change WHERE object IN ('customer', 'contact')",
    ):
        found.append((await crm.database.fetch(Step(sql, ())))[0][0])
    customers, contacts, told = found
    return customers, contacts, told


ALL = (MANY, MANY, 2 * MANY)
NOTHING = (0, 0, 0)


@pytest.mark.parametrize("moment", MOMENTS)
async def test_what_is_killed_before_it_is_through_leaves_nothing(
    crm: Office, database_url: str, moment: str
) -> None:
    with dying(database_url, moment) as server:
        assert server.create() is None
        assert server.process.wait() == -signal.SIGKILL, "it died by itself, at that moment"
    assert await kept(crm) == NOTHING
    again = await crm.post({"query": CREATE, "variables": {"in": ROWS}}, **HEADERS)
    assert again.json()["data"]["createCustomers"]["count"] == MANY
    assert await kept(crm) == ALL


async def test_what_was_answered_stays(crm: Office, database_url: str) -> None:
    with dying(database_url, NEVER) as server:
        assert server.create()["data"]["createCustomers"]["count"] == MANY
    assert await kept(crm) == ALL


async def test_what_is_killed_while_it_is_committed_leaves_all_or_nothing(
    sqlite_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "test.db-wal"
    async with made(sqlite_url) as crm:
        with dying(sqlite_url, NEVER) as server, ThreadPoolExecutor(1) as waiting:
            before = log.stat().st_size
            answer = waiting.submit(server.create)
            while log.stat().st_size == before and not answer.done():
                continue
            server.process.kill()
            answer.result()
        assert await kept(crm) in (ALL, NOTHING)
