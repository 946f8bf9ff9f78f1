"""The worked example of big_c_household: what its page says is what a server answers, on both engines."""

import pytest

from tests.examples.page import PAGES, Page, served


@pytest.mark.anyio
async def test_a_family_of_two_channels_buys_and_gives_back(database_url: str) -> None:
    async with served("big_c_household", database_url) as server:
        await Page(PAGES / "big_c_household.md").check(server)
