"""Work queues: several reasons for something to be done, over several objects, in one order (D52)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

OBJECTS = """
kind: object
name: customer
owned: true
fields:
  name: {type: text, searchable: true}
  grade: {type: choice, options: [a, b]}
  next_follow_up: {type: datetime}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text}
  amount: {type: money}
  cost: {type: money}
  close_date: {type: date}
  customer: {type: reference, to: customer, inverse: deals}
"""
QUEUES = """
kind: queue
name: today
label: {en: Today, zh: 今日}
object: customer
items:
  - {name: all_mine, where: {owner: $user.id}, priority: 1, due: $today + 7d}
  - name: overdue
    where: {next_follow_up: {lt: $now}}
    priority: 20
    due: next_follow_up
    reason: {en: Call back, zh: 回电}
    script: {en: Ask how it went., zh: 问问进展。}
  - {name: good, where: {grade: a}, priority: 20}
  - {name: closing, object: deal, where: {close_date: {lte: $today + 3d}}, priority: 20, due: close_date}
  - {name: costly, object: deal, where: {cost: {gt: 100}}, priority: 30}
---
kind: queue
name: bosses
object: deal
items: [{name: every_one}]
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
  customer:
    read: true
    fields: {name: read, owner: read, grade: read, next_follow_up: {read: {where: {owner: $user.id}}}}
  deal: {read: {where: {owner: $user.id}}, fields: {name: read, owner: read, close_date: read}}
---
kind: role
name: clerk
objects:
  deal: {read: true, fields: {name: read}}
"""

LIST = "item priority reason script due object id title"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, OBJECTS, QUEUES, ROLES) as found:
        ann = await found.person("ann", "sales")
        ben = await found.person("ben", "boss")
        await found.person("cat", "clerk")
        await found.person("root", "admin")
        for name, grade, owner, at in (
            ("Late", "b", ann, "2026-02-20T10:00:00Z"),
            ("Later", "a", ann, "2026-02-25T23:30:00Z"),
            ("Theirs", "b", ben, "2026-02-01T10:00:00Z"),
            ("Good", "a", ben, None),
            ("Plain", "b", ann, "2026-04-01T10:00:00Z"),
        ):
            await found.new("customer", name=name, grade=grade, owner=owner, next_follow_up=at)
        for name, cost, owner, day in (
            ("soon", "1", ann, "2026-02-22"),
            ("dear", "500", ann, "2026-02-21"),
            ("far", "1", ann, "2026-09-01"),
        ):
            await found.new("deal", name=name, cost=cost, owner=owner, close_date=day)
        yield found


async def queue(api: SmallApi, who: str, selection: str, arguments: str = "name: today", **given: Any) -> Any:
    head = "query($after: String)" if given else ""
    return (await api.data(who, f"{head}{{ workQueue({arguments}) {{ {selection} }} }}", **given))[
        "workQueue"
    ]


async def titles(api: SmallApi, who: str, arguments: str = "name: today") -> list[tuple[str, str]]:
    found = await queue(api, who, "nodes { title item }", arguments)
    return [(each["title"], each["item"]) for each in found["nodes"]]


async def test_the_most_pressing_comes_first_and_each_record_once(api: SmallApi) -> None:
    assert await titles(api, "ben") == [
        ("dear", "costly"),
        ("Theirs", "overdue"),
        ("Late", "overdue"),
        ("soon", "closing"),
        ("Later", "overdue"),
        ("Good", "good"),
    ]


async def test_it_is_asked_with_the_rights_of_whoever_asks(api: SmallApi) -> None:
    assert await titles(api, "ann") == [
        ("Late", "overdue"),
        ("dear", "closing"),
        ("soon", "closing"),
        ("Later", "overdue"),
        ("Good", "good"),
        ("Plain", "all_mine"),
    ]


async def test_an_entry_says_what_why_and_until_when(api: SmallApi) -> None:
    record = "record { id ... on Customer { name owner { name } } ... on Deal { closeDate } }"
    found = await queue(api, "ann", f"__typename nodes {{ __typename {LIST} {record} }}")
    first, second = found["nodes"][:2]
    assert found["__typename"] == "WorkQueueConnection"
    assert first == {
        "__typename": "WorkQueueEntry",
        "item": "overdue",
        "priority": 20,
        "reason": "Call back",
        "script": "Ask how it went.",
        "due": "2026-02-20",
        "object": "customer",
        "id": first["record"]["id"],
        "title": "Late",
        "record": {"id": first["id"], "name": "Late", "owner": {"name": "ann"}},
    }
    assert (second["object"], second["record"]["closeDate"], second["script"]) == ("deal", "2026-02-21", None)
    assert found["nodes"][-1]["due"] == "2026-03-08"
    api.locale = "zh"
    told = (await queue(api, "ann", "nodes { reason script }"))["nodes"][0]
    assert told == {"reason": "回电", "script": "问问进展。"}


async def test_what_lies_behind_a_record_is_asked_for_too(api: SmallApi) -> None:
    await api.new("deal", name="of it", customer=(await queue(api, "ben", "nodes { id }"))["nodes"][2]["id"])
    below = "deals(first: 1) { totalCount nodes { name } pageInfo { hasNextPage } }"
    found = await queue(api, "ben", f"nodes {{ title record {{ ... on Customer {{ {below} }} }} }}")
    (late,) = (each for each in found["nodes"] if each["title"] == "Late")
    deals = {"totalCount": 1, "nodes": [{"name": "of it"}], "pageInfo": {"hasNextPage": False}}
    assert late["record"] == {"deals": deals}


async def test_an_instant_is_due_on_its_day_in_the_zone_of_the_app(database_url: str) -> None:
    east = "timezone: Asia/Shanghai"
    async with small_api(database_url, OBJECTS, QUEUES, ROLES, app=east) as api:
        ann = await api.person("ann", "sales")
        await api.new("customer", name="Late", owner=ann, next_follow_up="2026-02-20T23:00:00Z")
        assert (await queue(api, "ann", "nodes { due }"))["nodes"] == [{"due": "2026-02-21"}]


async def test_it_is_paged_and_counted_as_one_statement(api: SmallApi) -> None:
    page = "totalCount edges { cursor node { title } } pageInfo { hasNextPage endCursor }"
    seen: list[str] = []
    after: str | None = None
    while True:
        api.heard.clear()
        found = await queue(api, "ann", page, "name: today, first: 2, after: $after", after=after)
        assert len(api.heard) == 1
        assert found["totalCount"] == 6
        seen += [each["node"]["title"] for each in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert seen == ["Late", "dear", "soon", "Later", "Good", "Plain"]
    back = await queue(api, "ann", "nodes { title }", "name: today, last: 2")
    assert [each["title"] for each in back["nodes"]] == ["Good", "Plain"]
    foreign = "query { workQueue(name: today, first: 2000) { totalCount } }"
    assert (await api.refused("ann", foreign))[0] == "BAD_REQUEST"
    text = "query($after: String) { workQueue(name: bosses, after: $after) { totalCount nodes { id } } }"
    assert (await api.refused("ben", text, after=after))[0] == "BAD_REQUEST"


async def test_only_what_is_offered_is_there(api: SmallApi) -> None:
    names = (
        '{ __type(name: "QueueName") { enumValues { name } } metadata { queues { name items { name } } } }'
    )
    found = await api.data("ben", names)
    assert [each["name"] for each in found["__type"]["enumValues"]] == ["today", "bosses"]
    found = await api.data("ann", names)
    assert [each["name"] for each in found["__type"]["enumValues"]] == ["today"]
    (told,) = found["metadata"]["queues"]
    assert [each["name"] for each in told["items"]] == ["all_mine", "overdue", "good", "closing"]
    hidden = (await api.error("ann", "{ workQueue(name: bosses) { totalCount } }"))["message"]
    unknown = (await api.error("ann", "{ workQueue(name: dosses) { totalCount } }"))["message"]
    assert hidden.replace("bosses", "dosses") == unknown
    text = "query($wanted: QueueName!) { workQueue(name: $wanted) { totalCount } }"
    assert (await api.refused("ann", text, wanted="bosses"))[0] == "BAD_REQUEST"
    assert (await titles(api, "root", "name: bosses"))[0] == ("soon", "every_one")


async def test_who_may_ask_for_nothing_has_no_queue(api: SmallApi) -> None:
    text = '{ __type(name: "QueueName") { name } metadata { queues { name } } }'
    assert await api.data("cat", text) == {"__type": None, "metadata": {"queues": []}}
    assert (await api.refused("cat", "{ workQueue(name: today) { totalCount } }"))[0] == "BAD_REQUEST"
