"""What a plugin costs in a write: 10,000 rows, and one, with and without a hook that gives them values.

The unit of work runs in this process, without HTTP. Run it by `make bench-hooks`.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Options
from salesmode.database.environment import Environment
from salesmode.hookspecs import Batch, hookimpl
from salesmode.plugins import provided
from salesmode.records import create
from salesmode.tables import tables_of
from tests.support.postgres import serve

APP = """
kind: app
name: bench
plugins: [numbering]
---
kind: object
name: lead
owned: true
fields:
  name: {type: text, required: true, unique: true}
  line: {type: integer, history: false}
"""
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SYSTEM = Environment({}, {}, NOW, ZoneInfo("UTC"))
ROWS, TIMES = (1, 10_000), {1: 200, 10_000: 3}


class Numbering:
    """Gives each lead its place in the batch; counts how often it is asked."""

    def __init__(self) -> None:
        self.calls = 0

    @hookimpl
    def before_write(self, batch: Batch) -> None:
        self.calls += 1
        for at, change in enumerate(batch.changes):
            change.set("line", at)


def main() -> None:
    for engine in ("sqlite", "postgresql"):
        plugin = Numbering()
        with _database(engine) as url:
            without = asyncio.run(_measured(url, object()))
        with _database(engine) as url:
            found = asyncio.run(_measured(url, plugin))
        print(f"\n{engine}, milliseconds")
        for rows in ROWS:
            print(f"  {rows:>6,} rows: {without[rows]:8.2f} without, {found[rows]:8.2f} with a hook")
        print(f"  the hook was called {plugin.calls} times for {sum(TIMES.values())} writes")


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """An empty one that is thrown away."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="salesmode-bench-") as folder:
            yield f"sqlite:///{folder}/bench.db"
    else:
        with serve() as server, server.database() as url:
            yield url


async def _measured(url: str, plugin: object) -> Mapping[int, float]:
    """Milliseconds by the number of rows, in the median."""
    with provided(numbering=plugin):
        model = compile_texts({"app.yaml": APP}).model
        database = await connect(url, Options(durable=False))
        try:
            tables = tables_of(model, database.dialect)
            await database.with_connection(tables.create)
            system, found = SystemScope(tables), {}
            for rows in ROWS:
                spent = []
                for turn in range(TIMES[rows]):
                    inputs = [{"name": f"{rows} {turn} {at}"} for at in range(rows)]
                    start = perf_counter()
                    await database.run(partial(create, system, "lead", inputs, SYSTEM, most=None))
                    spent.append((perf_counter() - start) * 1000)
                found[rows] = median(spent)
            return found
        finally:
            await database.close()


if __name__ == "__main__":
    main()
