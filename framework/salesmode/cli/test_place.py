"""The database in which an app is tested: one of its own, or an empty one that was given."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from salesmode.cli.faults import usage
from salesmode.cli.options import HERE
from salesmode.cli.project import database_url, opened, sqlite_url
from salesmode.cli.terminal import counted
from salesmode.database.driver import Database, Options
from salesmode.model.app import Model
from salesmode.tables import tables_of
from salesmode.testing import Running

OWN = "sqlite"
_THROWN_AWAY = Options(durable=False)


@asynccontextmanager
async def running(model: Model, url: str) -> AsyncIterator[Running]:
    """The app with its tables, which are gone afterwards; a database that has tables is not touched."""
    async with _place(url) as database:
        found = await database.with_connection(lambda connection: sa.inspect(connection).get_table_names())
        if found:
            raise usage(
                f"the database has {counted(len(found), 'table')}",
                hint="the test replaces every row: give it an empty one",
            )
        app = Running(tables_of(model, database.dialect), database)
        await app.make_tables()
        try:
            yield app
        finally:
            await app.drop_tables()


@asynccontextmanager
async def _place(url: str) -> AsyncIterator[Database]:
    """A database of its own, or the one at the address."""
    if url != OWN:
        async with opened(database_url(url, HERE)) as database:
            yield database
        return
    with TemporaryDirectory(prefix="salesmode-") as folder:
        async with opened(sqlite_url(Path(folder) / "test.db"), _THROWN_AWAY) as database:
            yield database
