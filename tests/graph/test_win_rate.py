"""Rates of wins: against a naive count, with Wilson's interval, and none where too few were closed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from random import Random
from typing import Any

import pytest

from tests.support.small_api import NOW, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: deal
owned: true
fields:
  name: {type: text, required: true}
  region: {type: text}
---
kind: pipeline
name: direct
object: deal
skip: true
win_rate: {least: 4}
stages:
  - {name: qualify}
  - {name: offer}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
---
kind: role
name: rep
objects:
  deal: {read: true, fields: {default: read}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: own
objects:
  deal:
    read: {where: {owner: $user.id}}
    fields: {name: read, pipeline: read, status: read, stage: {read: {where: {region: north}}}}
"""
Z = 1.959963984540054
LINE = "won closed rate low high enough"

Deal = Mapping[str, Any]


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        for name, role in (("rep", "rep"), ("ann", "own"), ("ben", "own")):
            await found.person(name, role)
        yield found


async def sold(api: SmallApi, count: int = 22) -> list[Deal]:
    random, deals = Random(3), []
    for at in range(count):
        values = {
            "region": random.choice(("north", "north", "south")),
            "pipeline": random.choice(("direct", "direct", "renewal")),
        }
        owner = random.choice(("ann", "ben"))
        id_ = await api.new("deal", name=f"D{at}", owner=api.people[owner]["id"], **values)
        api.now, stages = NOW + timedelta(days=random.randrange(60)), ["qualify"]
        if values["pipeline"] == "direct" and random.random() < 0.5:
            await api.move("deal", id_, "offer")
            stages.append("offer")
        end = random.choice(("won", "lost", None))
        if end:
            await api.move("deal", id_, end)
        deals.append({**values, "owner": owner, "stages": stages, "end": end, "closed": api.now.date()})
    api.now = NOW
    return deals


def line(deals: Sequence[Deal], least: int) -> dict[str, Any]:
    closed = [each for each in deals if each["end"]]
    won, number = sum(each["end"] == "won" for each in closed), len(closed)
    told: dict[str, Any] = dict.fromkeys(("rate", "low", "high"))
    if number >= least:
        rate, spread = won / number, Z * Z / number
        root = Z * sqrt(rate * (1 - rate) / number + spread / number / 4)
        low, high = ((rate + spread / 2 + sign * root) / (1 + spread) for sign in (-1, 1))
        told = {name: f"{abs(each):.4f}" for name, each in (("rate", rate), ("low", low), ("high", high))}
    return {"won": won, "closed": number, **told, "enough": number >= least}


async def rates(api: SmallApi, person: str, arguments: str, key: str = "pipeline") -> list[Any]:
    api.heard.clear()
    asked = f"{{ dealWinRate(pipeline: direct{arguments}) {{ key {{ {key} }} {LINE} }} }}"
    found: list[Any] = (await api.data(person, asked))["dealWinRate"]
    assert len(api.heard) == 1
    return found


def without_key(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: each[name] for name in each if name != "key"} for each in lines]


async def test_a_rate_is_told_with_what_it_may_be(api: SmallApi) -> None:
    deals = [each for each in await sold(api) if each["pipeline"] == "direct"]
    assert without_key(await rates(api, "rep", "")) == [line(deals, 4)]
    lines = await rates(api, "rep", ", by: STAGE", "stage owner { name }")
    assert [each["key"] for each in lines] == [
        {"stage": name, "owner": None} for name in ("qualify", "offer")
    ]
    assert without_key(lines) == [
        line([each for each in deals if name in each["stages"]], 4) for name in ("qualify", "offer")
    ]
    lines = await rates(api, "rep", ", by: OWNER", "owner { name }")
    assert {each["key"]["owner"]["name"]: each["closed"] for each in lines} == {
        name: line([each for each in deals if each["owner"] == name], 4)["closed"] for name in ("ann", "ben")
    }
    since, until = date(2026, 3, 10), date(2026, 4, 5)
    within = [each for each in deals if since <= each["closed"] <= until]
    assert without_key(await rates(api, "rep", f', from: "{since}", to: "{until}"')) == [line(within, 4)]
    north = [each for each in deals if each["region"] == "north"]
    assert without_key(await rates(api, "rep", ', where: {region: {eq: "north"}}')) == [line(north, 4)]
    mine = [each for each in north if each["owner"] == "ann"]
    assert without_key(await rates(api, "ann", "")) == [line(mine, 4)]
    assert (await api.refused("ann", "{ dealWinRate(pipeline: direct, by: OWNER) { won } }"))[
        0
    ] == "BAD_REQUEST"


async def test_too_few_say_nothing(api: SmallApi) -> None:
    for _ in range(5):
        id_ = await api.new("deal", name="N", pipeline="renewal")
        await api.move("deal", id_, "won")
    asked = f"{{ dealWinRate(pipeline: renewal) {{ {LINE} }} }}"
    assert (await api.data("rep", asked))["dealWinRate"] == [line([{"end": "won"}] * 5, 30)]
    for _ in range(4):
        id_ = await api.new("deal", name="N", pipeline="direct")
        await api.move("deal", id_, "lost")
    (found,) = await rates(api, "rep", "")
    assert (found["rate"], found["low"], found["high"], found["enough"]) == (
        "0.0000",
        "0.0000",
        "0.4899",
        True,
    )
