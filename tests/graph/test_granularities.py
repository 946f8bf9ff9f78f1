"""Staged and simple records, the lines that they are made of, and tags: one forecast counts them all, and
adds up to what the customers' views show.
"""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.access.scope import SystemScope
from salesmode.records import promote, tag
from tests.support.small_api import SYSTEM, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: customer
fields:
  name: {type: text, required: true}
---
kind: object
name: product
fields:
  name: {type: text, required: true}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer, inverse: deals}
  amount: {type: money}
  close_date: {type: date}
---
kind: object
name: deal_line
fields:
  deal: {type: reference, to: deal, inverse: lines}
  product: {type: reference, to: product}
  worth: {type: decimal, scale: 3}
  pieces: {type: integer}
  due: {type: date}
  secret: {type: boolean}
---
kind: pipeline
name: long
object: deal
customer: customer
products: {over: lines, product: product, amount: worth, quantity: pieces, delivery: due}
stages: [{name: first, probability: 50}, {name: won, closes: won}, {name: lost, closes: lost}]
---
kind: pipeline
name: short
object: deal
customer: customer
granularity: simple
---
kind: tag
name: referral
object: customer
opportunity: {line: word_of_mouth, probability: 20}
states: [hinted, {name: met, label: Met him}]
promote_to: {pipeline: short}
---
kind: tag
name: hint
object: customer
opportunity: {line: hints}
---
kind: tag
name: vip
object: customer
---
kind: role
name: rep
objects:
  customer: {read: true, fields: {default: read}}
  product: {read: true, fields: {default: read}}
  deal: {read: true, fields: {default: read}}
  deal_line: {read: {where: {secret: {ne: true}}}, fields: {default: read}}
  user: {read: true, fields: {name: read, team: read}}
  team: {read: true, fields: {name: read}}
---
kind: role
name: few
objects:
  customer: {read: true, fields: {default: read}, tags: {referral: none}}
  product: {read: true, fields: {default: read}}
  deal: {read: true, fields: {default: read}}
  deal_line:
    read: true
    fields: {deal: read, product: read, worth: {read: {where: {pieces: {gt: 1}}}}}
---
kind: role
name: none
objects:
  deal: {read: true, fields: {default: read}}
  deal_line: {read: true, fields: {deal: read, worth: read}}
"""
TOTALS = "granularity count amount"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        team = await found.new("team", name="Team")
        await found.person("ann", "rep", team=team)
        await found.person("few", "few")
        await found.person("none", "none")
        found.customers = [await found.new("customer", name=each) for each in ("Li", "Wu")]  # type: ignore[attr-defined]
        found.products = {each: await found.new("product", name=each) for each in ("Bolt", "Nut")}  # type: ignore[attr-defined]
        yield found


async def deal(api: Any, customer: int, pipeline: str, amount: int, **values: object) -> str:
    given = {"customer": api.customers[customer], "pipeline": pipeline, "amount": Decimal(amount), **values}
    return str(await api.new("deal", name="D", owner=api.people["ann"]["id"], **given))


async def line(
    api: Any, deal_id: str, product: str, worth: str, pieces: int, due: date | None = None
) -> None:
    values = {"worth": Decimal(worth), "pieces": pieces, "due": due}
    await api.new("deal_line", deal=deal_id, product=api.products[product], **values)


async def tagged(api: Any, customer: int, name: str, **given: object) -> None:
    scope = SystemScope(api.tables)
    which = {"id": api.customers[customer], "tag": name, **given}
    await api.database.run(lambda: tag(scope, "customer", which, {}, SYSTEM))


async def promoted(api: Any, customer: int, name: str) -> None:
    scope = SystemScope(api.tables)
    which = {"id": api.customers[customer], "tag": name}
    await api.database.run(lambda: promote(scope, "customer", which, {}, SYSTEM))


async def forecast(api: SmallApi, person: str, arguments: str, items: str) -> list[Any]:
    api.heard.clear()
    found = await api.data(person, f"{{ dealForecast{arguments} {{ {items} }} }}")
    assert len(api.heard) == 1
    return list(found["dealForecast"])


async def everything(api: SmallApi) -> None:
    for customer in (0, 1):
        for pipeline, amount in (("long", 100), ("long", 30), ("short", 7)):
            await deal(api, customer, pipeline, amount * (customer + 1))
        await tagged(api, customer, "referral", owner=api.people["ann"]["id"])
        await tagged(api, customer, "vip")
    await tagged(api, 0, "hint")
    won, lost = await deal(api, 0, "long", 11), await deal(api, 1, "short", 13)
    await api.move("deal", won, "won")
    await api.move("deal", lost, "lost")
    await promoted(api, 1, "referral")


async def test_the_three_add_up_to_what_the_views_show(api: SmallApi) -> None:
    await everything(api)
    where = "where: {status: {in: [open, won]}}"
    text = f"{{ customers {{ nodes {{ opportunityView({where}) {{ totals {{ {TOTALS} }} }} }} }} }}"
    counts: Counter[str] = Counter()
    amounts: Counter[str] = Counter()
    for node in (await api.data("ann", text))["customers"]["nodes"]:
        for total in node["opportunityView"]["totals"]:
            counts[total["granularity"]] += total["count"]
            amounts[total["granularity"]] += Decimal(total["amount"] or 0)  # type: ignore[assignment]
    lines = await forecast(api, "ann", "(by: [GRANULARITY])", "key { granularity } count amount weighted")
    assert {each["key"]["granularity"]: each["count"] for each in lines} == dict(counts)
    assert {each["key"]["granularity"]: Decimal(each["amount"] or 0) for each in lines} == dict(amounts)
    assert counts == {"staged": 5, "simple": 3, "tag": 2}
    (whole,) = await forecast(api, "ann", "", "count amount")
    assert whole == {"count": 10, "amount": "422.00"}


async def test_tags_are_told_by_their_lines_and_owners(api: SmallApi) -> None:
    await everything(api)
    key = "category granularity pipeline month owner { name } team { name }"
    by = "[CATEGORY, GRANULARITY, PIPELINE, MONTH, OWNER, TEAM]"
    lines = await forecast(api, "ann", f"(by: {by})", f"key {{ {key} }} count amount weighted")
    tags = [each for each in lines if each["key"].pop("granularity") == "tag"]
    assert [(each.pop("key"), each) for each in tags] == [
        (
            {"category": "pipeline", "pipeline": name, "month": None, "owner": owner, "team": team},
            {"count": 1, "amount": None, "weighted": None},
        )
        for name, owner, team in (
            ("hints", None, None),
            ("word_of_mouth", {"name": "ann"}, {"name": "Team"}),
        )
    ]


async def test_a_tag_counts_where_it_is_seen_and_neither_in_a_period_nor_in_a_filter(api: SmallApi) -> None:
    await everything(api)
    pipelines = "key { pipeline } count"
    seen = await forecast(api, "few", "(by: [PIPELINE])", pipelines)
    assert {each["key"]["pipeline"]: each["count"] for each in seen} == {"long": 5, "short": 3, "hints": 1}
    assert not await forecast(api, "ann", '(from: "2026-01-01", to: "2026-02-01")', "count")
    filtered = await forecast(
        api, "ann", '(where: {name: {eq: "D"}}, by: [GRANULARITY])', "key { granularity }"
    )
    assert [each["key"]["granularity"] for each in filtered] == ["simple", "staged"]


async def ordered(api: SmallApi) -> None:
    one, two = await deal(api, 0, "long", 1000), await deal(api, 1, "long", 50)
    await deal(api, 1, "long", 9)
    await line(api, one, "Bolt", "10.125", 5, date(2026, 5, 20))
    await line(api, one, "Nut", "20.5", 1, date(2026, 5, 2))
    await line(api, one, "Bolt", "0.5", 7, date(2026, 6, 1))
    await line(api, two, "Bolt", "4", 2)
    await api.new("deal_line", deal=two, product=api.products["Nut"], worth=Decimal(99), secret=True)  # type: ignore[attr-defined]


async def test_a_forecast_is_told_by_product_quantity_and_month_of_delivery(api: SmallApi) -> None:
    await ordered(api)
    items = "key { product { name } delivery } count amount weighted quantity"
    lines = await forecast(api, "ann", "(by: [PRODUCT, DELIVERY])", items)
    told = {
        ((each["key"]["product"] or {}).get("name"), each["key"]["delivery"]): (
            each["count"],
            each["amount"],
            each["weighted"],
            each["quantity"],
        )
        for each in lines
    }
    assert told == {
        ("Bolt", "2026-05-01"): (1, "10.125", "5.062", "5"),
        ("Bolt", "2026-06-01"): (1, "0.500", "0.250", "7"),
        ("Bolt", None): (1, "4.000", "2.000", "2"),
        ("Nut", "2026-05-01"): (1, "20.500", "10.250", "1"),
        (None, None): (1, "9.000", "4.500", None),
    }
    (whole,) = await forecast(api, "ann", "", "count amount quantity")
    assert whole == {"count": 3, "amount": "44.125", "quantity": "15"}
    (records,) = await forecast(api, "ann", "", "count amount")
    assert records == {"count": 3, "amount": "1059.00"}


async def test_lines_count_as_far_as_they_may_be_read(api: SmallApi) -> None:
    await ordered(api)
    lines = await forecast(api, "few", "(by: [PRODUCT])", "key { product { name } } count amount")
    told = {(each["key"]["product"] or {}).get("name"): (each["count"], each["amount"]) for each in lines}
    assert told == {"Bolt": (2, "14.625"), "Nut": (2, None), None: (1, "9.000")}
    for person, text in (
        ("few", "{ dealForecast { quantity } }"),
        ("few", "{ dealForecast(by: [DELIVERY]) { count } }"),
        ("none", "{ dealForecast(by: [PRODUCT]) { count } }"),
        ("none", "{ dealForecast { key { product { name } } } }"),
    ):
        assert (await api.refused(person, text))[0] == "BAD_REQUEST"


async def test_what_came_of_a_tag_is_told_by_its_states(api: SmallApi) -> None:
    await everything(api)
    items = "tag label line entered open promoted conversion states { state label count }"
    api.heard.clear()
    found = await api.data("ann", f"{{ customerTagFunnel(tag: referral) {{ {items} }} }}")
    assert len(api.heard) == 1
    counts = {"entered": 2, "open": 1, "promoted": 1, "conversion": "0.5000"}
    told = {"tag": "referral", "label": "Referral", "line": "word_of_mouth"}
    states = [
        {"state": "hinted", "label": "Hinted", "count": 1},
        {"state": "met", "label": "Met him", "count": 0},
    ]
    assert found["customerTagFunnel"] == {**told, **counts, "states": states}
    (empty,) = (
        await api.data("few", f'{{ customerTagFunnel(tag: vip, to: "2020-01-01") {{ {items} }} }}')
    ).values()
    nothing = {"entered": 0, "open": 0, "promoted": 0, "conversion": None, "states": []}
    assert empty == {"tag": "vip", "label": "Vip", "line": None, **nothing}
    filtered = await api.data(
        "ann", '{ customerTagFunnel(tag: referral, where: {name: {eq: "Li"}}) { entered promoted } }'
    )
    assert filtered["customerTagFunnel"] == {"entered": 1, "promoted": 0}
    assert (await api.refused("few", "{ customerTagFunnel(tag: referral) { entered } }"))[0] == "BAD_REQUEST"
    assert (await api.refused("none", "{ customerTagFunnel(tag: vip) { entered } }"))[0] == "BAD_REQUEST"
