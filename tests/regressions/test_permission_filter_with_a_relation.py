"""A row right that looks at other objects neither drops nor doubles rows, nor opens those objects."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


async def test_a_row_right_through_a_reference_holds_for_lists_counts_and_points(crm: Crm) -> None:
    found = await crm.api.data("ann", "{ deals(orderBy: [{name: ASC}]) { totalCount nodes { name } } }")
    assert found["deals"] == {"totalCount": 2, "nodes": [{"name": "deal 10"}, {"name": "deal 20"}]}
    every = (await crm.api.data("root", "{ deals { nodes { id name } } }"))["deals"]["nodes"]
    for deal in every:
        point = await crm.api.data("ann", "query ($id: ID!) { deal(id: $id) { name } }", id=deal["id"])
        mine = deal["name"] in ("deal 10", "deal 20")
        assert point == {"deal": {"name": deal["name"]} if mine else None}


async def test_a_row_right_over_a_to_many_counts_each_row_once(crm: Crm) -> None:
    await crm.api.person("buyer", "buyer")
    text = "{ clients(orderBy: [{name: ASC}]) { totalCount nodes { name } aggregate { count } } }"
    found = (await crm.api.data("buyer", text))["clients"]
    names = [{"name": name} for name in ("Hidden", "Mine", "Shared")]
    assert found == {"totalCount": 3, "nodes": names, "aggregate": {"count": 3}}


async def test_a_field_that_only_the_right_looks_at_stays_hidden(crm: Crm) -> None:
    await crm.api.person("buyer", "buyer")
    for text in (
        "{ deals { nodes { amount } } }",
        "{ clients { nodes { deals(where: {amount: {gt: 5}}) { totalCount } } } }",
        "{ deals(orderBy: [{amount: ASC}]) { totalCount } }",
    ):
        assert (await crm.api.refused("buyer", text))[0] == "BAD_REQUEST"


async def test_a_filter_over_a_relation_ranges_over_visible_rows(crm: Crm) -> None:
    text = "query ($w: ClientWhere) { clients(where: $w, orderBy: [{name: ASC}]) { nodes { name } } }"
    for quantifier, names in (("some", ["Mine"]), ("none", ["Shared"]), ("every", ["Shared"])):
        amount = {"gt": "0"} if quantifier != "every" else {"lt": "0"}
        found = await crm.api.data("ann", text, w={"deals": {quantifier: {"amount": amount}}})
        assert [each["name"] for each in found["clients"]["nodes"]] == names
