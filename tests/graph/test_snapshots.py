"""Snapshots: taken by whoever may, compared under the rights of whoever asks, in one statement."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.access.scope import SystemScope
from salesmode.database.unit import Step
from salesmode.records import delete, take_snapshot
from tests.support.small_api import SYSTEM, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: deal
owned: true
fields:
  name: {type: text, required: true}
  amount: {type: money}
  fee: {type: decimal, scale: 2}
  ends: {type: date}
  close_date: {type: date}
---
kind: pipeline
name: long
object: deal
skip: true
back: true
reopen: true
stages:
  - {name: qualify, probability: 10}
  - {name: offer, probability: 50, forecast: best_case}
  - {name: contract, probability: 90, forecast: commit}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: short
object: deal
granularity: simple
amount: fee
close_date: ends
forecast: commit
---
kind: object
name: plan
fields:
  name: {type: text}
  amount: {type: decimal, scale: 4}
---
kind: pipeline
name: planning
object: plan
granularity: simple
---
kind: role
name: boss
objects:
  plan: {read: true, snapshot: true, fields: {default: read}}
  deal: {read: true, snapshot: true, fields: {default: read}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: rep
objects:
  deal:
    read: {where: {owner: $user.id}}
    fields: {default: read, amount: {read: {where: {name: {ne: Two}}}}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: blind
objects:
  deal: {read: true, snapshot: true, fields: {name: read, amount: read, pipeline: read, status: read}}
"""
TAKE = """mutation ($title: String!) {
  takeDealSnapshot(name: $title) { id snapshot { name object createdBy { name } } } }"""
LINE = "key { group } count amountThen amountNow"

NAMES = ["Won", "Lost", "Forward", "Back", "Slipped", "Dearer", "Same", "Gone", "Early", "Before", "Again"]


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        for name, role in (
            ("root", "admin"),
            ("boss", "boss"),
            ("ann", "rep"),
            ("ben", "rep"),
            ("bo", "blind"),
        ):
            await found.person(name, role)
        yield found


async def deal(
    api: SmallApi, name: str, amount: int | None = 100, owner: str = "ann", **values: object
) -> str:
    worth = {"amount": None if amount is None else Decimal(amount), "close_date": date(2026, 4, 1)}
    given: Mapping[str, object] = {"pipeline": "long", "owner": api.people[owner]["id"], **worth, **values}
    return await api.new("deal", name=name, **given)


async def taken(api: SmallApi, person: str = "boss", name: str = "Q1") -> str:
    found = (await api.data(person, TAKE, title=name))["takeDealSnapshot"]
    assert found["snapshot"] == {"name": name, "object": "deal", "createdBy": {"name": person}}
    return str(found["id"])


async def compared(
    api: SmallApi, person: str, since: str, arguments: str = "", **variables: Any
) -> list[Any]:
    api.heard.clear()
    asked = f"dealSnapshotComparison(from: $since, to: $until{arguments}) {{ {LINE} }}"
    text = f"query ($since: ID!, $until: ID) {{ {asked} }}"
    found = (await api.data(person, text, since=since, **variables))["dealSnapshotComparison"]
    assert len(api.heard) == 1
    return [(each["key"]["group"], each["count"], each["amountThen"], each["amountNow"]) for each in found]


async def gone(api: SmallApi, id_: str) -> None:
    await api.database.run(lambda: delete(SystemScope(api.tables), "deal", [id_], SYSTEM))


async def changed(api: SmallApi) -> str:
    """A snapshot, and afterwards one of each thing that may become of a deal; two were closed before."""
    ids = {name: await deal(api, name, 100 + at) for at, name in enumerate(NAMES)}
    for name in ("Back", "Again"):
        await api.move("deal", ids[name], "contract")
    for name in ("Before", "Again"):
        await api.move("deal", ids[name], "won")
    snapshot = await taken(api)
    await deal(api, "New", 500)
    for name, to in (
        ("Won", "won"),
        ("Lost", "lost"),
        ("Forward", "offer"),
        ("Back", "qualify"),
        ("Again", "contract"),
    ):
        await api.move("deal", ids[name], to)
    await api.change("deal", ids["Slipped"], close_date=date(2026, 4, 2), amount=Decimal(90))
    await api.change("deal", ids["Early"], close_date=date(2026, 3, 2))
    await api.change("deal", ids["Dearer"], amount=Decimal("200.5"))
    await gone(api, ids["Gone"])
    return snapshot


EXPECTED = [
    ("new", 1, None, "500.00"),
    ("won", 1, "100.00", "100.00"),
    ("lost", 1, "101.00", "101.00"),
    ("forward", 1, "102.00", "102.00"),
    ("back", 2, "213.00", "213.00"),
    ("slipped", 1, "104.00", "90.00"),
    ("amount_changed", 1, "105.00", "200.50"),
    ("unchanged", 2, "214.00", "214.00"),
    ("gone", 1, "107.00", None),
]


async def test_every_record_counts_once_by_what_became_of_it(api: SmallApi) -> None:
    snapshot = await changed(api)
    assert await compared(api, "boss", snapshot) == EXPECTED
    assert await compared(api, "root", snapshot) == EXPECTED


async def test_two_snapshots_are_compared_whatever_came_later(api: SmallApi) -> None:
    first = await changed(api)
    second = await taken(api, name="Q2")
    (last,) = (await api.data("boss", '{ deals(where: {name: {eq: "Same"}}) { nodes { id } } }'))["deals"][
        "nodes"
    ]
    await api.move("deal", last["id"], "won")
    await deal(api, "Newer", 1)
    assert await compared(api, "boss", first, until=second) == EXPECTED
    assert await compared(api, "boss", second) == [
        ("new", 1, None, "1.00"),
        ("won", 1, "106.00", "106.00"),
        ("unchanged", 7, "1213.50", "1213.50"),
    ]
    backwards = {group: count for group, count, _, _ in await compared(api, "boss", second, until=first)}
    assert (backwards["new"], backwards["gone"]) == (1, 1)


async def test_lines_are_told_by_the_category_of_then(api: SmallApi) -> None:
    one, two = await deal(api, "One", 1), await deal(api, "Two", 2)
    await api.move("deal", two, "contract")
    snapshot = await taken(api)
    for id_ in (one, two):
        await api.move("deal", id_, "won")
    await deal(api, "Three", 3)
    text = """query ($since: ID!) { dealSnapshotComparison(from: $since, by: [CATEGORY, PIPELINE, OWNER]) {
      key { group category pipeline owner { name } } count amountThen } }"""
    found = (await api.data("boss", text, since=snapshot))["dealSnapshotComparison"]
    ann = {"pipeline": "long", "owner": {"name": "ann"}}
    assert found == [
        {"key": {"group": "new", "category": "pipeline", **ann}, "count": 1, "amountThen": None},
        {"key": {"group": "won", "category": "pipeline", **ann}, "count": 1, "amountThen": "1.00"},
        {"key": {"group": "won", "category": "commit", **ann}, "count": 1, "amountThen": "2.00"},
    ]


async def test_it_is_told_under_the_rights_of_whoever_asks(api: SmallApi) -> None:
    await deal(api, "One", 1, owner="ben")
    two = await deal(api, "Two", 2)
    three = await deal(api, "Three", 4)
    snapshot = await taken(api)
    for id_ in (two, three):
        await api.move("deal", id_, "offer")
        await api.change("deal", id_, amount=Decimal(8))
    await gone(api, three)
    assert await compared(api, "ben", snapshot) == [("unchanged", 1, "1.00", "1.00")]
    assert await compared(api, "ann", snapshot) == [("forward", 1, None, None), ("gone", 1, "4.00", None)]
    filtered = await compared(api, "boss", snapshot, ', where: {name: {eq: "One"}}')
    assert filtered == [("unchanged", 1, "1.00", "1.00")]


async def test_amounts_and_dates_are_those_that_the_pipeline_names(api: SmallApi) -> None:
    one = await deal(api, "One", 7, pipeline="short", fee=Decimal("1.23"), ends=date(2026, 5, 1))
    snapshot = await taken(api)
    await api.change("deal", one, amount=Decimal(9), close_date=date(2027, 1, 1))
    lines = await compared(api, "boss", snapshot)
    assert lines == [("unchanged", 1, "1.23", "1.23")]
    await api.change("deal", one, ends=date(2026, 5, 2))
    assert (await compared(api, "boss", snapshot))[0][0] == "slipped"


async def test_who_may_not_take_or_see_them_has_none(api: SmallApi) -> None:
    snapshot = await taken(api)
    assert (await api.refused("ann", TAKE, title="x"))[0] == "BAD_REQUEST"
    assert (await api.refused("bo", TAKE, title="x"))[0] == "BAD_REQUEST"
    asked = f'{{ dealSnapshotComparison(from: "{snapshot}") {{ count }} }}'
    assert (await api.refused("bo", asked))[0] == "BAD_REQUEST"
    assert (await api.refused("bo", "{ snapshots { totalCount } }"))[0] == "BAD_REQUEST"
    assert (await api.data("ann", "{ snapshots { nodes { name } } }"))["snapshots"]["nodes"] == [
        {"name": "Q1"}
    ]
    assert (await api.refused("root", "{ snapshotItems { totalCount } }"))[0] == "BAD_REQUEST"
    assert (await api.refused("root", 'mutation { deleteSnapshot(id: "x") { id } }'))[0] == "BAD_REQUEST"


async def test_a_snapshot_that_there_is_not_is_not_found(api: SmallApi) -> None:
    snapshot = await taken(api)
    strange = "00000000-0000-7000-8000-000000000000"
    for since, until in ((strange, None), (snapshot, strange)):
        text = (
            "query ($since: ID!, $until: ID) { dealSnapshotComparison(from: $since, to: $until) { count } }"
        )
        assert (await api.refused("boss", text, since=since, until=until))[0] == "NOT_FOUND"
    assert (await api.refused("boss", TAKE, title="x" * 201)) == (
        "VALIDATION_FAILED",
        [(("name",), "too_long")],
    )


async def test_the_system_takes_one_of_all_records_in_one_statement(api: SmallApi) -> None:
    for at in range(40):
        await deal(api, f"D{at}", at)
    api.heard.clear()
    scope = SystemScope(api.tables)
    (id_,) = await api.database.run(lambda: take_snapshot(scope, "deal", "nightly", replace(SYSTEM, user={})))
    items = [each for each in api.heard if "sm_snapshot_item" in each]
    assert len(items) == 1
    rows = await api.database.fetch(Step("SELECT id, snapshot_id FROM sm_snapshot_item", ()))
    assert {str(each[1]) for each in rows} == {id_}
    ids = {str(each[0]) for each in rows}
    assert len(ids) == 40
    assert all(each[14] == "7" and each[19] in "89ab" for each in ids)
    assert await compared(api, "boss", id_) == [("unchanged", 40, "780.00", "780.00")]


async def test_amounts_have_the_places_of_their_own_object(api: SmallApi) -> None:
    plan = await api.new("plan", name="P", amount=Decimal("1.2345"))
    taken = await api.data("boss", 'mutation { takePlanSnapshot(name: "P") { id } }')
    await api.change("plan", plan, amount=Decimal("2.0001"))
    asked = "query ($since: ID!) { planSnapshotComparison(from: $since) { amountThen amountNow } }"
    found = await api.data("boss", asked, since=taken["takePlanSnapshot"]["id"])
    assert found["planSnapshotComparison"] == [{"amountThen": "1.2345", "amountNow": "2.0001"}]
    deals = "query ($since: ID!) { dealSnapshotComparison(from: $since) { count } }"
    assert (await api.refused("boss", deals, since=taken["takePlanSnapshot"]["id"]))[0] == "NOT_FOUND"
