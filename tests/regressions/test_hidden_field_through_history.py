"""History tells of a field what a selection would tell of it now, and nothing more."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


HISTORY = """query ($id: ID!) { client(id: $id) { history { totalCount
  nodes { operation changes { field label old new } } } } }"""


async def told(crm: Crm, person: str, id_: str) -> set[str]:
    found = (await crm.api.data(person, HISTORY, id=id_))["client"]["history"]
    assert found["totalCount"] == len(found["nodes"])
    return {change["field"] for entry in found["nodes"] for change in entry["changes"]}


async def test_hidden_masked_and_locked_fields_are_left_out(crm: Crm) -> None:
    await crm.disturb()
    assert await told(crm, "root", crm.shared) >= {"email", "wechat", "note", "grade", "code"}
    assert await told(crm, "ann", crm.shared) == {"name", "owner", "public"}
    assert await told(crm, "ann", crm.mine) == {"name", "owner", "note", "grade", "budget"}


async def test_an_entry_with_nothing_visible_left_is_not_there(crm: Crm) -> None:
    before = await crm.api.data("ann", HISTORY, id=crm.shared)
    await crm.disturb()
    assert await crm.api.data("ann", HISTORY, id=crm.shared) == before


async def test_a_record_that_is_hidden_now_shows_no_history(crm: Crm) -> None:
    assert await crm.api.data("ann", HISTORY, id=crm.hidden) == {"client": None}
