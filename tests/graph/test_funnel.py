"""Funnels: against a naive recomputation of random moves, with rights, periods and filters."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

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
label: {en: Direct, zh: 直销}
skip: true
back: true
reopen: true
stages:
  - {name: qualify, label: {en: Qualify, zh: 立项}}
  - {name: offer}
  - {name: talk}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: partner
object: deal
skip: true
stages:
  - {name: offer, label: Partner's offer}
  - {name: won, closes: won}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
reopen: true
---
kind: object
name: visit
fields:
  name: {type: text}
---
kind: pipeline
name: walk
object: visit
stages: [planned, {name: done, closes: won}]
---
kind: role
name: guest
objects:
  visit: {read: true, create: true, fields: {name: write, stage: read, status: read}}
---
kind: role
name: walker
inherits: [guest]
objects:
  visit: {read: true, fields: {stage: read, status: read, pipeline: read}}
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
    fields:
      {name: read, pipeline: read, status: read, stage: {read: {where: {region: north}}}}
---
kind: role
name: blind
objects:
  deal: {read: true, fields: {name: read, pipeline: read, status: read}}
"""
STAGES = ("qualify", "offer", "talk", "won", "lost")
PICKS = """pipeline granularity label entered open won lost conversion
  stages { stage label entered passed conversion medianDays meanDays }"""
ASK = f"""query ($p: DealPipeline!, $from: Date, $to: Date, $where: DealWhere) {{
  dealFunnel(pipeline: $p, from: $from, to: $to, where: $where) {{ {PICKS} }} }}"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        await found.person("rep", "rep")
        await found.person("ann", "own")
        await found.person("bob", "blind")
        await found.person("guy", "guest")
        await found.person("walker", "walker")
        yield found


async def funnel(api: SmallApi, person: str, pipeline: str = "direct", **given: Any) -> Any:
    api.heard.clear()
    found = (await api.data(person, ASK, p=pipeline, **given))["dealFunnel"]
    assert len(api.heard) == 1
    return found


async def sold(api: SmallApi, count: int = 25) -> list[Mapping[str, Any]]:
    """Deals that wander through their stages, some of them Ann's, some in the north."""
    random, deals = Random(7), []
    for at in range(count):
        values = {
            "region": random.choice(("north", "south")),
            "pipeline": random.choice(("direct", "direct", "partner", "renewal")),
        }
        owner = random.choice((api.people["ann"]["id"], None))
        id_ = await api.new("deal", name=f"D{at}", owner=owner, **values)
        stays = [(None, NOW)]
        names = {"direct": STAGES, "partner": ("offer", "won"), "renewal": ("open", "won", "lost")}[
            values["pipeline"]
        ]
        here, api.now = names[0], NOW
        stays = [(here, NOW)]
        for _ in range(random.randrange(5)):
            api.now += timedelta(seconds=random.randrange(4_000_000), microseconds=random.randrange(10**6))
            there = random.choice([each for each in names if each != here])
            if values["pipeline"] == "partner" and here == "won":
                break
            if "lost" in (here, there) or here == "won":
                there = there if here not in ("won", "lost") else names[0]
            await api.move("deal", id_, there)
            here = there
            stays.append((here, api.now))
        deals.append({"id": id_, "owner": owner, **values, "stays": stays})
    api.now = NOW
    return deals


def naive(deals: Iterable[Mapping[str, Any]], stages: Sequence[str], since: datetime, until: datetime) -> Any:
    """The same, from every stay."""

    def within(at: datetime) -> bool:
        return since <= at < until

    came = [each for each in deals if any(within(at) for _, at in each["stays"])]
    standing = [each["stays"][-1][0] for each in came]
    won, lost = (sum(each == name for each in standing) for name in ("won", "lost"))
    return {
        "entered": len(came),
        "open": len(came) - won - lost,
        "won": won,
        "lost": lost,
        "conversion": ratio(won, len(came), 4),
        "stages": [stage(each, deals, stages, within) for each in stages],
    }


def stage(name: str, deals: Iterable[Mapping[str, Any]], stages: Sequence[str], within: Any) -> Any:
    came = [each for each in deals if any(here == name and within(at) for here, at in each["stays"])]
    later = [each for each in stages[stages.index(name) + 1 :] if each != "lost"]
    passed = sum(any(here in later for here, _ in each["stays"]) for each in came)
    days = [
        int(after[1].timestamp()) - int(at.timestamp())
        for each in deals
        for (here, at), after in zip(each["stays"], each["stays"][1:], strict=False)
        if here == name and within(at)
    ]
    closing = name in ("won", "lost")
    return {
        "stage": name,
        "entered": len(came),
        "passed": None if closing else passed,
        "conversion": None if closing else ratio(passed, len(came), 4),
        "medianDays": days_of(Decimal(median(days))) if days else None,
        "meanDays": days_of(Decimal(sum(days)) / len(days)) if days else None,
    }


def ratio(number: int, divisor: int, places: int) -> str | None:
    return rounded(Decimal(number) / divisor, places) if divisor else None


def days_of(seconds: Decimal) -> str:
    return rounded(seconds / 86_400, 2)


def rounded(number: Decimal, places: int) -> str:
    return str(number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN))


def without_labels(found: Mapping[str, Any]) -> Any:
    stages = [{name: each[name] for name in each if name != "label"} for each in found["stages"]]
    kept = {name: found[name] for name in found if name not in ("pipeline", "granularity", "label")}
    return {**kept, "stages": stages}


ALWAYS = (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


async def test_a_funnel_is_what_all_stays_add_up_to(api: SmallApi) -> None:
    deals = await sold(api)
    direct = [each for each in deals if each["pipeline"] == "direct"]
    assert without_labels(await funnel(api, "rep")) == naive(direct, STAGES, *ALWAYS)
    partner = [each for each in deals if each["pipeline"] == "partner"]
    assert without_labels(await funnel(api, "rep", "partner")) == naive(partner, ("offer", "won"), *ALWAYS)
    renewal = [each for each in deals if each["pipeline"] == "renewal"]
    found = await funnel(api, "rep", "renewal")
    assert (found["granularity"], found["stages"]) == ("simple", [])
    assert without_labels(found) == naive(renewal, (), *ALWAYS)

    zone = ZoneInfo("Asia/Shanghai")
    api.zone = zone
    for since, until in ((date(2026, 3, 2), date(2026, 4, 20)), (date(2026, 4, 1), date(2026, 4, 1))):
        days = [
            datetime(each.year, each.month, each.day, tzinfo=zone) for each in (since, until + timedelta(1))
        ]
        found = await funnel(api, "rep", **{"from": str(since), "to": str(until)})
        assert without_labels(found) == naive(direct, STAGES, *days)
    assert without_labels(await funnel(api, "rep", to="9999-12-31")) == naive(direct, STAGES, *ALWAYS)

    north = [each for each in direct if each["region"] == "north"]
    found = await funnel(api, "rep", where={"region": {"eq": "north"}})
    assert without_labels(found) == naive(north, STAGES, *ALWAYS)
    mine = [each for each in north if each["owner"] is not None]
    assert without_labels(await funnel(api, "ann")) == naive(mine, STAGES, *ALWAYS)


async def test_of_nothing_there_are_zeros_and_nulls(api: SmallApi) -> None:
    api.locale = "zh"
    found = await funnel(api, "rep")
    assert found["label"] == "直销"
    assert (found["entered"], found["won"], found["conversion"]) == (0, 0, None)
    assert found["stages"][0] == {
        "stage": "qualify",
        "label": "立项",
        "entered": 0,
        "passed": 0,
        "conversion": None,
        "medianDays": None,
        "meanDays": None,
    }


async def test_whoever_may_not_see_stages_has_no_funnel(api: SmallApi) -> None:
    for asked in (
        "{ dealFunnel(pipeline: direct) { entered } }",
        '{ __type(name: "DealFunnel") { name } nothing }',
    ):
        assert (await api.refused("bob", asked))[0] == "BAD_REQUEST"
    assert (await api.data("bob", '{ __type(name: "DealFunnel") { name } }')) == {"__type": None}
    wrong = "{ dealFunnel(pipeline: none) { entered } }"
    assert await api.refused("rep", wrong) == ("VALIDATION_FAILED", [(("pipeline",), "unknown_option")])


async def test_who_does_not_see_the_only_pipeline_sees_no_stays_in_it(api: SmallApi) -> None:
    await api.new("visit", name="First")
    text = "{ visitFunnel(pipeline: walk) { entered } }"
    assert await api.data("walker", text) == {"visitFunnel": {"entered": 1}}
    for asked in (text, "{ visitWinRate(pipeline: walk) { won } }"):
        refused = await api.error("guy", asked)
        assert refused["extensions"]["code"] == "BAD_REQUEST"
        assert "'visitFunnel'" not in refused["message"].partition(".")[2]
    assert await api.data("guy", "{ visits { nodes { stage { name } } } }") == {
        "visits": {"nodes": [{"stage": {"name": "planned"}}]}
    }
