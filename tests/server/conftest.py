"""A served CRM on a fresh database of each engine."""

from collections.abc import AsyncIterator

import pytest

from salesmode.database.connect import connect
from salesmode.tables import tables_of
from tests.server.office import Office, office, opened


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Office]:
    """With the user `ann`, who may do everything."""
    database = await connect(database_url)
    found = office()
    await database.with_connection(tables_of(found, database.dialect).create)
    made = opened(database, found, database_url)
    await made.new("user", name="ann", roles=["admin"])
    yield made
    await made.client.aclose()
    await database.close()
