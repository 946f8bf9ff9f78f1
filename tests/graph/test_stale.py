"""`stale`: a record that lies in its stage for longer than it says (D10), wherever a field may stand."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.small_api import NOW, SmallApi, small_api

APP = """
kind: object
name: lead
fields:
  name: {type: text, required: true}
---
kind: pipeline
name: inbound
object: lead
stages:
  - {name: fresh, stale_after: 48h}
  - {name: talking, stale_after: 1mo}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: fair
object: lead
stages:
  - {name: fresh}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: role
name: rep
objects:
  lead: {read: true, create: true, update: {where: {stale: false}}, fields: {default: write}}
---
kind: role
name: chaser
objects:
  lead: {read: {where: {stale: true}}, fields: {default: read}}
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as api:
        await api.person("rep", "rep")
        await api.person("chaser", "chaser")
        await api.new("lead", name="a", pipeline="inbound")
        await api.new("lead", name="b", pipeline="fair")
        yield api


async def stale(api: SmallApi, where: str = "") -> dict[str, bool]:
    found = await api.data("rep", f"{{ leads{where} {{ nodes {{ name stale }} }} }}")
    return {each["name"]: each["stale"] for each in found["leads"]["nodes"]}


async def test_time_makes_a_record_stale_and_a_move_does_away_with_it(api: SmallApi) -> None:
    api.now = NOW + timedelta(hours=48)
    assert await stale(api) == {"a": False, "b": False}
    api.now += timedelta(seconds=1)
    assert await stale(api) == {"a": True, "b": False}
    assert await stale(api, "(where: {stale: {eq: true}})") == {"a": True}
    assert await stale(api, "(where: {stale: {eq: false}})") == {"b": False}
    (id_,) = [
        each["id"] for each in (await api.data("chaser", "{ leads { nodes { id } } }"))["leads"]["nodes"]
    ]
    assert (await api.refused("rep", f'mutation {{ moveLead(id: "{id_}", to: "talking") {{ id }} }}'))[0] == (
        "FORBIDDEN"
    )
    api.now = NOW + timedelta(hours=1)
    await api.data("rep", f'mutation {{ moveLead(id: "{id_}", to: "talking") {{ id }} }}')
    api.now = NOW + timedelta(days=29)
    assert await stale(api) == {"a": False, "b": False}
    api.now = NOW + timedelta(days=32)
    assert await stale(api) == {"a": True, "b": False}


async def test_stale_records_are_counted(api: SmallApi) -> None:
    api.now = NOW + timedelta(days=9)
    text = (
        "{ leadAggregate(groupBy: [{field: stale}], orderBy: [{key: {stale: ASC}}]) { key { stale } count } }"
    )
    found = (await api.data("rep", text))["leadAggregate"]
    assert [(each["key"]["stale"], each["count"]) for each in found] == [(False, 1), (True, 1)]


async def test_nobody_writes_it(api: SmallApi) -> None:
    text = 'mutation { createLead(input: {name: "c", pipeline: fair, stale: true}) { id } }'
    assert (await api.refused("rep", text))[0] == "BAD_REQUEST"
