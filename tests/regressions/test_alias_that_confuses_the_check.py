"""Rights are about the field, whatever the answer calls it."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


async def test_another_name_does_not_open_a_hidden_field(crm: Crm) -> None:
    for text in ("{ clients { nodes { name: email } } }", "{ clients { nodes { name: tax } } }"):
        assert (await crm.api.refused("ann", text))[0] == "BAD_REQUEST"


async def test_the_name_of_a_hidden_field_hides_nothing(crm: Crm) -> None:
    text = """{ clients(where: {public: {eq: true}}) { nodes {
      email: name code: wechat wechat: name note: id } } }"""
    (node,) = (await crm.api.data("ann", text))["clients"]["nodes"]
    assert node == {"email": "Shared", "code": "••••5678", "wechat": "Shared", "note": crm.shared}


async def test_one_field_under_many_names_is_treated_alike(crm: Crm) -> None:
    text = "{ clients(orderBy: [{name: ASC}]) { nodes { a: note b: note note } } }"
    mine, shared = (await crm.api.data("ann", text))["clients"]["nodes"]
    assert mine == dict.fromkeys(("a", "b", "note"), "mmm")
    assert shared == dict.fromkeys(("a", "b", "note"))


async def test_two_lists_under_their_names_keep_their_own_filters(crm: Crm) -> None:
    text = """{ a: clients(where: {public: {eq: true}}) { nodes { name } }
      clients: clients(where: {public: {isNull: true}}) { nodes { name
        deals(where: {amount: {gt: "10"}}) { totalCount } b: deals { totalCount } } } }"""
    assert await crm.api.data("ann", text) == {
        "a": {"nodes": [{"name": "Shared"}]},
        "clients": {"nodes": [{"name": "Mine", "deals": {"totalCount": 1}, "b": {"totalCount": 2}}]},
    }


async def test_one_name_for_two_fields_is_refused(crm: Crm) -> None:
    assert (await crm.api.refused("ann", "{ clients { nodes { name name: wechat } } }"))[0] == "BAD_REQUEST"
