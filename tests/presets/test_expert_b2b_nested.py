"""The nested page of an account manager's day: customers, their largest deals, the last contacts of each."""

from dataclasses import astuple

import pytest

from salesmode.database.connect import connect
from tests.presets.compiled import compiled
from tests.presets.office import opened

pytestmark = pytest.mark.anyio

QUERY = """query ($n: Int!) { customers(first: $n, orderBy: [{name: ASC}]) { nodes {
    name wechat owner { name }
    opportunities(first: 5, orderBy: [{amount: DESC}]) { nodes {
        name amount activities(first: 3, orderBy: [{at: DESC}]) { nodes { subject at } } } } } } }"""


async def test_three_levels_are_one_data_statement_and_a_warm_one_is_not_planned_again(
    database_url: str,
) -> None:
    database = await connect(database_url)
    try:
        office = await opened(database, compiled("expert_b2b"))
        heard: list[str] = []
        database.listeners.append(heard.append)

        def asked() -> int:
            """Data statements; who asks is known from another, which a server keeps."""
            return sum("customers" in sql for sql in heard)

        cold = await office.data("lin", QUERY, n=20)
        assert asked() == 1
        made = astuple(office.endpoint.counters)
        heard.clear()
        assert await office.data("lin", QUERY, n=20) == cold
        await office.data("lin", QUERY, n=10)
        assert asked() == 2
        assert astuple(office.endpoint.counters) == made
    finally:
        await database.close()
    customers = cold["customers"]["nodes"]
    assert len(customers) == 20
    deals = [each for row in customers for each in row["opportunities"]["nodes"]]
    assert any(each["activities"]["nodes"] for each in deals)
    assert all(len(each["activities"]["nodes"]) <= 3 for each in deals)
