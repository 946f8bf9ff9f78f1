"""A database of each engine for the tests of one function."""

from collections.abc import AsyncIterator

import pytest

from salesmode.database.connect import connect
from salesmode.database.driver import Database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await connect(database_url)
    try:
        yield database
    finally:
        await database.close()
