"""The worked example of expert_b2b: what its page says is what a server answers, on both engines."""

import pytest

from tests.examples.page import PAGES, Page, served


@pytest.mark.anyio
async def test_a_group_company_is_sold_to(database_url: str) -> None:
    async with served("expert_b2b", database_url) as server:
        await Page(PAGES / "expert_b2b.md").check(server)
