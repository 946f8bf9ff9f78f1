"""List views: saved questions that the planner answers with the rights of whoever asks."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

OBJECTS = """
kind: object
name: customer
owned: true
fields:
  name: {type: text}
  grade: {type: choice, options: [a, b]}
  parent: {type: reference, to: customer, inverse: parts, tree: true}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text}
  amount: {type: money}
  cost: {type: money}
  customer: {type: reference, to: customer, inverse: deals}
---
kind: object
name: note
fields: {text: {type: text}}
"""
VIEWS = """
kind: list_view
name: my_big_deals
object: deal
label: {en: My big deals, zh: 我的大单}
where: {owner: $user.id, amount: {gte: 100}}
columns: [name, amount, cost, customer.name, customer.grade]
order_by: [{amount: desc}, {customer: {name: asc}}]
---
kind: list_view
name: costly
object: deal
where: {cost: {gt: $row.amount}}
---
kind: list_view
name: by_cost
object: deal
order_by: [{cost: asc}]
---
kind: list_view
name: of_good_customers
object: deal
where: {customer: {grade: a}}
---
kind: list_view
name: below_mine
object: deal
where: {customer: {parent: {isNull: false}}, owner: {active: true}}
roles: [boss]
---
kind: list_view
name: with_costly_deals
object: customer
where: {deals: {some: {cost: {gt: 5}}}}
"""
ROLES = """
kind: role
name: boss
objects:
  user: {read: true, fields: {default: read}}
  customer: {read: true, fields: {default: read}}
  deal: {read: true, fields: {default: read}}
---
kind: role
name: sales
objects:
  user: {read: true, fields: {name: read}}
  customer: {read: true, fields: {name: read}}
  deal: {read: true, fields: {name: read, amount: read, owner: read, customer: read}}
---
kind: role
name: junior
objects:
  user: {read: true, fields: {name: read}}
  deal:
    read: true
    fields: {name: read, amount: {read: {where: {owner: $user.id}}}, owner: read, cost: masked}
---
kind: role
name: lead
inherits: [boss]
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, OBJECTS, VIEWS, ROLES) as found:
        ann = await found.person("ann", "sales")
        ben = await found.person("ben", "boss")
        await found.person("cat", "junior")
        await found.person("dan", "lead")
        await found.person("root", "admin")
        top = await found.new("customer", name="Top", grade="a")
        low = await found.new("customer", name="Low", grade="b", parent=top)
        for name, amount, cost, owner, customer in (
            ("one", "100", "5", ann, top),
            ("two", "300", "400", ann, low),
            ("three", "300", "1", ann, top),
            ("four", "900", "2", ben, low),
            ("five", "10", "20", ann, top),
        ):
            await found.new("deal", name=name, amount=amount, cost=cost, owner=owner, customer=customer)
        yield found


async def names(api: SmallApi, who: str, arguments: str, **variables: Any) -> list[str]:
    head = "query($view: DealListView, $first: Int)" if variables else ""
    found = await api.data(who, f"{head}{{ deals({arguments}) {{ nodes {{ name }} }} }}", **variables)
    return [each["name"] for each in found["deals"]["nodes"]]


async def offered(api: SmallApi, who: str) -> list[str]:
    text = '{ metadata { listViews { name } } __type(name: "DealListView") { enumValues { name } } }'
    found = await api.data(who, text)
    told = [each["name"] for each in found["metadata"]["listViews"]]
    listed = [each["name"] for each in (found["__type"] or {"enumValues": []})["enumValues"]]
    assert [each for each in told if each != "with_costly_deals"] == listed
    return told


async def test_a_view_adds_its_condition_and_its_order(api: SmallApi) -> None:
    assert await names(api, "ann", "view: my_big_deals") == ["two", "three", "one"]
    assert await names(api, "ben", "view: my_big_deals") == ["four"]
    assert await names(api, "ben", "view: costly") == ["two", "five"]
    assert await names(api, "ben", "view: below_mine") == ["two", "four"]


async def test_the_request_narrows_it_and_may_order_otherwise(api: SmallApi) -> None:
    narrowed = 'view: my_big_deals, where: {name: {ne: "two"}}'
    assert await names(api, "ann", narrowed) == ["three", "one"]
    assert await names(api, "ann", "view: my_big_deals, orderBy: [{name: ASC}]") == ["one", "three", "two"]
    assert await names(api, "ann", "view: null, first: 2") == ["one", "two"]


async def test_it_is_paged_counted_and_measured_as_one_statement(api: SmallApi) -> None:
    page = "totalCount aggregate { count sum { amount } } pageInfo { endCursor hasNextPage } nodes { name }"
    text = f"query($after: String) {{ deals(view: my_big_deals, first: 2, after: $after) {{ {page} }} }}"
    api.heard.clear()
    first = (await api.data("ann", text))["deals"]
    assert len(api.heard) == 1
    assert (first["totalCount"], first["aggregate"]) == (3, {"count": 3, "sum": {"amount": "700.00"}})
    assert first["pageInfo"]["hasNextPage"]
    rest = (await api.data("ann", text, after=first["pageInfo"]["endCursor"]))["deals"]
    assert [each["name"] for each in rest["nodes"]] == ["one"]
    foreign = "query($after: String) { deals(after: $after) { nodes { name } } }"
    assert (await api.refused("ann", foreign, after=first["pageInfo"]["endCursor"]))[0] == "BAD_REQUEST"


async def test_a_variable_names_it_and_each_has_a_plan_of_its_own(api: SmallApi) -> None:
    assert await names(api, "ben", "view: $view, first: $first", view="costly") == ["two", "five"]
    assert await names(api, "ben", "view: $view, first: $first", view="my_big_deals") == ["four"]
    assert await names(api, "ben", "view: $view, first: $first", first=1) == ["one"]


async def test_who_may_not_read_what_it_looks_at_is_not_offered_it(api: SmallApi) -> None:
    everything = ["my_big_deals", "costly", "by_cost", "of_good_customers", "below_mine", "with_costly_deals"]
    assert await offered(api, "ben") == everything
    assert await offered(api, "root") == everything
    assert await offered(api, "dan") == everything
    assert await offered(api, "ann") == ["my_big_deals"]
    assert await offered(api, "cat") == []
    hidden = (await api.error("ann", "{ deals(view: costly) { totalCount } }"))["message"]
    unknown = (await api.error("ann", "{ deals(view: cosily) { totalCount } }"))["message"]
    assert hidden.replace("costly", "cosily") == unknown
    assert "by_cost" not in hidden
    text = "query($view: DealListView) { deals(view: $view) { totalCount } }"
    assert (await api.refused("ann", text, view="costly"))[0] == "BAD_REQUEST"


async def test_no_argument_is_there_where_no_view_is_offered(api: SmallApi) -> None:
    found = await api.data("cat", '{ __type(name: "Query") { fields { name args { name } } } }')
    arguments = {each["name"]: [one["name"] for one in each["args"]] for each in found["__type"]["fields"]}
    assert "view" not in arguments["deals"]
    assert (await api.refused("cat", "{ deals(view: my_big_deals) { totalCount } }"))[0] == "BAD_REQUEST"


async def test_a_view_of_another_object_is_unknown(api: SmallApi) -> None:
    assert (await api.refused("ben", "{ customers(view: costly) { totalCount } }"))[0] == "BAD_REQUEST"
    found = await api.data("ben", "{ customers(view: with_costly_deals) { nodes { name } } }")
    assert [each["name"] for each in found["customers"]["nodes"]] == ["Top", "Low"]


async def test_metadata_tells_the_columns_that_the_caller_sees(api: SmallApi) -> None:
    text = "{ metadata { listViews { name label object columns } } }"
    (mine,) = (await api.data("ann", text))["metadata"]["listViews"]
    assert mine == {
        "name": "my_big_deals",
        "label": "My big deals",
        "object": "deal",
        "columns": ["name", "amount", "customer.name"],
    }
    api.locale = "zh"
    first = (await api.data("ben", text))["metadata"]["listViews"][0]
    assert first["label"] == "我的大单"
    assert first["columns"] == ["name", "amount", "cost", "customer.name", "customer.grade"]


async def test_what_is_readable_on_some_rows_counts_as_null_on_the_others(database_url: str) -> None:
    views = "kind: list_view\nname: big\nobject: deal\nwhere: {amount: {gte: 100}}\norder_by: [{amount: asc}]"
    async with small_api(database_url, OBJECTS, views, ROLES) as api:
        cat = await api.person("cat", "junior")
        ben = await api.person("ben", "boss")
        await api.new("deal", name="mine", amount="200", owner=cat)
        await api.new("deal", name="theirs", amount="100", owner=ben)
        assert await names(api, "cat", "view: big") == ["mine"]
        assert await names(api, "ben", "view: big") == ["theirs", "mine"]
