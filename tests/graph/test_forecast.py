"""Forecasts: against a naive recomputation of random records, by every dimension, with rights."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random
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
  amount: {type: money}
  volume: {type: decimal, scale: 3}
  close_date: {type: date}
---
kind: pipeline
name: direct
object: deal
skip: true
stages:
  - {name: qualify, probability: 10}
  - {name: offer, probability: 33.33, forecast: best_case}
  - {name: sign, probability: 90, forecast: commit}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
probability: 70
forecast: commit
amount: volume
---
kind: role
name: rep
objects:
  deal: {read: true, fields: {default: read}}
  user: {read: true, fields: {name: read, team: read}}
  team: {read: true, fields: {default: read}}
---
kind: role
name: own
objects:
  deal:
    read: {where: {owner: $user.id}}
    fields:
      {name: read, pipeline: read, status: read, stage: read, close_date: read, closed_at: read,
       amount: {read: {where: {pipeline: direct}}}, volume: {read: {where: {amount: {gt: 5}}}}}
---
kind: role
name: blind
objects:
  deal: {read: true, fields: {name: read, amount: read}}
"""
LIKELY = {"qualify": "10", "offer": "33.33", "sign": "90", "won": "100", "open": "70"}
CATEGORY = {"qualify": "pipeline", "offer": "best_case", "sign": "commit", "won": "closed", "open": "commit"}
ORDER = ("pipeline", "best_case", "commit", "closed")

Deal = Mapping[str, Any]


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """Ann and Ben are in teams below others; Cid is in none."""
    async with small_api(database_url, APP) as found:
        top = await found.new("team", name="Top")
        middle = await found.new("team", name="Middle", parent=top)
        low = await found.new("team", name="Low", parent=middle)
        await found.person("rep", "rep")
        await found.person("ann", "own", team=low)
        await found.person("ben", "own", team=middle)
        await found.person("cid", "own")
        await found.person("bob", "blind")
        found.above = {low: [low, middle, top], middle: [middle, top], None: [None]}  # type: ignore[attr-defined]
        yield found


async def sold(api: SmallApi, count: int = 24) -> list[Deal]:
    random, deals = Random(11), []
    for at in range(count):
        pipeline = random.choice(("direct", "direct", "renewal"))
        amount = random.choice((None, Decimal(random.randrange(-1000, 100_000)) / 100))
        volume = random.choice((None, Decimal(random.randrange(-1000, 100_000)) / 1000))
        day = random.choice((None, date(2026, 3, 1) + timedelta(random.randrange(90))))
        owner = random.choice(("ann", "ben", "cid"))
        values = {"pipeline": pipeline, "amount": amount, "volume": volume, "close_date": day}
        id_ = await api.new("deal", name=f"D{at}", owner=api.people[owner]["id"], **values)
        places = (
            ("qualify", "offer", "sign", "won", "lost") if pipeline == "direct" else ("open", "won", "lost")
        )
        place, api.now = random.choice(places), NOW + timedelta(hours=random.randrange(2000))
        if place != places[0]:
            await api.move("deal", id_, place)
        deals.append({**values, "owner": owner, "place": place, "closed": api.now})
    api.now = NOW
    return deals


def counted(deals: Iterable[Deal], zone: str = "UTC") -> list[dict[str, Any]]:
    """The records that count, each with its day and its worth."""
    found = []
    for each in deals:
        if each["place"] != "lost":
            won = each["place"] == "won"
            day = each["closed"].astimezone(ZoneInfo(zone)).date() if won else each["close_date"]
            worth = each["amount"] if each["pipeline"] == "direct" else each["volume"]
            found.append({**each, "day": day, "worth": worth, "category": CATEGORY[each["place"]]})
    return found


def line(rows: Sequence[Deal]) -> dict[str, Any]:
    worths = [(each["worth"], Decimal(LIKELY[each["place"]])) for each in rows if each["worth"] is not None]
    amount = sum(worth for worth, _ in worths)
    weighted = sum(worth * likely for worth, likely in worths) / 100
    places = Decimal("0.001")
    return {
        "count": len(rows),
        "amount": str(Decimal(amount).quantize(places)) if worths else None,
        "weighted": str(Decimal(weighted).quantize(places, ROUND_HALF_EVEN)) if worths else None,
    }


def by(rows: Iterable[Deal], key: Callable[[Deal], Iterable[Any]]) -> dict[Any, dict[str, Any]]:
    groups: dict[Any, list[Deal]] = defaultdict(list)
    for each in rows:
        for one in key(each):
            groups[one].append(each)
    return {one: line(each) for one, each in groups.items()}


async def forecast(api: SmallApi, person: str, arguments: str = "", key: str = "__typename") -> list[Any]:
    api.heard.clear()
    asked = f"{{ dealForecast{arguments} {{ key {{ {key} }} count amount weighted }} }}"
    found: list[Any] = (await api.data(person, asked))["dealForecast"]
    assert len(api.heard) == 1
    return found


def told(lines: Iterable[Mapping[str, Any]], key: Callable[[Any], Any]) -> dict[Any, dict[str, Any]]:
    return {key(each["key"]): {name: each[name] for name in each if name != "key"} for each in lines}


async def test_a_forecast_is_what_the_records_add_up_to(api: SmallApi) -> None:
    deals = counted(await sold(api))
    (whole,) = await forecast(api, "rep")
    assert {name: whole[name] for name in whole if name != "key"} == line(deals)

    lines = await forecast(api, "rep", "(by: [CATEGORY])", "category")
    assert told(lines, lambda key: key["category"]) == by(deals, lambda each: [each["category"]])
    assert [each["key"]["category"] for each in lines] == [
        each for each in ORDER if each in {deal["category"] for deal in deals}
    ]

    lines = await forecast(api, "rep", "(by: [PIPELINE, MONTH])", "granularity pipeline month")
    assert told(lines, lambda key: (key["pipeline"], key["month"])) == by(
        deals, lambda each: [(each["pipeline"], each["day"] and str(each["day"].replace(day=1)))]
    )
    assert {each["key"]["granularity"] for each in lines} == {None}

    lines = await forecast(api, "rep", "(by: [OWNER, GRANULARITY])", "owner { name } granularity")
    kinds = {"direct": "staged", "renewal": "simple"}
    assert told(lines, lambda key: (key["owner"]["name"], key["granularity"])) == by(
        deals, lambda each: [(each["owner"], kinds[each["pipeline"]])]
    )

    lines = await forecast(api, "rep", "(by: [TEAM])", "team { id }")
    above, people = api.above, api.people  # type: ignore[attr-defined]
    assert told(lines, lambda key: key["team"] and key["team"]["id"]) == by(
        deals, lambda each: above[people[each["owner"]]["team"]]
    )


async def test_a_period_and_a_filter_narrow_it(api: SmallApi) -> None:
    deals = counted(await sold(api))
    since, until = date(2026, 3, 15), date(2026, 4, 20)
    within = [each for each in deals if each["day"] and since <= each["day"] <= until]
    lines = await forecast(api, "rep", f'(from: "{since}", to: "{until}", by: [CATEGORY])', "category")
    assert told(lines, lambda key: key["category"]) == by(within, lambda each: [each["category"]])
    direct = [each for each in deals if each["pipeline"] == "direct" and each["place"] != "won"]
    where = "(where: {pipeline: {eq: direct}, status: {eq: open}}, by: [CATEGORY])"
    lines = await forecast(api, "rep", where, "category")
    assert told(lines, lambda key: key["category"]) == by(direct, lambda each: [each["category"]])
    assert await forecast(api, "rep", '(from: "2030-01-01")') == []


async def test_rights_are_those_of_rows_and_fields(api: SmallApi) -> None:
    deals = counted(each for each in await sold(api) if each["owner"] == "ann")
    for each in deals:
        hidden = each["pipeline"] != "direct" and (each["amount"] or 0) <= 5
        each["worth"] = None if hidden else each["worth"]
    lines = await forecast(api, "ann", "(by: [PIPELINE])", "pipeline")
    assert told(lines, lambda key: key["pipeline"]) == by(deals, lambda each: [each["pipeline"]])
    for asked in ("(by: [OWNER]) { count }", "(by: [TEAM]) { count }", " { key { owner { name } } }"):
        assert (await api.refused("ann", f"{{ dealForecast{asked} }}"))[0] == "BAD_REQUEST"
    assert (await api.refused("bob", "{ dealForecast { count } }"))[0] == "BAD_REQUEST"
    assert (await api.refused("rep", "{ dealForecast(by: [TEAM, TEAM]) { count } }"))[0] == "BAD_REQUEST"
