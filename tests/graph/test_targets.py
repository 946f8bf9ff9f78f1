"""Targets: what is to be reached by period, and what is, by user and by team (D13, D55)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

OBJECTS = """
kind: object
name: deal
owned: true
fields:
  name: {type: text}
  amount: {type: money}
  won: {type: boolean}
  closed: {type: datetime}
  signed_on: {type: date}
  seller: {type: user}
"""
TARGETS = """
kind: target
name: revenue
object: deal
label: {en: Revenue, zh: 收入}
measure: {sum: amount}
where: {won: true}
date: closed
---
kind: target
name: signatures
object: deal
measure: {count: true}
date: signed_on
user: seller
period: quarter
roles: [boss]
"""
ROLES = """
kind: role
name: boss
objects:
  user: {read: true, fields: {default: read}}
  team: {read: true, fields: {default: read}}
  deal: {read: true, fields: {default: read}}
  quota: {read: true, create: true, update: true, delete: true, fields: {default: write}}
---
kind: role
name: sales
objects:
  user: {read: true, fields: {name: read}}
  deal:
    read: {where: {owner: $user.id}}
    fields: {name: read, owner: read, won: read, closed: read, amount: {read: {where: {won: true}}}}
  quota: {read: {where: {user: $user.id}}, fields: {default: read}}
---
kind: role
name: clerk
objects:
  deal: {read: true, fields: {name: read, owner: read, won: read, closed: read}}
  quota: {read: true, fields: {default: read}}
"""

ROW = "startsOn quota actual attainment gap"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, OBJECTS, TARGETS, ROLES, app="timezone: Asia/Shanghai") as found:
        everybody = await found.new("team", name="Everybody")
        north = await found.new("team", name="North", parent=everybody)
        ann = await found.person("ann", "sales", team=north)
        ben = await found.person("ben", "boss", team=everybody)
        await found.person("cat", "clerk")
        await found.person("root", "admin")
        for owner, amount, won, closed in (
            (ann, "100.50", True, "2026-01-10T10:00:00Z"),
            (ann, "50", True, "2026-01-31T17:00:00Z"),
            (ann, "70", False, "2026-01-12T10:00:00Z"),
            (ben, "300", True, "2026-01-20T10:00:00Z"),
            (None, "900", True, "2026-01-20T10:00:00Z"),
            (ann, "900", True, None),
        ):
            await found.new("deal", owner=owner, amount=amount, won=won, closed=closed, seller=ann)
        for values in (
            {"user": ann, "starts_on": "2026-01-01", "amount": "300"},
            {"user": ann, "starts_on": "2026-03-15", "amount": "80"},
            {"user": ben, "starts_on": "2026-01-01", "amount": "200"},
            {"team": everybody, "starts_on": "2026-01-01", "amount": "1000"},
        ):
            await found.new("quota", target="revenue", **values)
        yield found


def year(target: str = "revenue", more: str = "") -> str:
    return f'attainment(target: {target}, from: "2026-01-01", to: "2026-12-31"{more})'


async def rows(api: SmallApi, who: str, selection: str, field: str = "") -> list[Any]:
    found: list[Any] = (await api.data(who, f"{{ {field or year()} {{ {selection} }} }}"))["attainment"]
    return found


def told(row: Any) -> list[Any]:
    return [row["startsOn"], row["quota"], row["actual"], row["attainment"], row["gap"]]


async def test_what_is_to_be_reached_stands_beside_what_is(api: SmallApi) -> None:
    found = await rows(api, "ben", f"__typename user {{ name }} team {{ name }} {ROW}")
    assert {(each["__typename"], each["team"]) for each in found} == {("Attainment", None)}
    assert [(each["user"]["name"], *told(each)) for each in found] == [
        ("ben", "2026-01-01", "200.00", "300.00", "150.00", "-100.00"),
        ("ann", "2026-01-01", "300.00", "100.50", "33.50", "199.50"),
        ("ann", "2026-02-01", None, "50.00", None, None),
        ("ann", "2026-03-01", "80.00", "0.00", "0.00", "80.00"),
    ]


async def test_a_team_reaches_what_those_below_it_reach(api: SmallApi) -> None:
    found = await rows(api, "ben", f"team {{ name }} user {{ name }} {ROW}", year(more=", by: TEAM"))
    assert [(each["team"]["name"], each["user"], *told(each)) for each in found] == [
        ("Everybody", None, "2026-01-01", "1000.00", "400.50", "40.05", "599.50"),
        ("North", None, "2026-01-01", None, "100.50", None, None),
        ("Everybody", None, "2026-02-01", None, "50.00", None, None),
        ("North", None, "2026-02-01", None, "50.00", None, None),
    ]


async def test_it_is_measured_with_the_rights_of_whoever_asks(api: SmallApi) -> None:
    found = await rows(api, "ann", f"user {{ name }} {ROW}")
    assert [(each["user"]["name"], *told(each)) for each in found] == [
        ("ann", "2026-01-01", "300.00", "100.50", "33.50", "199.50"),
        ("ann", "2026-02-01", None, "50.00", None, None),
        ("ann", "2026-03-01", "80.00", "0.00", "0.00", "80.00"),
    ]


async def test_records_are_counted_for_whom_the_target_says_by_its_period(api: SmallApi) -> None:
    ann = api.people["ann"]["id"]
    for day in ("2026-04-01", "2026-06-30", "2026-07-01"):
        await api.new("deal", seller=ann, signed_on=day)
    await api.new("quota", target="signatures", user=ann, starts_on="2026-05-05", amount="4")
    found = await rows(api, "ben", f"user {{ name }} {ROW}", year("signatures"))
    assert [(each["user"]["name"], *told(each)) for each in found] == [
        ("ann", "2026-04-01", "4.00", "2.00", "50.00", "2.00"),
        ("ann", "2026-07-01", None, "1.00", None, None),
    ]


async def test_only_periods_that_begin_in_these_days_are_told(api: SmallApi) -> None:
    text = "query($from: Date!, $to: Date!, $first: Int) {"
    text += " attainment(target: revenue, from: $from, to: $to, first: $first) { startsOn } }"
    ask = {"from": "2026-01-02", "to": "2026-03-01"}
    api.heard.clear()
    found = await api.data("ann", text, **ask)
    assert len(api.heard) == 1
    assert found["attainment"] == [{"startsOn": "2026-02-01"}, {"startsOn": "2026-03-01"}]
    assert (await api.data("ann", text, **ask, first=1))["attainment"] == [{"startsOn": "2026-02-01"}]
    assert (await api.refused("ann", text, **ask, first=2000))[0] == "BAD_REQUEST"
    assert (await api.refused("ann", text, **{**ask, "to": "soon"}))[0] == "VALIDATION_FAILED"


async def test_only_what_is_offered_is_there(api: SmallApi) -> None:
    text = """{
        metadata { targets { name label object period date sum } }
        names: __type(name: "TargetName") { enumValues { name } }
        by: __type(name: "QuotaHolder") { enumValues { name } }
    }"""
    found = await api.data("ben", text)
    assert [each["name"] for each in found["names"]["enumValues"]] == ["revenue", "signatures"]
    assert [each["name"] for each in found["by"]["enumValues"]] == ["USER", "TEAM"]
    found = await api.data("ann", text)
    assert found["metadata"]["targets"] == [
        {
            "name": "revenue",
            "label": "Revenue",
            "object": "deal",
            "period": "month",
            "date": "closed",
            "sum": "amount",
        }
    ]
    assert [each["name"] for each in found["by"]["enumValues"]] == ["USER"]
    for field in (year(more=", by: TEAM"), year("signatures")):
        assert (await api.refused("ann", f"{{ {field} {{ quota }} }}"))[0] == "BAD_REQUEST"
    assert (await api.refused("ann", f"{{ {year()} {{ team {{ id }} }} }}"))[0] == "BAD_REQUEST"
    found = await api.data("cat", text)
    assert found == {"metadata": {"targets": []}, "names": None, "by": None}
    assert (await api.refused("cat", f"{{ {year()} {{ quota }} }}"))[0] == "BAD_REQUEST"


async def test_a_quota_is_of_one_holder_and_of_a_target_that_there_is(api: SmallApi) -> None:
    text = "mutation($input: QuotaCreate!) { createQuota(input: $input) { quota { amount } } }"
    ann, day = api.people["ann"]["id"], "2026-06-01"
    nobody = {"target": "revenue", "startsOn": day, "amount": "5"}
    created = await api.data("ben", text, input={**nobody, "user": ann})
    assert created["createQuota"]["quota"] == {"amount": "5.00"}
    assert await api.refused("ben", text, input=nobody) == (
        "VALIDATION_FAILED",
        [(("input",), "of_one_holder")],
    )
    unknown = {**nobody, "user": ann, "target": "revenues"}
    assert await api.refused("ben", text, input=unknown) == (
        "VALIDATION_FAILED",
        [(("input",), "known_target")],
    )
    assert (await api.refused("ben", text, input={**nobody, "user": ann}))[0] == "CONFLICT"
