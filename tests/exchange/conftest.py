"""An office of each engine, with the shop's tables in its database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from salesmode.database.connect import connect
from salesmode.tables import tables_of
from tests.exchange.kit import MODEL, Office
from tests.records.kit import Desk


@pytest.fixture
async def office(database_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    database = await connect(database_url)
    tables = tables_of(MODEL, database.dialect)
    await database.with_connection(tables.create)
    desk = Desk(database, tables)
    database.listeners.append(desk.heard.append)
    yield Office(desk, tmp_path)
    await database.close()
