"""Desks: a fresh database of each engine with a model's tables in it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from salesmode.database.connect import connect
from salesmode.model.app import Model
from salesmode.records.notices import notice
from salesmode.tables import tables_of
from tests.records.kit import Desk

OpenDesk = Callable[[Model], Awaitable[Desk]]


@pytest.fixture
async def open_desk(database_url: str) -> AsyncIterator[OpenDesk]:
    opened: list[Desk] = []

    async def open_(model: Model) -> Desk:
        database = await connect(database_url)
        tables = tables_of(model, database.dialect)
        if not opened:
            await database.with_connection(tables.create)
        desk = Desk(database, tables)
        database.listeners.append(lambda sql: None if sql == notice([]).sql else desk.heard.append(sql))
        opened.append(desk)
        return desk

    yield open_
    for desk in opened:
        await desk.database.close()
