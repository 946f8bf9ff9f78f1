"""Computed fields through the API: they are fields of their result's type that nobody writes, guarded by
their own right.
"""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope
from salesmode.model.condition import ALWAYS
from salesmode.queries.changes import judge_of
from tests.support.small_api import SmallApi, small_api

CUSTOMER = """
kind: object
name: customer
owned: true
fields:
  name: {type: text}
  grade: {type: choice, options: [c, a, b]}
  industry: {type: choice, options: [steel, food]}
  parent: {type: reference, to: customer, inverse: subsidiaries, tree: true}
  revenue: {type: money}
  cost: {type: money}
  founded: {type: date}
  margin: {type: formula, result: decimal, expression: "revenue * 0.3 - cost"}
  sector: {type: formula, result: text, expression: "parent.industry"}
  age: {type: formula, result: integer, expression: "year(today()) - year(founded)"}
  wanted: {type: formula, result: boolean, expression: "margin > 0 and not is_null(parent)"}
  open_amount: {type: rollup, over: deals, sum: amount, where: {state: open}}
  all_amount: {type: rollup, over: deals, under: parent, sum: amount}
  deal_count: {type: rollup, over: deals, count: true}
  newest: {type: rollup, over: deals, latest: state}
  first_amount: {type: rollup, over: deals, first: {field: amount, by: closing}}
  last_amount: {type: rollup, over: deals, last: {field: amount, by: closing}}
  mean: {type: rollup, over: deals, avg: amount}
  best: {type: rollup, over: subsidiaries, max: margin}
  share: {type: formula, result: percent, expression: "open_amount / all_amount * 100"}
validations:
  - {name: margin_is_not_low, must: {or: [{margin: {isNull: true}}, {margin: {gte: -100}}]}}
  - {name: few_deals, when: {grade: c}, must: {deal_count: {lte: 1}}}
"""
DEAL = """
kind: object
name: deal
fields:
  name: {type: text}
  amount: {type: money}
  closing: {type: date}
  state: {type: choice, options: [won, open, lost]}
  customer: {type: reference, to: customer, inverse: deals}
  of_customer: {type: formula, result: money, expression: "customer.margin"}
"""
ROLES = """
kind: role
name: sales
objects:
  customer: {read: true, create: true, update: true, fields: {default: write}}
  deal: {read: true, create: true, update: true, delete: true, fields: {default: write}}
---
kind: role
name: clerk
objects:
  customer:
    read: true
    update: {where: {margin: {lt: 50}}}
    fields: {name: write, parent: read, margin: none, open_amount: {read: {where: {grade: a}}}, share: masked}
---
kind: role
name: rich
objects:
  customer: {read: {where: {open_amount: {gte: 500}}}, fields: {default: read}}
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, CUSTOMER, DEAL, ROLES) as found:
        for name in ("sales", "clerk", "rich"):
            await found.person(name, name)
        found.people["ids"] = await rows(found)
        yield found


async def rows(api: SmallApi) -> dict[str, str]:
    """`a` is above `b`; `c` has no numbers."""
    money = Decimal
    a = await api.new(
        "customer", name="a", grade="a", industry="steel", revenue=money("1000.05"), cost=money("100.10")
    )
    b = await api.new(
        "customer", name="b", grade="b", parent=a, revenue=money(100), founded=date(2000, 5, 1), cost=money(0)
    )
    c = await api.new("customer", name="c", grade="a", parent=b)
    for amount, state, closing, customer in (
        (money("10.01"), "open", date(2026, 2, 1), a),
        (money("20.02"), "won", date(2026, 1, 1), a),
        (money(500), "open", None, b),
        (None, "lost", date(2026, 3, 1), b),
    ):
        await api.new("deal", name=state, amount=amount, state=state, closing=closing, customer=customer)
    return {"a": a, "b": b, "c": c}


async def nodes(api: SmallApi, text: str, who: str = "sales") -> list[Any]:
    """What a connection of customers has."""
    found: list[Any] = (await api.data(who, text))["customers"]["nodes"]
    return found


async def test_they_are_selected_in_one_statement(api: SmallApi) -> None:
    api.heard.clear()
    found = await nodes(
        api,
        "{customers {nodes {name margin sector age wanted openAmount allAmount dealCount newest firstAmount "
        "lastAmount mean best share}}}",
    )
    assert len(api.heard) == 1
    assert found == [
        {
            "name": "a",
            "margin": "199.9150",
            "sector": None,
            "age": None,
            "wanted": False,
            "openAmount": "10.01",
            "allAmount": "530.03",
            "dealCount": 2,
            "newest": "won",
            "firstAmount": "20.02",
            "lastAmount": "10.01",
            "mean": "15.015000",
            "best": "30.0000",
            "share": "1.89",
        },
        {
            "name": "b",
            "margin": "30.0000",
            "sector": "steel",
            "age": 26,
            "wanted": True,
            "openAmount": "500.00",
            "allAmount": "500.00",
            "dealCount": 2,
            "newest": "lost",
            "firstAmount": None,
            "lastAmount": None,
            "mean": "500.000000",
            "best": None,
            "share": "100.00",
        },
        {
            "name": "c",
            "margin": None,
            "sector": None,
            "age": None,
            "wanted": False,
            "openAmount": "0.00",
            "allAmount": "0.00",
            "dealCount": 0,
            "newest": None,
            "firstAmount": None,
            "lastAmount": None,
            "mean": None,
            "best": None,
            "share": None,
        },
    ]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("{margin: {gt: 30}}", "a"),
        ("{margin: {isNull: true}}", "c"),
        ("{margin: {ne: 30}}", "ac"),
        ("{newest: {in: [lost, won]}}", "ab"),
        ('{sector: {startsWith: "st"}}', "b"),
        ("{wanted: {eq: false}}", "ac"),
        ("{openAmount: {between: [1, 20]}}", "a"),
        ("{parent: {openAmount: {lt: 100}}}", "b"),
        ("{parent: {dealCount: {isNull: true}}}", "a"),
        ("{parent: {dealCount: {isNull: false}}}", "bc"),
        ("{deals: {some: {ofCustomer: {gt: 100}}}}", "a"),
        ("{subsidiaries: {some: {margin: {eq: 30}}}}", "a"),
    ],
)
async def test_they_filter(api: SmallApi, where: str, names: str) -> None:
    found = await nodes(api, f"{{customers(where: {where}) {{nodes {{name}}}}}}")
    assert "".join(each["name"] for each in found) == names


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("{margin: ASC}", "bac"),
        ("{margin: DESC}", "abc"),
        ("{openAmount: DESC}", "bac"),
        ("{newest: ASC}", "abc"),
        ("{parent: {openAmount: DESC}}", "cba"),
        ("{parent: {dealCount: ASC}}", "bca"),
    ],
)
async def test_they_order_pages_of_one(api: SmallApi, order: str, names: str) -> None:
    """By reference too, where a row that is not there has no value."""
    read, cursor = "", None
    while True:
        page = (
            await api.data(
                "sales",
                f"query($after: String) {{customers(orderBy: [{order}], first: 1, after: $after) "
                "{nodes {name} pageInfo {endCursor hasNextPage}}}",
                after=cursor,
            )
        )["customers"]
        read += page["nodes"][0]["name"]
        cursor = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert read == names


async def test_they_are_measured_and_group(api: SmallApi) -> None:
    found = await api.data(
        "sales",
        "{customerAggregate(groupBy: [{field: wanted}], orderBy: [{sum: {openAmount: DESC}}]) "
        "{key {wanted} count sum {margin openAmount dealCount} avg {margin} max {age}} "
        "all: customers {aggregate {sum {margin} min {openAmount} countDistinct {newest}}} "
        "deals: dealAggregate(groupBy: [{customer: {field: sector}}]) {key {customer {sector}} count}}",
    )
    assert found["customerAggregate"] == [
        {
            "key": {"wanted": True},
            "count": 1,
            "sum": {"margin": "30.0000", "openAmount": "500.00", "dealCount": "2"},
            "avg": {"margin": "30.000000"},
            "max": {"age": 26},
        },
        {
            "key": {"wanted": False},
            "count": 2,
            "sum": {"margin": "199.9150", "openAmount": "10.01", "dealCount": "2"},
            "avg": {"margin": "199.915000"},
            "max": {"age": None},
        },
    ]
    assert found["all"]["aggregate"] == {
        "sum": {"margin": "229.9150"},
        "min": {"openAmount": "0.00"},
        "countDistinct": {"newest": 2},
    }
    assert found["deals"] == [
        {"key": {"customer": {"sector": "steel"}}, "count": 2},
        {"key": {"customer": {"sector": None}}, "count": 2},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{customerAggregate {sum {openAmount} avg {openAmount} max {openAmount}}}",
        "{customers(orderBy: [{openAmount: DESC}]) {nodes {name} pageInfo {endCursor}}}",
        "{customers {nodes {openAmount}}}",
    ],
)
async def test_a_computed_value_is_written_once_into_a_statement(api: SmallApi, text: str) -> None:
    api.heard.clear()
    await api.data("sales", text)
    assert api.heard[0].count("FROM deals") == 1


async def test_their_types_are_those_of_their_results_and_no_input_has_them(api: SmallApi) -> None:
    found = await api.data(
        "sales",
        '{record: __type(name: "Customer") {fields {name type {name kind}}} '
        'input: __type(name: "CustomerUpdate") {inputFields {name}} '
        'enum: __type(name: "CustomerNewest") {enumValues {name}}}',
    )
    types = {each["name"]: each["type"]["name"] for each in found["record"]["fields"]}
    assert {
        name: types[name] for name in ("margin", "sector", "age", "wanted", "openAmount", "newest", "mean")
    } == {
        "margin": "Decimal",
        "sector": "String",
        "age": "Int",
        "wanted": "Boolean",
        "openAmount": "Decimal",
        "newest": "CustomerNewest",
        "mean": "Decimal",
    }
    assert [each["name"] for each in found["enum"]["enumValues"]] == ["won", "open", "lost"]
    writable = {each["name"] for each in found["input"]["inputFields"]}
    assert "revenue" in writable
    assert writable.isdisjoint(types.keys() & {"margin", "sector", "openAmount", "newest", "mean", "share"})


async def test_metadata_tells_that_they_are_computed(api: SmallApi) -> None:
    text = "{metadata {objects {name fields {name type scale computed writable}}}}"
    objects = (await api.data("sales", text))["metadata"]["objects"]
    fields = {each["name"]: each for each in next(o for o in objects if o["name"] == "customer")["fields"]}
    assert fields["margin"] == {
        "name": "margin",
        "type": "decimal",
        "scale": 4,
        "computed": True,
        "writable": False,
    }
    assert (fields["openAmount"]["type"], fields["openAmount"]["computed"]) == ("money", True)
    assert (fields["revenue"]["computed"], fields["revenue"]["writable"]) == (False, True)


async def test_a_subscriber_is_told_of_formulas_by_their_fields(api: SmallApi) -> None:
    scope = PolicyScope(api.tables, policy_of(api.tables.model, ["sales"]))
    judge = judge_of("customer", ALWAYS, scope)
    assert judge(frozenset({"cost"}), False).fields == ("cost", "margin", "wanted")
    assert judge(frozenset({"name"}), False).fields == ("name",)


async def test_a_hidden_one_is_nowhere_and_one_that_hides_its_sources_is_shown(api: SmallApi) -> None:
    found = await api.ask("clerk", "{customers {nodes {margin}}}")
    other = await api.ask("clerk", "{customers {nodes {nothing}}}")
    assert [each["message"].replace("margin", "nothing") for each in found["errors"]] == [
        each["message"] for each in other["errors"]
    ]
    for where in ("{margin: {gt: 1}}", "{nothing: {gt: 1}}"):
        code, _ = await api.refused("clerk", f"{{customers(where: {where}) {{totalCount}}}}")
        assert code == "BAD_REQUEST"
    names = await api.data("clerk", '{__type(name: "Customer") {fields {name}}}')
    listed = {each["name"] for each in names["__type"]["fields"]}
    assert "openAmount" in listed
    assert listed.isdisjoint({"margin", "amount", "deals", "wanted"})


async def test_read_on_some_rows_it_is_null_elsewhere_in_every_use(api: SmallApi) -> None:
    assert await nodes(api, "{customers {nodes {name openAmount share}}}", "clerk") == [
        {"name": "a", "openAmount": "10.01", "share": None},
        {"name": "b", "openAmount": None, "share": None},
        {"name": "c", "openAmount": "0.00", "share": None},
    ]
    found = await api.data(
        "clerk",
        "{some: customers(where: {openAmount: {gte: 5}}) {nodes {name}} "
        "none: customers(where: {openAmount: {isNull: true}}) {nodes {name}} "
        "ordered: customers(orderBy: [{openAmount: DESC}]) {nodes {name} aggregate {sum {openAmount}}}}",
    )
    assert [each["name"] for each in found["some"]["nodes"]] == ["a"]
    assert [each["name"] for each in found["none"]["nodes"]] == ["b"]
    assert [each["name"] for each in found["ordered"]["nodes"]] == ["a", "c", "b"]
    assert found["ordered"]["aggregate"] == {"sum": {"openAmount": "10.01"}}


async def test_they_select_the_rows_of_roles(api: SmallApi) -> None:
    assert [each["name"] for each in await nodes(api, "{customers {nodes {name}}}", "rich")] == ["b"]
    ids = api.people["ids"]
    rename = 'mutation($id: ID!) {updateCustomer(id: $id, input: {name: "new"}) {customer {name}}}'
    assert (await api.data("clerk", rename, id=ids["b"]))["updateCustomer"]["customer"]["name"] == "new"
    assert await api.refused("clerk", rename, id=ids["a"]) == ("FORBIDDEN", [])


async def test_validations_hold_what_they_are_computed_from(api: SmallApi) -> None:
    write = (
        "mutation($id: ID!, $input: CustomerUpdate!) "
        "{updateCustomer(id: $id, input: $input) {customer {margin}}}"
    )
    ids = api.people["ids"]
    found = await api.data("sales", write, id=ids["a"], input={"cost": "400"})
    assert found["updateCustomer"]["customer"]["margin"] == "-99.9850"
    assert await api.refused("sales", write, id=ids["a"], input={"cost": "401"}) == (
        "VALIDATION_FAILED",
        [(("input",), "margin_is_not_low")],
    )
    assert await api.refused("sales", write, id=ids["a"], input={"grade": "c"}) == (
        "VALIDATION_FAILED",
        [(("input",), "few_deals")],
    )


async def test_they_are_read_back_after_a_write(api: SmallApi) -> None:
    found = await api.data(
        "sales",
        'mutation {createCustomer(input: {name: "n", revenue: "10", cost: "1", '
        'deals: {create: [{amount: "7", state: open}]}})'
        " {customer {margin openAmount deals {nodes {ofCustomer}}}}}",
    )
    assert found["createCustomer"]["customer"] == {
        "margin": "2.0000",
        "openAmount": "7.00",
        "deals": {"nodes": [{"ofCustomer": "2.00"}]},
    }


SHOP = """
kind: object
name: shop
fields:
  revenue: {type: money}
  cost: {type: money}
  margin: {type: formula, result: money, expression: revenue - cost}
  healthy: {type: formula, result: boolean, expression: margin > 100}
  tier: {type: choice, options: [plain, {name: gold, when: {healthy: true}}]}
  twin: {type: reference, to: shop, where: {margin: {gte: $row.margin}}}
---
kind: role
name: keeper
objects:
  shop: {read: true, create: true, update: true, fields: {default: write}}
"""


async def test_a_rule_is_asked_again_when_what_its_formula_is_made_of_changes(database_url: str) -> None:
    change = (
        "mutation($id: ID!, $input: ShopUpdate!) {updateShop(id: $id, input: $input) {shop {margin tier}}}"
    )
    async with small_api(database_url, SHOP) as api:
        await api.person("kim", "keeper")
        other = await api.new("shop", revenue=Decimal(250), cost=Decimal(0))
        shop = await api.new("shop", revenue=Decimal(300), cost=Decimal(100), tier="gold", twin=other)
        assert await api.refused("kim", change, id=shop, input={"cost": "200"}) == (
            "VALIDATION_FAILED",
            [(("input", "tier"), "option_when")],
        )
        assert await api.refused("kim", change, id=shop, input={"revenue": "351"}) == (
            "VALIDATION_FAILED",
            [(("input", "twin"), "where")],
        )
        found = await api.data("kim", change, id=shop, input={"cost": "199", "tier": "plain"})
        assert found["updateShop"]["shop"] == {"margin": "101.00", "tier": "plain"}


async def test_an_average_of_large_amounts_keeps_its_places(database_url: str) -> None:
    async with small_api(database_url, SHOP) as api:
        await api.person("kim", "keeper")
        for revenue in ("9999999999999999.99", "9999999999999999.98", "9999999999999999.98"):
            await api.new("shop", revenue=Decimal(revenue), cost=Decimal(0))
        found = await api.data("kim", "{shopAggregate {avg {revenue margin}}}")
        assert found["shopAggregate"] == [
            {"avg": dict.fromkeys(("revenue", "margin"), "9999999999999999.983333")}
        ]
