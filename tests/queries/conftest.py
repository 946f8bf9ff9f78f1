"""The world of tests/support/world.py, once per engine for the tests of a module; they only read it."""

from collections.abc import AsyncIterator

import pytest

from tests.support.world import World, open_world


@pytest.fixture(scope="module")
async def world(module_database_url: str) -> AsyncIterator[World]:
    found = await open_world(module_database_url)
    yield found
    await found.database.close()
