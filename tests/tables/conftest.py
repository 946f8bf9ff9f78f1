"""An empty database on each engine."""

from collections.abc import AsyncIterator

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import Database


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Database]:
    """Each engine in turn, with nothing in it."""
    database = await connect(database_url)
    try:
        yield database
    finally:
        await database.close()
