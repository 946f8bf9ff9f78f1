"""Ordering, grouping and aggregating by a value that is hidden on some rows tells nothing about it."""

import pytest

from tests.regressions.conftest import Crm

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("field", ["note", "grade", "budget"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_order_does_not_depend_on_what_is_hidden(crm: Crm, field: str, direction: str) -> None:
    await crm.same(f"{{ clients(orderBy: [{{{field}: {direction}}}]) {{ nodes {{ name }} }} }}")


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_neither_does_the_order_through_a_reference(crm: Crm, direction: str) -> None:
    order = f"orderBy: [{{client: {{budget: {direction}}}}}]"
    await crm.same(f"{{ deals({order}) {{ nodes {{ name client {{ name }} }} }} }}")


@pytest.mark.parametrize(
    "text",
    [
        "{ clientAggregate(groupBy: [{field: note}]) { key { note } count } }",
        "{ clientAggregate(groupBy: [{field: grade}]) { key { grade } count } }",
        "{ clientAggregate { min { note budget } max { note budget } sum { budget } avg { budget } } }",
        "{ clientAggregate { countDistinct { note grade budget } } }",
        "{ clients { aggregate { sum { budget } max { note } } } }",
        "{ dealAggregate(groupBy: [{client: {field: grade}}]) { key { client { grade } } count } }",
    ],
)
async def test_groups_and_aggregates_take_it_for_null(crm: Crm, text: str) -> None:
    await crm.same(text)


@pytest.mark.parametrize("field", ["email", "wechat", "code", "tax", "nothing"])
async def test_what_is_hidden_or_masked_everywhere_orders_and_groups_nothing(crm: Crm, field: str) -> None:
    for text in (
        f"{{ clients(orderBy: [{{{field}: ASC}}]) {{ totalCount }} }}",
        f"{{ clientAggregate(groupBy: [{{field: {field}}}]) {{ count }} }}",
        f"{{ clientAggregate {{ min {{ {field} }} }} }}",
        f"{{ deals(orderBy: [{{client: {{{field}: ASC}}}}]) {{ totalCount }} }}",
    ):
        error = await crm.api.error("ann", text)
        assert error["extensions"]["code"] == "BAD_REQUEST"
        unknown = await crm.api.error("ann", text.replace(field, "q9q9"))
        told, _, suggested = error["message"].partition(" Did you mean ")
        assert told == unknown["message"].replace("q9q9", field)
        assert field not in suggested
