"""What a role inherits counts through any number of roles, and no further."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


async def test_a_role_has_the_rights_of_all_above_it(crm: Crm) -> None:
    await crm.api.person("chief", "boss")
    await crm.api.change("client", crm.mine, owner=crm.api.people["chief"]["id"])
    text = "{ clients(orderBy: [{name: ASC}]) { nodes { name note wechat } } deals { totalCount } }"
    assert await crm.api.data("chief", text) == {
        "clients": {
            "nodes": [
                {"name": "Mine", "note": "mmm", "wechat": None},
                {"name": "Shared", "note": None, "wechat": "••••5678"},
            ]
        },
        "deals": {"totalCount": 2},
    }


async def test_and_nothing_that_none_of_them_grants(crm: Crm) -> None:
    await crm.api.person("chief", "boss")
    for text in ("{ clients { nodes { email } } }", "{ memos { totalCount } }"):
        assert (await crm.api.refused("chief", text))[0] == "BAD_REQUEST"


async def test_its_conditions_are_about_the_holder(crm: Crm) -> None:
    await crm.api.person("chief", "boss")
    text = "{ clients { nodes { name } } }"
    assert await crm.api.data("chief", text) == {"clients": {"nodes": [{"name": "Shared"}]}}
