"""No error text and no suggestion names what the caller may not know."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


ASKED = [
    "{ clients { nodes { emai } } }",
    "{ clients { nodes { cod } } }",
    "{ memo { id } }",
    "{ memoes { totalCount } }",
    "{ clients { nodes { memo { totalCount } } } }",
    '{ clients(where: {emai: {eq: "x"}}) { totalCount } }',
    "{ clients(orderBy: [{emai: ASC}]) { totalCount } }",
    "{ clientAggregate(groupBy: [{field: emai}]) { count } }",
    "{ deals { nodes { cos } } }",
    'mutation { createClient(input: {name: "x", emai: "y"}) { id } }',
    'mutation { createMem(input: {text: "x"}) { id } }',
    "mutation { deleteClien(id: 1) { id } }",
    "fragment F on Mem { id } { clients { nodes { ...F } } }",
    "query ($a: MemoWher) { clients { totalCount } }",
]


@pytest.mark.parametrize("text", ASKED)
async def test_a_name_that_is_nearly_right_brings_out_nothing(crm: Crm, text: str) -> None:
    for error in (await crm.api.ask("ann", text))["errors"]:
        assert error["extensions"]["code"] == "BAD_REQUEST"
        for hidden in (
            "email",
            "'code'",
            "memos",
            "'Memo'",
            "'MemoWhere'",
            "cost",
            "createMemo",
            "deleteClient",
        ):
            assert hidden not in error["message"]


async def test_who_may_know_is_helped(crm: Crm) -> None:
    assert "email" in (await crm.api.error("root", "{ clients { nodes { emai } } }"))["message"]


async def test_introspection_has_no_hidden_name(crm: Crm) -> None:
    text = """query ($n: String!) { __type(name: $n) {
      fields { name args { name type { name } } } inputFields { name } enumValues { name } } }"""
    for name in (
        "Client",
        "ClientWhere",
        "ClientOrderBy",
        "ClientField",
        "ClientCreate",
        "ClientAggregateMax",
    ):
        whole = str(await crm.api.data("ann", text, n=name)).lower()
        for hidden in ("'email'", "'code'", "memo"):
            assert hidden not in whole
    types = "{ __schema { types { name } mutationType { fields { name } } queryType { fields { name } } } }"
    names = str(await crm.api.data("ann", types)).lower()
    assert "memo" not in names
    assert "deleteclient" not in names
