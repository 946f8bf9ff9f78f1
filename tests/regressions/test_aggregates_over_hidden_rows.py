"""Counts and aggregates range over visible rows, wherever they stand."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


async def test_counts_and_sums_are_of_what_is_seen(crm: Crm) -> None:
    text = """{ clients { totalCount aggregate { count sum { budget } } } clientAggregate { count }
      deals { totalCount aggregate { sum { amount } } } }"""
    assert await crm.api.data("ann", text) == {
        "clients": {"totalCount": 2, "aggregate": {"count": 2, "sum": {"budget": "5.00"}}},
        "clientAggregate": [{"count": 2}],
        "deals": {"totalCount": 2, "aggregate": {"sum": {"amount": "30.00"}}},
    }


async def test_so_are_those_of_a_relation(crm: Crm) -> None:
    text = """{ clients(orderBy: [{name: ASC}]) { nodes { name
      deals { totalCount nodes { name } aggregate { count sum { amount } } } } } }"""
    mine, shared = (await crm.api.data("ann", text))["clients"]["nodes"]
    assert (mine["deals"]["totalCount"], mine["deals"]["aggregate"]["sum"]) == (2, {"amount": "30.00"})
    none = {"totalCount": 0, "nodes": [], "aggregate": {"count": 0, "sum": {"amount": None}}}
    assert shared["deals"] == none


async def test_rows_that_come_and_go_out_of_sight_change_nothing(crm: Crm) -> None:
    text = """{ clients { totalCount pageInfo { hasNextPage } aggregate { count max { name } } }
      clientAggregate(groupBy: [{field: public}]) { key { public } count } }"""
    before = await crm.api.data("ann", text)
    await crm.api.new("client", name="ZZZ", public=False)
    assert await crm.api.data("ann", text) == before
