"""Reports: saved aggregations that are answered with the rights of whoever asks (D14)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

OBJECTS = """
kind: object
name: customer
fields:
  name: {type: text}
  grade: {type: choice, options: [a, b]}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text}
  amount: {type: money, label: {en: Amount, zh: 金额}}
  cost: {type: money}
  stage: {type: choice, options: [open, won, lost]}
  close_date: {type: date}
  customer: {type: reference, to: customer, inverse: deals}
"""
REPORTS = """
kind: report
name: by_stage
label: {en: By stage, zh: 按阶段}
object: deal
where: {amount: {isNull: false}}
dimensions: [stage]
measures: [{count: true}, {sum: amount}, {avg: amount}, {max: close_date}, {count_distinct: customer}]
---
kind: report
name: by_month_and_customer
object: deal
dimensions: [{close_date: MONTH}, customer, customer.grade]
measures: [{sum: amount}]
order_by: [{sum: {amount: desc}}, {close_date: asc}]
limit: 2
---
kind: report
name: costs
object: deal
measures: [{sum: cost}]
---
kind: report
name: of_grades
object: deal
where: {customer: {grade: a}}
dimensions: [owner]
measures: [{count: true}]
order_by: [{count: desc}]
roles: [boss]
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
  customer: {read: {where: {grade: a}}, fields: {name: read, grade: read}}
  deal:
    read: true
    fields: {default: read, cost: none, amount: {read: {where: {owner: $user.id}}}}
---
kind: role
name: clerk
objects:
  deal: {read: true, fields: {name: read}}
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, OBJECTS, REPORTS, ROLES) as found:
        ann = await found.person("ann", "sales")
        ben = await found.person("ben", "boss")
        await found.person("cat", "clerk")
        await found.person("root", "admin")
        good = await found.new("customer", name="Good", grade="a")
        bad = await found.new("customer", name="Bad", grade="b")
        for stage, amount, day, owner, customer in (
            ("won", "100.50", "2026-01-05", ann, good),
            ("won", "50", "2026-01-31", ben, bad),
            ("open", "10", "2026-02-01", ann, good),
            ("lost", None, "2026-02-02", ben, None),
        ):
            values = {"stage": stage, "amount": amount, "close_date": day, "owner": owner}
            await found.new("deal", **values, customer=customer, cost="7")
        yield found


async def report(api: SmallApi, who: str, name: str, selection: str = "rows total") -> Any:
    return (await api.data(who, f"{{ report(name: {name}) {{ {selection} }} }}"))["report"]


async def test_it_groups_and_measures(api: SmallApi) -> None:
    api.heard.clear()
    found = await report(api, "ben", "by_stage", "__typename name rows total")
    assert len(api.heard) == 1
    assert found == {
        "__typename": "Report",
        "name": "by_stage",
        "rows": [
            {
                "stage": "open",
                "count": 1,
                "sumAmount": "10.00",
                "avgAmount": "10.000000",
                "maxCloseDate": "2026-02-01",
                "countDistinctCustomer": 1,
            },
            {
                "stage": "won",
                "count": 2,
                "sumAmount": "150.50",
                "avgAmount": "75.250000",
                "maxCloseDate": "2026-01-31",
                "countDistinctCustomer": 2,
            },
        ],
        "total": {
            "count": 3,
            "sumAmount": "160.50",
            "avgAmount": "53.500000",
            "maxCloseDate": "2026-02-01",
            "countDistinctCustomer": 2,
        },
    }


async def test_its_columns_are_told_in_the_language_of_the_caller(api: SmallApi) -> None:
    found = await report(api, "ben", "by_stage", "label columns { name label type }")
    assert found["label"] == "By stage"
    assert [(each["name"], each["label"], each["type"]) for each in found["columns"]] == [
        ("stage", "Stage", "choice"),
        ("count", "Count", "integer"),
        ("sumAmount", "Amount", "money"),
        ("avgAmount", "Amount", "decimal"),
        ("maxCloseDate", "Close date", "date"),
        ("countDistinctCustomer", "Customer", "integer"),
    ]
    api.locale = "zh"
    found = await report(api, "ben", "by_stage", "label columns { label }")
    assert (found["label"], found["columns"][2]["label"]) == ("按阶段", "金额")


async def test_dates_fall_into_buckets_and_references_have_titles(api: SmallApi) -> None:
    found = await report(api, "ben", "by_month_and_customer", "columns { name } rows")
    assert [each["name"] for each in found["columns"]] == [
        *("closeDate", "customer", "customer.grade", "sumAmount")
    ]
    assert [(row["closeDate"], row["customer"]["title"], row["customer.grade"]) for row in found["rows"]] == [
        ("2026-01-01", "Good", "a"),
        ("2026-01-01", "Bad", "b"),
    ]
    assert set(found["rows"][0]["customer"]) == {"id", "title"}


async def test_it_is_answered_with_the_rights_of_whoever_asks(api: SmallApi) -> None:
    found = await report(api, "ann", "by_stage")
    assert [(row["stage"], row["sumAmount"]) for row in found["rows"]] == [
        ("open", "10.00"),
        ("won", "100.50"),
    ]
    assert found["total"]["sumAmount"] == "110.50"
    found = await report(api, "ann", "by_month_and_customer")
    assert [(row["customer"] or {}).get("title") for row in found["rows"]] == ["Good", "Good"]
    (row, *_) = (await report(api, "ben", "of_grades"))["rows"]
    assert (row["owner"]["title"], row["count"]) == ("ann", 2)


async def test_only_what_is_offered_is_there(api: SmallApi) -> None:
    text = '{ metadata { reports { name label object } } __type(name: "ReportName") { enumValues { name } } }'
    found = await api.data("ben", text)
    assert [each["name"] for each in found["__type"]["enumValues"]] == [
        *("by_stage", "by_month_and_customer", "costs", "of_grades")
    ]
    found = await api.data("ann", text)
    assert [each["name"] for each in found["metadata"]["reports"]] == ["by_stage", "by_month_and_customer"]
    assert found["metadata"]["reports"][0] == {"name": "by_stage", "label": "By stage", "object": "deal"}
    hidden = (await api.error("ann", "{ report(name: costs) { rows } }"))["message"]
    unknown = (await api.error("ann", "{ report(name: posts) { rows } }"))["message"]
    assert hidden.replace("costs", "posts") == unknown
    wanted = "query($wanted: ReportName!) { report(name: $wanted) { rows } }"
    assert (await api.refused("ann", wanted, wanted="costs"))[0] == "BAD_REQUEST"
    assert await api.data("cat", text) == {"metadata": {"reports": []}, "__type": None}
    assert (await report(api, "root", "costs")) == {
        "rows": [{"sumCost": "28.00"}],
        "total": {"sumCost": "28.00"},
    }
