"""Reports of a period beside the one before, beside quotas, by each dimension, and of what is asked for."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.small_api import SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: deal
owned: true
fields:
  name: {type: text}
  region: {type: choice, options: [north, south]}
  amount: {type: decimal, scale: 3}
  won: {type: boolean}
  closed_on: {type: date}
  opened: {type: datetime}
---
kind: object
name: visit
fields:
  name: {type: text}
---
kind: target
name: revenue
object: deal
measure: {sum: amount}
where: {won: true}
date: closed_on
---
kind: target
name: wins
object: deal
measure: {count: true}
where: {won: true}
date: opened
period: quarter
---
kind: report
name: monthly
object: deal
where: {won: true}
period: {field: closed_on, unit: MONTH}
dimensions: [region]
measures: [{count: true}, {sum: amount}, {max: closed_on}]
order_by: [{sum: {amount: desc}}]
---
kind: report
name: opened_by_week
object: deal
period: {field: opened, unit: WEEK}
measures: [{count: true}]
---
kind: report
name: against
object: deal
target: revenue
dimensions: [owner, {closed_on: MONTH}]
measures: [{sum: amount}, {count: true}]
order_by: [{closed_on: asc}, {sum: {amount: desc}}]
---
kind: report
name: this_month
object: deal
target: revenue
period: {field: closed_on, unit: MONTH}
dimensions: [owner]
measures: [{count: true}, {sum: amount}]
---
kind: report
name: winners
object: deal
target: wins
period: {field: opened, unit: QUARTER}
measures: [{count: true}]
---
kind: report
name: visits
object: visit
measures: [{count: true}]
---
kind: role
name: boss
objects:
  user: {read: true, fields: {default: read}}
  visit: {read: true, fields: {default: read}}
  deal: {read: true, fields: {default: read}}
  quota: {read: true, fields: {default: read}}
---
kind: role
name: rep
objects:
  user: {read: true, fields: {name: read}}
  deal: {read: {where: {owner: $user.id}}, fields: {default: read, amount: {read: {where: {region: north}}}}}
  quota: {read: {where: {user: $user.id}}, fields: {default: read}}
---
kind: role
name: clerk
objects:
  deal: {read: true, fields: {default: read, closed_on: none}}
"""
Row = dict[str, Any]


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """Today is the first of March 2026, twelve o'clock."""
    async with small_api(database_url, APP, app="timezone: Asia/Shanghai") as found:
        found.zone = ZoneInfo("Asia/Shanghai")
        ann, ben = await found.person("ann", "rep"), await found.person("ben", "rep")
        for name, role in (("boss", "boss"), ("cat", "clerk"), ("root", "admin")):
            await found.person(name, role)
        for owner, region, amount, won, day, opened in (
            (ann, "north", "100", True, "2026-03-01", "2026-01-01T00:00:00Z"),
            (ann, "north", "20.125", True, "2026-03-31", "2025-12-31T15:59:59Z"),
            (ann, "south", "7", True, "2026-03-02", "2025-12-31T16:00:00Z"),
            (ben, "north", "30", True, "2026-02-28", "2026-02-23T00:00:00Z"),
            (ben, "south", "50", True, "2026-02-01", "2026-03-01T12:00:00Z"),
            (ben, "south", "900", False, "2026-03-05", "2026-03-01T12:00:00Z"),
            (ann, "north", "11", True, "2026-01-31", None),
            (None, "south", "1", True, "2026-03-09", None),
        ):
            values = {"owner": owner, "region": region, "amount": amount, "won": won, "closed_on": day}
            await found.new("deal", name="D", opened=opened and datetime.fromisoformat(opened), **values)
        for user, day, amount, target in (
            (ann, "2026-03-15", "200", "revenue"),
            (ben, "2026-03-01", "80.50", "revenue"),
            (ben, "2026-02-01", "40", "revenue"),
            (ann, "2026-02-01", "4", "wins"),
            (ann, "2025-12-01", "9", "wins"),
        ):
            await found.new("quota", user=user, starts_on=day, amount=amount, target=target)
        yield found


async def report(api: SmallApi, who: str, asked: str, selection: str = "rows total") -> Any:
    api.heard.clear()
    found = (await api.data(who, f"{{ report(name: {asked}) {{ {selection} }} }}"))["report"]
    assert len(api.heard) == 1
    return found


def told(rows: list[Row], *names: str) -> list[tuple[Any, ...]]:
    return [
        tuple(row[name]["title"] if isinstance(row[name], dict) else row[name] for name in names)
        for row in rows
    ]


async def test_a_period_stands_beside_the_one_before(api: SmallApi) -> None:
    found = await report(api, "boss", "monthly", "from to columns { name label } rows total")
    assert (found["from"], found["to"]) == ("2026-03-01", "2026-03-31")
    assert found["rows"] == [
        {
            "region": "north",
            "count": 2,
            "sumAmount": "120.125",
            "maxClosedOn": "2026-03-31",
            "previousCount": 1,
            "previousSumAmount": "30.000",
            "previousMaxClosedOn": "2026-02-28",
        },
        {
            "region": "south",
            "count": 2,
            "sumAmount": "8.000",
            "maxClosedOn": "2026-03-09",
            "previousCount": 1,
            "previousSumAmount": "50.000",
            "previousMaxClosedOn": "2026-02-01",
        },
    ]
    assert (found["total"]["sumAmount"], found["total"]["previousSumAmount"]) == ("128.125", "80.000")
    labels = {each["name"]: each["label"] for each in found["columns"]}
    assert list(labels) == list(found["rows"][0])
    assert labels["previousSumAmount"] == "Amount, period before"
    earlier = await report(api, "boss", 'monthly, at: "2026-02-11"', "from to rows")
    assert (earlier["from"], earlier["to"]) == ("2026-02-01", "2026-02-28")
    numbers = told(earlier["rows"], "region", "count", "previousCount")
    assert numbers == [("south", 1, 0), ("north", 1, 1)]
    nothing = await report(api, "boss", 'monthly, at: "2031-01-01"')
    assert (nothing["rows"], nothing["total"]["count"]) == ([], 0)


async def test_a_period_of_instants_begins_in_the_time_zone_of_the_app(api: SmallApi) -> None:
    asked = "opened_by_week{}", "from to total"
    found = await report(api, "boss", asked[0].format(""), asked[1])
    counts = {"count": 3, "previousCount": 0}
    assert found == {"from": "2026-02-23", "to": "2026-03-01", "total": counts}
    found = await report(api, "boss", asked[0].format(', at: "2026-01-02"'), asked[1])
    assert found == {"from": "2025-12-29", "to": "2026-01-04", "total": {"count": 3, "previousCount": 0}}


async def test_what_is_to_be_reached_stands_beside_what_is(api: SmallApi) -> None:
    found = await report(api, "boss", "against", "columns { name type } rows total")
    names = ("owner", "closedOn", "sumAmount", "count", "target", "attainment", "gap")
    assert tuple(each["name"] for each in found["columns"]) == names
    rows = found["rows"]
    assert told(rows, *names) == [
        ("ann", "2026-01-01", "11.000", 1, None, None, None),
        ("ben", "2026-02-01", "80.000", 2, "40.000", "200.00", "-40.000"),
        ("ann", "2026-03-01", "127.125", 3, "200.000", "63.56", "72.875"),
        (None, "2026-03-01", "1.000", 1, None, None, None),
        ("ben", "2026-03-01", None, 0, "80.500", "0.00", "80.500"),
    ]
    total = found["total"]
    assert (total["sumAmount"], total["target"], total["attainment"]) == ("219.125", "320.500", "68.37")


async def test_a_target_in_a_period_takes_the_quotas_of_that_period(api: SmallApi) -> None:
    found = await report(api, "boss", "this_month")
    rows = found["rows"]
    names = ("owner", "count", "sumAmount", "previousSumAmount", "target", "gap")
    assert sorted(told(rows, *names), key=str) == [
        ("ann", 3, "127.125", None, "200.000", "72.875"),
        ("ben", 0, None, "80.000", "80.500", "80.500"),
        (None, 1, "1.000", None, None, None),
    ]
    found = await report(api, "boss", "winners")
    assert found["rows"] == [
        {"count": 4, "previousCount": 1, "target": "4.00", "attainment": "100.00", "gap": "0.00"}
    ]


async def test_it_adds_up_by_each_dimension(api: SmallApi) -> None:
    found = await report(api, "boss", "against", "subtotals { __typename dimension rows }")
    by_owner, by_month = found["subtotals"]
    assert (by_owner["__typename"], by_owner["dimension"], by_month["dimension"]) == (
        *("ReportSubtotal", "owner", "closedOn"),
    )
    rows = by_owner["rows"]
    assert sorted(told(rows, "owner", "sumAmount", "target"), key=str) == [
        ("ann", "138.125", "200.000"),
        ("ben", "80.000", "120.500"),
        (None, "1.000", None),
    ]
    assert told(by_month["rows"], "closedOn", "sumAmount", "target") == [
        ("2026-01-01", "11.000", None),
        ("2026-02-01", "80.000", "40.000"),
        ("2026-03-01", "128.125", "280.500"),
    ]


async def test_a_request_narrows_the_records(api: SmallApi) -> None:
    found = await report(api, "boss", "monthly, where: {deal: {region: {eq: south}}}")
    assert told(found["rows"], "region", "sumAmount") == [("south", "8.000")]
    text = "query ($where: ReportWhere) { report(name: monthly, where: $where) { total } }"
    found = await api.data("boss", text, where={"deal": {"amount": {"gt": "50"}}})
    assert found["report"]["total"]["count"] == 1
    found = await api.data("boss", text, where={"deal": {"amount": {"gt": "10"}}})
    assert found["report"]["total"]["count"] == 2
    assert (await api.data("boss", text, where=None))["report"]["total"]["count"] == 4
    for wrong in ('{visit: {name: {eq: "x"}}}', "{deal: {price: {gt: 1}}}"):
        assert (await api.refused("boss", f"{{ report(name: monthly, where: {wrong}) {{ rows }} }}"))[0] == (
            "BAD_REQUEST"
        )
    assert (await api.refused("boss", '{ report(name: visits, at: "2026-01-01") { rows } }'))[
        0
    ] == "BAD_REQUEST"
    assert (await report(api, "boss", "visits", "from to rows")) == {
        "from": None,
        "to": None,
        "rows": [{"count": 0}],
    }


async def test_it_is_told_under_the_rights_of_whoever_asks(api: SmallApi) -> None:
    found = await report(api, "ann", "against", "rows")
    assert told(found["rows"], "closedOn", "sumAmount", "count", "target") == [
        ("2026-01-01", "11.000", 1, None),
        ("2026-03-01", "120.125", 3, "200.000"),
    ]
    narrowed = await report(api, "ann", 'monthly, where: {deal: {amount: {lt: "50"}}}', "total")
    assert narrowed["total"]["count"] == 1
    text = "{ metadata { reports { name period target } } }"
    offered = (await api.data("boss", text))["metadata"]["reports"]
    assert {"name": "this_month", "period": "MONTH", "target": "revenue"} in offered
    assert [each["name"] for each in (await api.data("cat", text))["metadata"]["reports"]] == [
        "opened_by_week"
    ]
    assert (await api.refused("cat", "{ report(name: monthly) { rows } }"))[0] == "BAD_REQUEST"
