"""Tags kept by rule (RULING 30): every way to write, one relation far, and the sweep for the rest."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from salesmode.access.scope import SystemScope
from salesmode.model.condition import Compare, Literal
from salesmode.records import create, delete, restore, sweep, transfer_ownership, update, update_where, upsert
from tests.support.small_api import SYSTEM, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: household
owned: true
fields:
  name: {type: text, required: true, unique: true}
  children: {type: integer}
  visit_count: {type: rollup, over: visits, count: true}
  group: {type: reference, to: group}
---
kind: object
name: group
fields: {name: {type: text}, vip: {type: boolean}}
---
kind: object
name: visit
fields:
  name: {type: text}
  household: {type: reference, to: household, inverse: visits, on_delete: cascade}
  at: {type: datetime}
  effective: {type: boolean}
---
kind: tag
name: big_family
object: household
states: [fresh, old]
auto: {where: {children: {gte: 3}}}
---
kind: tag
name: visited
object: household
auto: {where: {visits: {some: {effective: true}}}}
---
kind: tag
name: busy
object: household
auto: {where: {visit_count: {gte: 2}}}
---
kind: tag
name: mine
object: household
auto: {where: {owner: {isNull: false}}}
---
kind: tag
name: of_vips
object: household
auto: {where: {group: {vip: true}}}
---
kind: tag
name: recent
object: household
auto: {where: {visits: {some: {at: {gte: $now - 10d}}}}}
---
kind: tag
name: by_hand
object: household
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        await found.person("root", "admin")
        yield found


async def tags(api: SmallApi, *, of: str | None = None) -> list[str]:
    """The tags of the only household, or of that one."""
    where = f'(where: {{name: {{eq: "{of}"}}}})' if of else ""
    found = await api.data("root", f"{{ households{where} {{ nodes {{ tags {{ name }} }} }} }}")
    (node,) = found["households"]["nodes"]
    return sorted(each["name"] for each in node["tags"])


async def run(api: SmallApi, unit: Callable[..., Any], *args: Any, **more: Any) -> Any:
    """A unit of work with the system's rights, now."""
    environment = replace(SYSTEM, now=api.now)
    return await api.database.run(lambda: unit(SystemScope(api.tables), *args, environment, **more))


async def test_a_rule_is_followed_by_creating_and_changing(api: SmallApi) -> None:
    id_ = await api.new("household", name="Li", children=3)
    assert await tags(api) == ["big_family"]
    await api.change("household", id_, children=2)
    assert await tags(api) == []
    await api.change("household", id_, children=5)
    assert await tags(api) == ["big_family"]
    text = "{ tags { nodes { state since by { name } expiresAt } } }"
    told = {"state": "fresh", "since": "2026-03-01T12:00:00Z", "by": None, "expiresAt": None}
    assert (await api.data("root", text))["tags"]["nodes"] == [told]


async def test_what_stays_as_it_is_costs_no_version(api: SmallApi) -> None:
    id_ = await api.new("household", name="Li", children=3)
    await api.change("household", id_, children=4)
    text = "{ households { nodes { version history { nodes { changes { field } } } } } }"
    (node,) = (await api.data("root", text))["households"]["nodes"]
    assert node["version"] == 3
    fields = [each["field"] for entry in node["history"]["nodes"] for each in entry["changes"]]
    assert fields.count("tags") == 1


async def test_a_rule_is_followed_by_writes_of_many(api: SmallApi) -> None:
    rows = [{"name": f"H{at}", "children": at} for at in range(5)]
    ids = await run(api, create, "household", rows)
    counted = "{ tagAggregate(groupBy: [{field: name}]) { key { name } count } }"

    async def big() -> int:
        found = (await api.data("root", counted))["tagAggregate"]
        return next((each["count"] for each in found if each["key"]["name"] == "big_family"), 0)

    assert await big() == 2
    await run(api, update_where, "household", Compare("children", "lt", Literal(2)), {"children": 9})
    assert await big() == 4
    await run(api, update, "household", list(ids), {"children": 0})
    assert await big() == 0
    rows = [{"name": "H0", "children": 3}, {"name": "new", "children": 3}]
    await run(api, upsert, "household", ("name",), rows)
    assert await big() == 2


async def test_a_rule_over_a_relation_is_followed_by_what_belongs_to_the_record(api: SmallApi) -> None:
    li = await api.new("household", name="Li")
    wu = await api.new("household", name="Wu")
    visit = await api.new("visit", household=li, effective=True)
    assert await tags(api, of="Li") == ["visited"]
    await api.change("visit", visit, household=wu)
    assert (await tags(api, of="Li"), await tags(api, of="Wu")) == ([], ["visited"])
    await api.change("visit", visit, effective=False)
    assert await tags(api, of="Wu") == []
    await api.change("visit", visit, effective=True)
    await run(api, delete, "visit", [visit])
    assert await tags(api, of="Wu") == []
    await run(api, restore, "visit", [visit])
    assert await tags(api, of="Wu") == ["visited"]
    await api.change("visit", visit, household=None)
    assert await tags(api, of="Wu") == []


async def test_a_rule_about_a_rollup_is_followed_too(api: SmallApi) -> None:
    li = await api.new("household", name="Li")
    visits = [await api.new("visit", household=li) for _ in range(2)]
    assert await tags(api) == ["busy"]
    await run(api, delete, "visit", visits[:1])
    assert await tags(api) == []


async def test_a_nested_create_is_followed(api: SmallApi) -> None:
    await run(api, create, "household", [{"name": "Li", "visits": {"create": [{"effective": True}, {}]}}])
    assert await tags(api) == ["busy", "visited"]


async def test_tags_go_and_come_back_with_their_record(api: SmallApi) -> None:
    li = await api.new("household", name="Li", children=3)
    await run(api, delete, "household", [li])
    assert (await api.data("root", "{ tags { totalCount } }"))["tags"]["totalCount"] == 0
    await run(api, restore, "household", [li])
    assert await tags(api) == ["big_family"]


async def test_handing_over_is_followed(api: SmallApi) -> None:
    ann = await api.person("ann", "admin")
    li = await api.new("household", name="Li", owner=ann)
    assert await tags(api) == ["mine"]
    await api.database.run(lambda: transfer_ownership(SystemScope(api.tables), ann, None, SYSTEM))
    assert await tags(api) == []
    await api.change("household", li, owner=ann)
    await run(api, delete, "user", [ann])
    assert await tags(api) == []


Swept = Callable[[], Awaitable[int]]


@pytest.fixture
def swept(api: SmallApi) -> Swept:
    async def all_records() -> int:
        return await api.database.run(lambda: sweep(api.tables, replace(SYSTEM, now=api.now)))

    return all_records


async def test_the_sweep_follows_what_is_further_away_and_time(api: SmallApi, swept: Swept) -> None:
    group = await api.new("group", name="G")
    li = await api.new("household", name="Li", group=group)
    await api.new("visit", household=li, at=api.now)
    assert await tags(api) == ["recent"]
    await api.change("group", group, vip=True)
    api.now += timedelta(days=11)
    assert await tags(api) == ["recent"]
    assert await swept() == 1
    assert await tags(api) == ["of_vips"]
    assert await swept() == 0


async def test_a_sweep_takes_any_number_of_records(
    api: SmallApi, swept: Swept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("salesmode.records.automatic._PAGE", 3)
    group = await api.new("group", name="G")
    await run(api, create, "household", [{"name": f"H{at}", "group": group} for at in range(8)])
    await api.change("group", group, vip=True)
    assert await swept() == 8
    assert (await api.data("root", "{ tags { totalCount } }"))["tags"]["totalCount"] == 8


async def test_what_was_set_by_hand_is_no_rules_business(api: SmallApi, swept: Swept) -> None:
    li = await api.new("household", name="Li")
    text = "mutation ($id: ID!) { tagHousehold(id: $id, tag: by_hand) { id } }"
    await api.data("root", text, id=li)
    await swept()
    await api.change("household", li, children=4)
    assert await tags(api) == ["big_family", "by_hand"]


async def test_a_write_of_what_no_rule_looks_at_asks_nothing(api: SmallApi) -> None:
    li = await api.new("household", name="Li", children=3)
    api.heard.clear()
    await api.change("household", li, name="Wu")
    assert not [each for each in api.heard if "sm_tag" in each]
    group = await api.new("group", name="G")
    assert not [each for each in api.heard if "sm_tag" in each]
    await api.change("household", li, group=group)
    assert [each for each in api.heard if "sm_tag" in each]
