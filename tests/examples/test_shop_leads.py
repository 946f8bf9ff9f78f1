"""The worked example of iron_army_b2b: what its page says is what a server answers, on both engines."""

import pytest

from tests.examples.page import PAGES, Page, served


@pytest.mark.anyio
async def test_shops_are_called_signed_and_paid_for(database_url: str) -> None:
    async with served("iron_army_b2b", database_url) as server:
        await Page(PAGES / "iron_army_b2b.md").check(server)
