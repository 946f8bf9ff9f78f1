"""A database with the tables of a model, and one role proved in it."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options
from salesmode.model.app import Model
from salesmode.proving.matrix import ALL, Verdict, prove
from salesmode.tables import tables_of


@asynccontextmanager
async def place(url: str, model: Model) -> AsyncIterator[Database]:
    """Nothing of it need survive a crash, and nothing is left of it."""
    database = await connect(url, Options(durable=False))
    tables = tables_of(model, database.dialect)
    try:
        await database.with_connection(tables.create)
        yield database
    finally:
        await database.with_connection(tables.drop)
        await database.close()


async def proved(
    url: str,
    model: Model,
    role: str,
    *,
    seed: int = 1,
    share: int = 1,
    channels: Collection[str] = ALL,
) -> Verdict:
    async with place(url, model) as database:
        tables = tables_of(model, database.dialect)
        return await prove(tables, database, role, seed, share=share, channels=channels)
