"""An interface is no way around the rights to what implements it."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


NODE = "query ($id: ID!) { node(id: $id) { id ... on Client { name note wechat } } }"


async def test_a_node_is_the_record_as_it_is_seen(crm: Crm) -> None:
    masked = {"id": crm.shared, "name": "Shared", "note": None, "wechat": "••••5678"}
    assert await crm.api.data("ann", NODE, id=crm.shared) == {"node": masked}
    assert await crm.api.data("ann", NODE, id=crm.hidden) == {"node": None}


@pytest.mark.parametrize(
    "text",
    [
        "query ($id: ID!) { node(id: $id) { ... on Client { email } } }",
        "query ($id: ID!) { node(id: $id) { ... on Node { ... on Client { email } } } }",
        """query ($id: ID!) { client(id: $id) { ... on Node { ... on Client { ...F } } } }
        fragment F on Client { email }""",
        "query ($id: ID!) { node(id: $id) { ... on Memo { text } } }",
        "query ($id: ID!) { node(id: $id) { ... on Client { deals { nodes { cost } } } } }",
        "query ($id: ID!) { node(id: $id) { email } }",
    ],
)
async def test_a_hidden_field_is_refused_behind_any_fragment(crm: Crm, text: str) -> None:
    assert (await crm.api.refused("ann", text, id=crm.mine))[0] == "BAD_REQUEST"


async def test_an_object_that_is_not_granted_is_no_node(crm: Crm) -> None:
    memo = await crm.api.new("memo", text="x", client=crm.mine)
    text = "query ($id: ID!) { node(id: $id) { id __typename } }"
    assert await crm.api.data("ann", text, id=memo) == {"node": None}
    assert (await crm.api.data("root", text, id=memo))["node"]["__typename"] == "Memo"
