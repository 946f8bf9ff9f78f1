"""`opportunityView`: staged and simple records and tags of a customer in one list, each with its rights."""

from collections.abc import AsyncIterator, Mapping
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from tests.support.small_api import SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: customer
fields:
  name: {type: text, required: true}
  parent: {type: reference, to: customer, tree: true, inverse: children}
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
name: contract
plural: contracts
fields:
  name: {type: text, required: true}
  buyer: {type: reference, to: customer, inverse: contracts}
  volume: {type: decimal, scale: 3}
  ends: {type: date}
---
kind: pipeline
name: direct
object: deal
customer: customer
label: {en: Direct, zh: 直销}
skip: true
reopen: true
stages:
  - {name: qualify, label: {en: Qualify, zh: 立项}, probability: 10}
  - {name: offer, probability: 40}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: small
object: deal
customer: customer
granularity: simple
---
kind: pipeline
name: loose
object: deal
granularity: simple
---
kind: pipeline
name: frame
object: contract
customer: buyer
amount: volume
close_date: ends
granularity: simple
---
kind: tag
name: referral
object: customer
label: {en: Referral, zh: 转介绍}
opportunity: {line: by_word}
states: [{name: hinted, label: {en: Hinted, zh: 有意}}, met]
promote_to: {pipeline: small}
---
kind: tag
name: vip
object: customer
---
kind: role
name: rep
objects:
  customer: {read: true, fields: {default: read}}
  deal: {read: true, create: true, update: true, fields: {default: write}}
  contract: {read: true, update: true, fields: {default: write}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: own
objects:
  customer: {read: true, fields: {name: read}, tags: {referral: none}}
  deal:
    read: {where: {owner: $user.id}}
    fields:
      {name: read, customer: read, pipeline: read, status: read, close_date: read,
       amount: {read: {where: {pipeline: direct}}}}
---
kind: role
name: blind
objects:
  customer: {read: true, fields: {name: read}, tags: {referral: none}}
  deal: {read: true, fields: {name: read, customer: read, amount: read}}
"""
ROW = "granularity pipeline label status stage stageLabel amount closeDate"
RECORD = "record { __typename ... on Deal { name } ... on Contract { name } ... on Tag { state } }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, APP) as found:
        await found.person("rep", "rep")
        await found.person("ann", "own")
        await found.person("bob", "blind")
        await found.person("root", "admin")
        yield found


async def viewed(
    api: SmallApi, person: str, id_: str, args: str = "", picks: str = f"nodes {{ {ROW} }}"
) -> Any:
    asked = f"query ($id: ID!) {{ customer(id: $id) {{ opportunityView{args} {{ {picks} }} }} }}"
    api.heard.clear()
    found = await api.data(person, asked, id=id_)
    assert len(api.heard) == 1
    return found["customer"]["opportunityView"]


async def tagged(api: SmallApi, id_: str, tag: str) -> None:
    await api.data(
        "root", f"mutation ($id: ID!) {{ tagCustomer(id: $id, tag: {tag}) {{ customer {{ id }} }} }}", id=id_
    )


async def test_all_granularities_are_one_list(api: SmallApi) -> None:
    acme = await api.new("customer", name="Acme")
    other = await api.new("customer", name="Other")
    day = date(2026, 5, 1)
    lost = await api.new(
        "deal", name="A", pipeline="direct", customer=acme, amount=Decimal("7.10"), close_date=day
    )
    await api.new("deal", name="B", pipeline="direct", customer=acme, amount=Decimal("5.25"))
    await api.new("deal", name="C", pipeline="small", customer=acme, close_date=date(2026, 6, 1))
    await api.new("deal", name="D", pipeline="loose", customer=acme, amount=3)
    await api.new("deal", name="E", pipeline="direct", customer=other, amount=3)
    await api.new("contract", name="F", buyer=acme, volume=Decimal("1.125"), ends=date(2026, 5, 2))
    await api.move("deal", lost, "lost")
    await tagged(api, acme, "referral")
    await tagged(api, acme, "vip")
    api.locale = "zh"
    found = await viewed(api, "rep", acme, picks=f"nodes {{ {ROW} {RECORD} }} totalCount")
    assert found["totalCount"] == 5
    rows = [tuple(each[name] for name in ROW.split()) for each in found["nodes"]]
    assert rows == [
        ("simple", "frame", "Frame", "open", None, None, "1.125", "2026-05-02"),
        ("simple", "small", "Small", "open", None, None, None, "2026-06-01"),
        ("staged", "direct", "直销", "open", "qualify", "立项", "5.250", None),
        ("tag", "by_word", "转介绍", "open", "hinted", "有意", None, None),
        ("staged", "direct", "直销", "lost", "lost", "Lost", "7.100", "2026-05-01"),
    ]
    assert [each["record"] for each in found["nodes"]] == [
        {"__typename": "Contract", "name": "F"},
        {"__typename": "Deal", "name": "C"},
        {"__typename": "Deal", "name": "B"},
        {"__typename": "Tag", "state": "hinted"},
        {"__typename": "Deal", "name": "A"},
    ]


async def test_totals_are_by_granularity_and_exact(api: SmallApi) -> None:
    acme = await api.new("customer", name="Acme")
    for amount in ("0.10", "0.20", None):
        await api.new("deal", name="N", pipeline="direct", customer=acme, amount=amount and Decimal(amount))
    await api.new("contract", name="F", buyer=acme, volume=Decimal("1.125"))
    await tagged(api, acme, "referral")
    picks = "totals { granularity count amount __typename } totalCount"
    assert (await viewed(api, "rep", acme, picks=picks)) == {
        "totals": [
            {"granularity": "staged", "count": 3, "amount": "0.300", "__typename": "OpportunityViewTotal"},
            {"granularity": "simple", "count": 1, "amount": "1.125", "__typename": "OpportunityViewTotal"},
            {"granularity": "tag", "count": 1, "amount": None, "__typename": "OpportunityViewTotal"},
        ],
        "totalCount": 5,
    }
    nobody = await api.new("customer", name="Nobody")
    assert (await viewed(api, "rep", nobody, picks=picks)) == {"totals": [], "totalCount": 0}


async def test_a_tag_that_became_a_deal_counts_as_the_deal(api: SmallApi) -> None:
    acme = await api.new("customer", name="Acme")
    await tagged(api, acme, "referral")
    promote = "mutation ($id: ID!) { promoteCustomerTag(id: $id, tag: referral) { deal { id } } }"
    await api.data("root", promote, id=acme)
    found = await viewed(api, "rep", acme)
    assert [(each["granularity"], each["pipeline"]) for each in found["nodes"]] == [("simple", "small")]


async def test_rights_are_those_of_each_row_and_field(api: SmallApi) -> None:
    acme, ann = await api.new("customer", name="Acme"), api.people["ann"]["id"]
    for owner, pipeline in ((ann, "direct"), (ann, "small"), (None, "direct")):
        await api.new("deal", name="N", pipeline=pipeline, customer=acme, amount=5, owner=owner)
    await api.new("contract", name="F", buyer=acme, volume=1)
    await tagged(api, acme, "referral")
    found = await viewed(api, "ann", acme, picks=f"nodes {{ {ROW} }} totals {{ granularity count amount }}")
    assert [(each["pipeline"], each["stage"], each["amount"]) for each in found["nodes"]] == [
        ("direct", None, "5.00"),
        ("small", None, None),
    ]
    assert found["totals"] == [
        {"granularity": "staged", "count": 1, "amount": "5.00"},
        {"granularity": "simple", "count": 1, "amount": None},
    ]
    assert (await viewed(api, "ann", acme, "(where: {amount: {isNull: true}})"))["nodes"][0][
        "pipeline"
    ] == "small"


async def test_whoever_may_not_read_the_pipeline_has_no_view(api: SmallApi) -> None:
    code, _ = await api.refused("bob", "{ customers { nodes { opportunityView { totalCount } } } }")
    assert code == "BAD_REQUEST"
    for name in ("OpportunityView", "OpportunityViewRecord", "OpportunityViewWhere"):
        asked = f'{{ __type(name: "{name}") {{ kind possibleTypes {{ name }} }} }}'
        assert (await api.data("bob", asked)) == {"__type": None}
    asked = '{ __type(name: "OpportunityViewRecord") { kind possibleTypes { name } } }'
    assert (await api.data("ann", asked))["__type"] == {"kind": "UNION", "possibleTypes": [{"name": "Deal"}]}


async def test_filters(api: SmallApi) -> None:
    acme = await api.new("customer", name="Acme")
    await api.new("deal", name="A", pipeline="direct", customer=acme, amount=Decimal("7.10"))
    await api.new("deal", name="B", pipeline="small", customer=acme, amount=9, close_date=date(2026, 6, 1))
    await tagged(api, acme, "referral")

    async def lines(where: str) -> list[str]:
        found = await viewed(api, "rep", acme, f"(where: {{{where}}})", "nodes { pipeline } totalCount")
        assert found["totalCount"] == len(found["nodes"])
        return sorted(each["pipeline"] for each in found["nodes"])

    assert await lines("granularity: {in: [staged, simple]}") == ["direct", "small"]
    assert await lines('pipeline: {eq: "by_word"}') == ["by_word"]
    assert await lines("status: {ne: open}") == []
    assert await lines('stage: {eq: "qualify"}') == ["direct"]
    assert await lines('amount: {gte: "9"}') == ["small"]
    assert await lines('closeDate: {lt: "2026-07-01"}') == ["small"]
    assert await lines('not: {or: [{granularity: {eq: tag}}, {pipeline: {eq: "small"}}]}') == ["direct"]
    for wrong in ('(where: {label: {eq: "x"}})', "(orderBy: [{rank: ASC}])", "(first: 1001)"):
        asked = f"{{ customers {{ nodes {{ opportunityView{wrong} {{ totalCount nodes {{ label }} }} }} }} }}"
        assert (await api.refused("rep", asked))[0] == "BAD_REQUEST"


async def test_below_has_the_whole_group(api: SmallApi) -> None:
    top = await api.new("customer", name="Top")
    middle = await api.new("customer", name="Middle", parent=top)
    leaf = await api.new("customer", name="Leaf", parent=middle)
    for at, customer in enumerate((top, middle, leaf)):
        await api.new("deal", name="N", pipeline="direct", customer=customer, amount=10**at)
    await tagged(api, leaf, "referral")
    picks = "totals { count amount }"
    for customer, wanted in (
        (top, ["111.000", None]),
        (middle, ["110.000", None]),
        (leaf, ["100.000", None]),
    ):
        found = await viewed(api, "rep", customer, "(below: true)", picks)
        assert [each["amount"] for each in found["totals"]] == wanted
    assert (await viewed(api, "rep", top, "(below: false)", picks))["totals"] == [
        {"count": 1, "amount": "1.000"}
    ]
    asked = "{ customers { nodes { opportunityView(below: true) { totalCount } } } }"
    assert (await api.refused("ann", asked))[0] == "BAD_REQUEST"


async def test_pages_walk_the_whole_list_both_ways(api: SmallApi) -> None:
    """Against a naive order of random rows."""
    random = Random(4)
    acme = await api.new("customer", name="Acme")
    rows: list[Mapping[str, Any]] = []
    for _ in range(14):
        day = random.choice((None, date(2026, 5, 1), date(2026, 5, 2), date(2026, 6, 1)))
        amount = random.choice((None, Decimal(1), Decimal(2), Decimal("2.50")))
        pipeline = random.choice(("direct", "small"))
        id_ = await api.new("deal", name="N", pipeline=pipeline, customer=acme, amount=amount, close_date=day)
        closes = random.random() < 0.3
        if closes:
            await api.move("deal", id_, "won")
        rows.append({"id": id_, "closed": closes, "date": day, "amount": amount})

    def first_open(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return row["closed"], row["date"] is None, row["date"] or date.min, row["id"]

    def largest(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return row["amount"] is None, -(row["amount"] or 0), row["id"]

    around = "pageInfo { hasNextPage endCursor hasPreviousPage startCursor }"
    picks = f"nodes {{ record {{ ... on Deal {{ id }} }} }} {around}"
    for order, key in (("", first_open), (", orderBy: [{amount: DESC}]", largest)):
        wanted = [row["id"] for row in sorted(rows, key=key)]
        forward = await _walked(api, acme, "first", "after", order, picks)
        assert forward == wanted
        backward = await _walked(api, acme, "last", "before", order, picks)
        assert backward == wanted
        offset = await viewed(api, "rep", acme, f"(first: 4, offset: 3{order})", picks)
        assert [each["record"]["id"] for each in offset["nodes"]] == wanted[3:7]


async def _walked(api: SmallApi, id_: str, size: str, from_: str, order: str, picks: str) -> list[str]:
    pages: list[list[str]] = []
    cursor: str | None = None
    more, at = ("hasNextPage", "endCursor") if size == "first" else ("hasPreviousPage", "startCursor")
    asked = f"""query ($id: ID!, $cursor: String) {{ customer(id: $id) {{
      opportunityView({size}: 4, {from_}: $cursor{order}) {{ {picks} }} }} }}"""
    while True:
        found = (await api.data("rep", asked, id=id_, cursor=cursor))["customer"]["opportunityView"]
        pages.append([each["record"]["id"] for each in found["nodes"]])
        if not found["pageInfo"][more]:
            break
        cursor = found["pageInfo"][at]
    return [each for page in (pages if size == "first" else reversed(pages)) for each in page]


async def test_a_list_of_customers_has_each_their_own(api: SmallApi) -> None:
    for at in range(3):
        customer = await api.new("customer", name=f"C{at}")
        for _ in range(at):
            await api.new("deal", name="N", pipeline="direct", customer=customer)
    api.heard.clear()
    found = await api.data(
        "rep", "{ customers { nodes { opportunityView { totalCount edges { cursor node { label } } } } } }"
    )
    assert len(api.heard) == 1
    assert [len(each["opportunityView"]["edges"]) for each in found["customers"]["nodes"]] == [0, 1, 2]
