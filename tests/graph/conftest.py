"""The API on a fresh database of each engine."""

from collections.abc import AsyncIterator

import pytest

from salesmode.database.connect import connect
from salesmode.tables import tables_of
from tests.graph.api import Api, opened
from tests.graph.worlds import crm


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    """Customers and contacts, without a row but the user `ann`."""
    database = await connect(database_url)
    tables = tables_of(crm(), database.dialect)
    await database.with_connection(tables.create)
    yield await opened(database, tables)
    await database.close()
