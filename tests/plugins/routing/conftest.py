"""Worlds of routing on both engines."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.plugins.routing.world import World, opened

OpenWorld = Callable[[str], Awaitable[World]]


@pytest.fixture
async def open_world(database_url: str) -> AsyncIterator[OpenWorld]:
    """Opens one world of the test's own metadata."""
    found: list[World] = []

    async def open_(text: str) -> World:
        found.append(await opened(database_url, text))
        return found[-1]

    yield open_
    for each in found:
        await each.running.database.close()
