"""A required field that a role does not see is filled, and never told of."""

import pytest

from salesmode.compiler import compile_texts
from salesmode.diagnostics import MetadataError
from tests.regressions.conftest import APP, Crm

pytestmark = pytest.mark.anyio


async def test_it_is_filled_by_its_default_and_stays_unknown(crm: Crm) -> None:
    text = 'mutation { createClient(input: {name: "New"}) { id client { name } } }'
    found = (await crm.api.data("ann", text))["createClient"]
    (row,) = (
        await crm.api.data(
            "root", "query ($i: ID!) { clients(where: {id: {eq: $i}}) { nodes { code } } }", i=found["id"]
        )
    )["clients"]["nodes"]
    assert row == {"code": "none"}


async def test_it_cannot_be_given_and_its_name_is_like_any_unknown_one(crm: Crm) -> None:
    text = 'mutation { createClient(input: {name: "New", code: "x"}) { id } }'
    error = await crm.api.error("ann", text)
    unknown = await crm.api.error("ann", text.replace("code", "q9q9"))
    told, _, suggested = error["message"].partition(" Did you mean ")
    assert told == unknown["message"].replace("q9q9", "code")
    assert "code" not in suggested
    schema = '{ __type(name: "ClientCreate") { inputFields { name } } }'
    names = {each["name"] for each in (await crm.api.data("ann", schema))["__type"]["inputFields"]}
    assert names == {"name", "public", "owner", "note", "tax"}


def test_where_nothing_can_fill_it_the_metadata_is_wrong() -> None:
    with pytest.raises(MetadataError) as caught:
        compile_texts({"app.yaml": "kind: app\nname: a\n---\n" + APP.replace(", default: none", "")})
    (told,) = caught.value.diagnostics
    assert told.code == "SM501"
    assert told.message.startswith("role 'rep' may create 'client'"), "not of the roles that inherit it"
