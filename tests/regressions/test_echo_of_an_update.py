"""What a mutation answers is read under the caller's rights as they are afterwards."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


UPDATE = """mutation ($id: ID!, $in: ClientUpdate!) {
  updateClient(id: $id, input: $in) { id client { name note wechat } } }"""


async def test_a_field_that_is_written_blindly_is_not_read_back(crm: Crm) -> None:
    found = await crm.api.data("ann", UPDATE, id=crm.shared, **{"in": {"note": "new"}})
    assert found["updateClient"]["client"] == {"name": "Shared", "note": None, "wechat": "••••5678"}
    text = UPDATE.replace("note wechat", "tax")
    assert (await crm.api.refused("ann", text, id=crm.shared, **{"in": {"tax": "T"}}))[0] == "BAD_REQUEST"


async def test_a_record_that_went_out_of_sight_is_not_answered(crm: Crm) -> None:
    bob = crm.api.people["bob"]["id"]
    found = await crm.api.data("ann", UPDATE, id=crm.mine, **{"in": {"owner": bob}})
    assert found["updateClient"] == {"id": crm.mine, "client": None}


async def test_a_value_that_became_hidden_is_not_answered(crm: Crm) -> None:
    bob = crm.api.people["bob"]["id"]
    found = await crm.api.data("ann", UPDATE, id=crm.mine, **{"in": {"owner": bob, "public": True}})
    assert found["updateClient"]["client"] == {"name": "Mine", "note": None, "wechat": None}


async def test_a_bulk_update_answers_only_what_is_still_seen(crm: Crm) -> None:
    text = """mutation ($w: ClientWhere!, $in: ClientUpdate!) {
      updateClients(where: $w, input: $in) { count nodes { name note } } }"""
    bob = crm.api.people["bob"]["id"]
    found = await crm.api.data("ann", text, w={}, **{"in": {"owner": bob}})
    assert found["updateClients"] == {"count": 2, "nodes": [{"name": "Shared", "note": None}]}
