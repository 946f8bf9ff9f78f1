"""Tags that have expired go: nobody saw them since, and now history and listeners know."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from salesmode.access.scope import SystemScope
from salesmode.records import expire, tag
from tests.support.small_api import SYSTEM, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: household
owned: true
fields: {name: {type: text}}
---
kind: tag
name: hot
object: household
states: [warm, boiling]
fields: {why: {type: text}}
expires_after: 10d
---
kind: tag
name: cold
object: household
expires_after: 10d
---
kind: tag
name: lasting
object: household
"""
HISTORY = "query($id: ID!) { household(id: $id) { version history { nodes { changes { field old new } } } } }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        await found.person("ann", "admin")
        yield found


async def mark(api: SmallApi, id_: str, name: str, **values: object) -> None:
    given, environment = {"id": id_, "tag": name}, replace(SYSTEM, now=api.now)
    scope = SystemScope(api.tables)
    await api.database.run(lambda: tag(scope, "household", given, values or None, environment))


async def expired(api: SmallApi) -> int:
    return await api.database.run(lambda: expire(api.tables, replace(SYSTEM, now=api.now)))


async def test_what_has_expired_goes_once_and_is_told(api: SmallApi) -> None:
    home, other = [await api.new("household", name=name) for name in ("H", "Other")]
    await mark(api, home, "hot", why="asked")
    await mark(api, home, "cold")
    await mark(api, home, "lasting")
    api.now += timedelta(days=5)
    await mark(api, other, "hot")
    assert await expired(api) == 0
    api.now += timedelta(days=5)
    assert await expired(api) == 2
    assert await expired(api) == 0
    found = (await api.data("ann", HISTORY, id=home))["household"]
    assert found["version"] == 5, "one more, though two tags went"
    changes = found["history"]["nodes"][0]["changes"]
    assert {(each["field"], each["new"]) for each in changes} == {("tags", None)}
    gone = {each["old"]["name"]: each["old"] for each in changes}
    assert gone.keys() == {"hot", "cold"}
    assert (gone["hot"]["state"], gone["hot"]["values"]) == ("warm", {"why": "asked"})
    tags = await api.data("ann", "{ households { nodes { name tags { name } } } }")
    left = {each["name"]: [one["name"] for one in each["tags"]] for each in tags["households"]["nodes"]}
    assert left == {"H": ["lasting"], "Other": ["hot"]}


async def test_it_goes_page_by_page(api: SmallApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("salesmode.records.expiring._PAGE", 2)
    for number in range(5):
        await mark(api, await api.new("household", name=f"H{number}"), "hot")
    api.now += timedelta(days=11)
    assert await expired(api) == 5


async def test_a_tag_that_was_set_again_stays(api: SmallApi) -> None:
    home = await api.new("household", name="H")
    await mark(api, home, "hot")
    api.now += timedelta(days=9)
    await mark(api, home, "hot", why="again")
    api.now += timedelta(days=9)
    assert await expired(api) == 0
    api.now += timedelta(days=1)
    assert await expired(api) == 1
