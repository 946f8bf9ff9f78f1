"""A cursor holds the keys as its caller sees them."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("field", ["note", "grade", "budget"])
async def test_cursors_do_not_depend_on_what_is_hidden(crm: Crm, field: str) -> None:
    order = f"orderBy: [{{{field}: ASC}}]"
    await crm.same(f"{{ clients({order}) {{ edges {{ cursor }} pageInfo {{ startCursor endCursor }} }} }}")
    await crm.same(f"{{ deals(orderBy: [{{client: {{{field}: ASC}}}}]) {{ edges {{ cursor }} }} }}")


async def test_pages_go_on_behind_a_hidden_value(crm: Crm) -> None:
    text = """query ($after: String) { clients(orderBy: [{note: ASC}], first: 1, after: $after) {
      nodes { name } pageInfo { endCursor hasNextPage } } }"""
    names, after, more = [], None, True
    while more:
        page = (await crm.api.data("ann", text, after=after))["clients"]
        names += [each["name"] for each in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert names == ["Mine", "Shared"]


async def test_a_cursor_of_somebody_who_sees_more_opens_nothing(crm: Crm) -> None:
    text = """query ($after: String) { clients(orderBy: [{note: ASC}], after: $after) {
      nodes { name note } edges { cursor } } }"""
    cursors = [each["cursor"] for each in (await crm.api.data("root", text))["clients"]["edges"]]
    for cursor in cursors:
        seen = (await crm.api.data("ann", text, after=cursor))["clients"]["nodes"]
        assert all(
            each in ({"name": "Mine", "note": "mmm"}, {"name": "Shared", "note": None}) for each in seen
        )
