"""Households on both engines."""

from collections.abc import AsyncIterator

import pytest

from tests.plugins.duplicates.world import World, opened


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """With `rep` Ann and Bob and the manager Mo."""
    async with opened(database_url) as found:
        yield found
