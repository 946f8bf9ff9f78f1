"""Where records stand, as clients read it: the stage, its history, filters, orders, groups and metadata."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type
from salesmode.pipelines.expected import PERCENT, Standing, forecast, probability
from tests.support.small_api import NOW, SYSTEM, SmallApi, small_api

pytestmark = pytest.mark.anyio

APP = """
kind: object
name: customer
fields: {name: {type: text, required: true}}
---
kind: object
name: deal
owned: true
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer, inverse: deals}
  amount: {type: money}
  term: {type: integer}
  wechat: {type: text, mask: last4}
---
kind: pipeline
name: direct
object: deal
label: {en: Direct, zh: 直销}
fields: [amount, customer]
back: true
reopen: true
stages:
  - {name: qualify, label: {en: Qualify, zh: 立项}, probability: 10}
  - name: offer
    label: {en: Offer, zh: 报价}
    probability: 40
    forecast: best_case
    script: {en: Ask for the budget, zh: 询问预算}
    stale_after: 30d
    exit: {required: [amount, {fields: [wechat], when: {amount: {gt: 100}}}]}
  - {name: won, label: {en: Won, zh: 赢单}, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: partner
object: deal
skip: true
stages:
  - {name: offer, label: Partner's offer, probability: 25.5}
  - {name: sign, when: {amount: {gt: 10}}, readonly: [amount]}
  - {name: won, label: {en: Won, zh: 赢单}, closes: won}
  - {name: lost, closes: lost}
---
kind: pipeline
name: renewal
object: deal
granularity: simple
probability: 70
forecast: commit
fields: [term]
---
kind: role
name: rep
objects:
  deal: {read: true, create: true, update: true, fields: {default: write}}
  customer: {read: true, fields: {name: read}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: partner_manager
objects:
  deal:
    read: true
    create: true
    update: true
    pipelines: [partner]
    fields:
      {name: write, amount: write, pipeline: read, stage: {read: {where: {pipeline: partner}}}, status: read}
---
kind: role
name: blind
objects:
  deal: {read: true, fields: {name: read, amount: read, wechat: masked}}
"""
STAGE = "stage { name label probability forecast __typename }"


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    """`rep` sees all; `paula` the stages of partners' deals; `bob` no stage at all."""
    async with small_api(database_url, APP) as found:
        await found.person("rep", "rep")
        await found.person("paula", "partner_manager")
        await found.person("bob", "blind")
        await found.person("root", "admin")
        acme = await found.new("customer", name="Acme")
        made = {
            "direct": await found.new("deal", name="direct", pipeline="direct", customer=acme, amount=5),
            "partner": await found.new("deal", name="partner", pipeline="partner", amount=20),
            "renewal": await found.new("deal", name="renewal", pipeline="renewal", term=12),
        }
        found.deals = made  # type: ignore[attr-defined]
        yield found


async def found(api: SmallApi, person: str, text: str, **variables: Any) -> Any:
    (answer,) = (await api.data(person, text, **variables)).values()
    return answer


async def names(api: SmallApi, person: str, where: str = "", **variables: Any) -> list[str]:
    declared = "".join(f"${name}: DealStage" for name in variables)
    asked = f"query {'(' + declared + ')' if declared else ''} {{ deals{where} {{ nodes {{ name }} }} }}"
    return [each["name"] for each in (await found(api, person, asked, **variables))["nodes"]]


async def test_a_stage_has_a_name_a_label_and_what_it_is_worth(api: SmallApi) -> None:
    nodes = (await found(api, "rep", f"{{ deals {{ nodes {{ pipeline status {STAGE} }} }} }}"))["nodes"]
    assert nodes == [
        {
            "pipeline": "direct",
            "status": "open",
            "stage": {
                "name": "qualify",
                "label": "Qualify",
                "probability": "10.00",
                "forecast": "pipeline",
                "__typename": "Stage",
            },
        },
        {
            "pipeline": "partner",
            "status": "open",
            "stage": {
                "name": "offer",
                "label": "Partner's offer",
                "probability": "25.50",
                "forecast": "pipeline",
                "__typename": "Stage",
            },
        },
        {"pipeline": "renewal", "status": "open", "stage": None},
    ]


async def test_the_label_is_in_the_callers_language(api: SmallApi) -> None:
    api.locale = "zh"
    asked = "query ($id: ID!) { deal(id: $id) { stage { label } } }"
    assert await found(api, "rep", asked, id=api.deals["direct"]) == {"stage": {"label": "立项"}}


async def test_closing_is_told_with_its_time(api: SmallApi) -> None:
    api.now = NOW + timedelta(days=2)
    await api.move("deal", api.deals["renewal"], "won")
    asked = "query ($id: ID!) { deal(id: $id) { status stageSince closedAt } }"
    assert await found(api, "rep", asked, id=api.deals["renewal"]) == {
        "status": "won",
        "stageSince": "2026-03-03T12:00:00Z",
        "closedAt": "2026-03-03T12:00:00Z",
    }


async def test_a_deletion_answers_with_where_the_record_stood(api: SmallApi) -> None:
    asked = "mutation ($id: ID!) { deleteDeal(id: $id) { deal { version stale term stage { label } } } }"
    deal = {"version": 2, "stale": False, "term": None, "stage": {"label": "Qualify"}}
    assert await found(api, "root", asked, id=api.deals["direct"]) == {"deal": deal}


async def test_the_stays_of_a_record_are_a_connection(api: SmallApi) -> None:
    api.now = NOW + timedelta(days=2)
    await api.move("deal", api.deals["direct"], "offer")
    asked = """query ($id: ID!) { deal(id: $id) { stageHistory(orderBy: [{enteredAt: DESC}]) {
      totalCount nodes { stage { label } fromStage { label } status direction enteredAt leftAt } } } }"""
    history = (await found(api, "rep", asked, id=api.deals["direct"]))["stageHistory"]
    assert history["totalCount"] == 2
    assert history["nodes"] == [
        {
            "stage": {"label": "Offer"},
            "fromStage": {"label": "Qualify"},
            "status": "open",
            "direction": "forward",
            "enteredAt": "2026-03-03T12:00:00Z",
            "leftAt": None,
        },
        {
            "stage": {"label": "Qualify"},
            "fromStage": None,
            "status": "open",
            "direction": "start",
            "enteredAt": "2026-03-01T12:00:00Z",
            "leftAt": "2026-03-03T12:00:00Z",
        },
    ]


async def test_a_stay_has_no_history_of_its_own(api: SmallApi) -> None:
    asked = "{ stageChanges(first: 1) { nodes { history { nodes { changes { field label old new } } } } } }"
    assert await found(api, "rep", asked) == {"nodes": [{"history": {"nodes": []}}]}


async def test_a_stage_filters_by_name_and_by_place(api: SmallApi) -> None:
    assert await names(api, "rep", "(where: {stage: {eq: offer}})") == ["partner"]
    assert await names(api, "rep", "(where: {stage: {before: won}})") == ["direct", "partner"]
    assert await names(api, "rep", "(where: {not: {stage: {before: offer}}})") == ["partner", "renewal"]
    assert await names(api, "rep", "(where: {status: {eq: open}, pipeline: {eq: renewal}})") == ["renewal"]
    for value, wanted in (("offer", ["partner"]), ("qualify", ["direct"]), ("won", [])):
        where = "(where: {stage: {atLeast: $stage}})"
        assert await names(api, "rep", where, stage=value) == wanted


async def test_rows_are_ordered_by_the_place_of_their_stage(api: SmallApi) -> None:
    assert await names(api, "rep", "(orderBy: [{stage: DESC}])") == ["partner", "direct", "renewal"]
    assert await names(api, "rep", "(orderBy: [{stage: ASC}])") == ["direct", "partner", "renewal"]


async def test_groups_are_named_by_the_stage(api: SmallApi) -> None:
    asked = """{ dealAggregate(groupBy: [{field: stage}, {field: status}, {field: pipeline}]) {
      key { stage status pipeline } count } }"""
    assert await found(api, "rep", asked) == [
        {"key": {"stage": "qualify", "status": "open", "pipeline": "direct"}, "count": 1},
        {"key": {"stage": "offer", "status": "open", "pipeline": "partner"}, "count": 1},
        {"key": {"stage": None, "status": "open", "pipeline": "renewal"}, "count": 1},
    ]


async def test_a_field_is_null_in_pipelines_that_do_not_have_it(api: SmallApi) -> None:
    """Whatever is stored: rows from before the pipelines may hold anything."""
    await api.database.with_connection(
        lambda connection: connection.exec_driver_sql(
            "UPDATE deals SET term = 7, amount = 50, wechat = 'abcdefgh'"
        )
    )
    nodes = (await found(api, "rep", "{ deals { nodes { name term amount wechat } } }"))["nodes"]
    assert [(each["name"], each["term"], each["wechat"]) for each in nodes] == [
        ("direct", None, "abcdefgh"),
        ("partner", 7, "abcdefgh"),
        ("renewal", 7, None),
    ]
    assert await names(api, "rep", "(where: {term: {eq: 7}})") == ["partner", "renewal"]
    assert await names(api, "rep", "(where: {term: {isNull: true}})") == ["direct"]
    assert await found(api, "rep", "{ dealAggregate { sum { term } } }") == [{"sum": {"term": "14"}}]
    shown = (await found(api, "bob", "{ deals { nodes { wechat } } }"))["nodes"]
    assert [each["wechat"] for each in shown] == ["••••efgh", "••••efgh", None]


async def test_a_stage_that_may_not_be_read_is_nowhere(api: SmallApi) -> None:
    for asked in (
        "{ deals { nodes { stage { name } } } }",
        "{ deals { nodes { stageHistory { totalCount } } } }",
        "{ deals(where: {stage: {before: won}}) { totalCount } }",
        "{ deals(orderBy: [{status: ASC}]) { totalCount } }",
        "{ stageChanges { totalCount } }",
    ):
        assert (await api.refused("bob", asked))[0] == "BAD_REQUEST"
    assert (await found(api, "bob", "{ metadata { pipelines { name } } }")) == {"pipelines": []}


async def test_a_stage_that_may_be_read_on_some_rows_is_null_on_the_others(api: SmallApi) -> None:
    await api.move("deal", api.deals["direct"], "offer")
    asked = f"{{ deals {{ nodes {{ name {STAGE} stageHistory {{ nodes {{ direction }} }} }} }} }}"
    nodes = (await found(api, "paula", asked))["nodes"]
    assert [(each["name"], each["stage"] and each["stage"]["name"]) for each in nodes] == [
        ("direct", None),
        ("partner", "offer"),
        ("renewal", None),
    ]
    assert [len(each["stageHistory"]["nodes"]) for each in nodes] == [0, 1, 0]
    assert await names(api, "paula", "(where: {stage: {eq: offer}})") == ["partner"]
    assert await names(api, "paula", "(where: {stage: {before: won}})") == ["partner"]
    assert await found(api, "paula", "{ stageChanges { totalCount nodes { deal { name } } } }") == {
        "totalCount": 1,
        "nodes": [{"deal": {"name": "partner"}}],
    }


async def test_a_role_creates_only_in_its_pipelines(api: SmallApi) -> None:
    create = """mutation ($in: DealPipeline!) {
      createDeal(input: {name: "N", pipeline: $in}) { deal { name } } }"""
    assert (await api.refused("paula", create, **{"in": "direct"}))[0] == "FORBIDDEN"
    await api.data("paula", create, **{"in": "partner"})


async def test_the_system_tells_what_a_row_is_worth(api: SmallApi) -> None:
    pipelines = api.tables.model.pipelines_of("deal")
    table = api.tables.table("deal")
    at = Standing(table.c.pipeline, table.c.stage, table.c.status)
    await api.move("deal", api.deals["partner"], "lost")
    likely = probability(pipelines, at, api.database.dialect)
    asked = render(select(likely, forecast(pipelines, at)).order_by(table.c.id), api.database.dialect)
    rows = await api.database.fetch(Step(asked.sql, asked.bind(SYSTEM)))
    decode = field_type("percent").decode
    assert [(f"{decode(PERCENT, each[0], api.database.dialect):.2f}", each[1]) for each in rows] == [
        ("10.00", "pipeline"),
        ("0.00", "omitted"),
        ("70.00", "commit"),
    ]


METADATA = """{ metadata { pipelines { name object label granularity customer fields start
  stages { name label probability forecast closes branch script staleAfter readonly
    entry { fields } exit { fields conditional } } } } }"""


async def test_metadata_tells_of_pipelines(api: SmallApi) -> None:
    api.locale = "zh"
    direct, partner, renewal = (await found(api, "rep", METADATA))["pipelines"]
    assert {key: direct[key] for key in ("name", "object", "label", "granularity", "start")} == {
        "name": "direct",
        "object": "deal",
        "label": "直销",
        "granularity": "staged",
        "start": ["qualify"],
    }
    assert direct["fields"] == [
        *("id", "createdAt", "createdBy", "updatedAt", "updatedBy", "version"),
        *("name", "customer", "amount", "wechat", "owner"),
        *("pipeline", "stage", "status", "stageSince", "closedAt", "stale"),
    ]
    assert direct["stages"][1] == {
        "name": "offer",
        "label": "报价",
        "probability": "40.00",
        "forecast": "best_case",
        "closes": None,
        "branch": False,
        "script": "询问预算",
        "staleAfter": "30d",
        "readonly": [],
        "entry": [],
        "exit": [
            {"fields": ["amount"], "conditional": False},
            {"fields": ["wechat"], "conditional": True},
        ],
    }
    assert [(each["name"], each["branch"], each["readonly"]) for each in partner["stages"]][1] == (
        "sign",
        True,
        ["amount"],
    )
    assert [(each["name"], each["probability"], each["closes"]) for each in renewal["stages"]] == [
        ("open", "70.00", None),
        ("won", "100.00", "won"),
        ("lost", "0.00", "lost"),
    ]


async def test_metadata_leaves_out_fields_that_are_hidden(api: SmallApi) -> None:
    pipelines = (await found(api, "paula", METADATA))["pipelines"]
    assert pipelines[0]["stages"][1]["exit"] == [{"fields": ["amount"], "conditional": False}]
    assert "wechat" not in pipelines[0]["fields"]
