"""Aggregates: groups, buckets, measures, their order; exact, and over what the reader may see."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from salesmode.diagnostics.refusal import Refusal
from tests.support.models import field, model, object_
from tests.support.rows import id_of
from tests.support.world import MODEL, World, open_world

Answer = list[dict[str, Any]]


async def test_groups_are_counted_and_measured(world: World) -> None:
    found = await world.ask(
        "eve",
        'customerAggregate(groupBy: [{field: "grade"}]) '
        "{ key { grade } count sum { revenue } avg { revenue } "
        "min { revenue name } max { revenue founded } }",
    )
    assert found == [
        {
            "key": {"grade": "b"},
            "count": 2,
            "sum": {"revenue": "0.05"},
            "avg": {"revenue": "0.050000"},
            "min": {"revenue": "0.05", "name": "Beta"},
            "max": {"revenue": "0.05", "founded": "2010-12-31"},
        },
        {
            "key": {"grade": "a"},
            "count": 2,
            "sum": {"revenue": "105.00"},
            "avg": {"revenue": "52.500000"},
            "min": {"revenue": "5.00", "name": 'Acme "1" \\ 客户 😀'},
            "max": {"revenue": "100.00", "founded": "2001-02-03"},
        },
        {
            "key": {"grade": "c"},
            "count": 2,
            "sum": {"revenue": "400.00"},
            "avg": {"revenue": "200.000000"},
            "min": {"revenue": "100.00", "name": "Delta"},
            "max": {"revenue": "300.00", "founded": "2010-01-04"},
        },
        {
            "key": {"grade": None},
            "count": 1,
            "sum": {"revenue": "-7.00"},
            "avg": {"revenue": "-7.000000"},
            "min": {"revenue": "-7.00", "name": "Cäsar"},
            "max": {"revenue": "-7.00", "founded": None},
        },
    ]


async def test_measures_of_nothing_are_null_and_counts_zero(world: World) -> None:
    found = await world.ask(
        "eve",
        "customerAggregate(where: {name: {eq: $none}}) "
        "{ count sum { revenue staff } avg { staff } min { name } countDistinct { owner } }",
        none="nobody",
    )
    assert found == [
        {
            "count": 0,
            "sum": {"revenue": None, "staff": None},
            "avg": {"staff": None},
            "min": {"name": None},
            "countDistinct": {"owner": 0},
        }
    ]


async def test_no_rows_have_no_groups(world: World) -> None:
    text = 'customerAggregate(groupBy: [{field: "grade"}], where: {name: {eq: $none}}) { count }'
    assert await world.ask("eve", text, none="nobody") == []


async def test_sums_of_integers_are_big_and_averages_exact(world: World) -> None:
    found = await world.ask(
        "eve", "customerAggregate { sum { staff orders discount } avg { staff discount } }"
    )
    assert found[0] == {
        "sum": {"staff": "7", "orders": "9007199254740993", "discount": "-5.50"},
        "avg": {"staff": "3.500000", "discount": "-5.500000"},
    }


async def test_a_hidden_value_counts_as_null_in_every_measure(world: World) -> None:
    found = await world.ask(
        "ann",
        "customerAggregate { count sum { revenue } max { revenue } countDistinct { revenue wechat owner } }",
    )
    assert found == [
        {
            "count": 5,
            "sum": {"revenue": "93.05"},
            "max": {"revenue": "100.00"},
            "countDistinct": {"revenue": 3, "wechat": 2, "owner": 2},
        }
    ]


async def test_hidden_rows_behind_a_reference_are_one_group_with_null(world: World) -> None:
    text = 'opportunityAggregate(groupBy: [{field: "owner"}]) { key { owner { name } } count }'
    assert await world.ask("ann", text) == [
        {"key": {"owner": {"name": "Ann"}}, "count": 2},
        {"key": {"owner": {"name": "Bob"}}, "count": 1},
        {"key": {"owner": None}, "count": 2},
    ]


async def test_groups_go_through_references(world: World) -> None:
    text = (
        'opportunityAggregate(groupBy: [{customer: {field: "grade"}}, {customer: {owner: {field: "name"}}}], '
        "orderBy: [{key: {customer: {owner: {name: DESC}}}}]) "
        "{ key { customer { grade owner { name } } } count }"
    )
    found = await world.ask("eve", text)
    assert [(*_flat(each["key"]["customer"]), each["count"]) for each in found] == [
        ("b", "Eve", 1),
        ("c", "Eve", 1),
        ("a", "Bob", 1),
        ("b", "Ann", 1),
        ("a", "Ann", 3),
    ]


def _flat(key: dict[str, Any]) -> tuple[Any, Any]:
    return key["grade"], key["owner"]["name"]


async def test_a_key_that_was_not_grouped_by_is_null(world: World) -> None:
    text = (
        'customerAggregate(groupBy: [{field: "grade"}], first: 1) { key { industry owner { name } grade } }'
    )
    assert await world.ask("eve", text) == [{"key": {"industry": None, "owner": None, "grade": "b"}}]


async def test_the_record_of_a_key_is_a_record_like_any_other(world: World) -> None:
    text = (
        'opportunityAggregate(groupBy: [{field: "customer"}], first: 1) { key { customer { name '
        "opportunities(where: {amount: {gte: $x}}, orderBy: [{name: DESC}], first: 1) "
        "{ totalCount nodes { name } aggregate { count } } } } }"
    )
    (found,) = await world.ask("eve", text, x=Decimal("20.00"))
    assert found["key"]["customer"]["opportunities"] == {
        "totalCount": 2,
        "nodes": [{"name": "Two"}],
        "aggregate": {"count": 2},
    }


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("{count: DESC}", [None, "steel", "Steel", "paper"]),
        ("{count: ASC}", ["Steel", "paper", "steel", None]),
        ("{key: {industry: DESC}}", ["steel", "paper", "Steel", None]),
        ("{sum: {revenue: DESC}}", ["Steel", None, "steel", "paper"]),
        ("{avg: {revenue: ASC}}", ["paper", "steel", None, "Steel"]),
        ("{countDistinct: {owner: DESC}}", [None, "Steel", "paper", "steel"]),
        ("{max: {name: ASC}}", ["steel", "paper", None, "Steel"]),
    ],
)
async def test_groups_come_in_the_order_asked_for(
    world: World, order: str, expected: list[str | None]
) -> None:
    text = f'customerAggregate(groupBy: [{{field: "industry"}}], orderBy: [{order}]) {{ key {{ industry }} }}'
    assert [each["key"]["industry"] for each in await world.ask("eve", text)] == expected
    limited = text.replace("])", "], first: 2)")
    assert [each["key"]["industry"] for each in await world.ask("eve", limited)] == expected[:2]


async def test_an_aggregate_of_a_connection_is_over_its_filter_and_not_its_page(world: World) -> None:
    text = "customers(first: 1, where: {grade: {eq: c}}) { nodes { id } aggregate { count sum { revenue } } }"
    found = await world.ask("eve", text)
    assert (len(found["nodes"]), found["aggregate"]) == (1, {"count": 2, "sum": {"revenue": "400.00"}})
    text = "customers { nodes { opportunities { aggregate { count sum { amount } } } } }"
    found = await world.ask("ann", text)
    assert [each["opportunities"]["aggregate"]["sum"]["amount"] for each in found["nodes"]] == [
        *("50.00", None, None, "0.05", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'customerAggregate(groupBy: [{field: "grade"}, {field: "grade"}]) { count }',
        'customerAggregate(groupBy: [{field: "settings"}]) { count }',
        'customerAggregate(groupBy: [{field: "flags"}]) { count }',
        'customerAggregate(groupBy: [{field: "note"}, {name: {field: "x"}}]) { count }',
        'customerAggregate(groupBy: [{field: "grade", by: MONTH}]) { count }',
        'customerAggregate(groupBy: [{field: "founded", by: HOUR}]) { count }',
        'customerAggregate(groupBy: [{field: "founded", by: CENTURY}]) { count }',
        "customerAggregate(orderBy: [{key: {grade: ASC}}]) { count }",
        "customerAggregate(orderBy: [{count: ASC, key: {grade: ASC}}]) { count }",
        "customerAggregate(first: 1001) { count }",
        "customerAggregate { sum { name } }",
        "customerAggregate { max { grade } }",
    ],
)
async def test_what_cannot_be_grouped_or_measured_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        await world.ask("eve", text)
    assert refused.value.code == "BAD_REQUEST"


# Many groups


@pytest.fixture
async def towns(database_url: str) -> AsyncIterator[World]:
    """One group more than a list may have."""
    town = object_("town", {"name": field("text")})
    rows = [{"id": id_of(1, number), "name": f"{number:04}"} for number in range(1001)]
    users = [{"id": id_of(3, 1), "name": "root"}]
    found = model(town, roles=MODEL.roles.values())
    world = await open_world(database_url, found, {"user": users, "town": rows}, ())
    yield world
    await world.database.close()


async def test_more_groups_than_a_list_may_have_are_no_list_and_never_cut(towns: World) -> None:
    assert await towns.ask("root", 'townAggregate(groupBy: [{field: "name"}]) { key { name } }') is None
    assert len(towns.heard) == 1


async def test_all_groups_come_as_long_as_a_list_may_have_them(towns: World) -> None:
    text = 'townAggregate(groupBy: [{field: "name"}], where: {name: {lt: "1000"}}) { key { name } count }'
    found = await towns.ask("root", text)
    assert [each["key"]["name"] for each in found] == [f"{number:04}" for number in range(1000)]


async def test_who_says_how_many_groups_gets_the_first_of_them(towns: World) -> None:
    text = (
        'townAggregate(groupBy: [{field: "name"}], orderBy: [{key: {name: DESC}}], first: 2) { key { name } }'
    )
    assert await towns.ask("root", text) == [{"key": {"name": "1000"}}, {"key": {"name": "0999"}}]
