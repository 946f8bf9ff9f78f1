"""Search looks only where the caller may read."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


SEARCH = "query ($t: String!) { search(text: $t) { object title record { id } } }"


async def test_a_hidden_field_is_not_searched(crm: Crm) -> None:
    assert len((await crm.api.data("root", SEARCH, t="m@example"))["search"]) == 1
    assert await crm.api.data("ann", SEARCH, t="m@example") == {"search": []}


async def test_a_value_that_is_hidden_on_a_row_does_not_find_it(crm: Crm) -> None:
    assert [each["title"] for each in (await crm.api.data("ann", SEARCH, t="mmm"))["search"]] == ["Mine"]
    assert await crm.api.data("ann", SEARCH, t="aaa") == {"search": []}


async def test_a_hidden_row_is_not_found(crm: Crm) -> None:
    assert len((await crm.api.data("root", SEARCH, t="Hidden"))["search"]) == 1
    assert await crm.api.data("ann", SEARCH, t="Hidden") == {"search": []}
    await crm.same(SEARCH, t="Another")


async def test_an_object_that_is_not_granted_cannot_be_named(crm: Crm) -> None:
    text = '{ search(text: "x", objects: [memo]) { title } }'
    assert (await crm.api.refused("ann", text))[0] == "BAD_REQUEST"
