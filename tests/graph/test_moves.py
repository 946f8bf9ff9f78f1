"""`moveOpportunity` and `nextStages`: what may be next is what a move answers."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import orjson
import pytest

from salesmode.access.compose import policy_of
from salesmode.graph.endpoint import Caller, Query
from tests.records.deals import DEALS
from tests.support.small_api import SYSTEM, SmallApi, small_api

AHEAD = "nextStages { name allowed blockedBy { path code message name } }"
MOVE = """
mutation ($id: ID!, $to: String!, $input: OpportunityUpdate, $comment: String, $ifVersion: Int) {
  moveOpportunity(id: $id, to: $to, input: $input, comment: $comment, ifVersion: $ifVersion) {
    id opportunity { version stage { name label } status }
  }
}
"""


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[SmallApi]:
    async with small_api(database_url, DEALS) as api:
        await api.person("li", "sales")
        await api.person("meng", "manager")
        await api.person("bo", "blind")
        await api.person("ren", "renewals")
        await api.person("ada", "admin")
        yield api


def mine(api: SmallApi, **values: Any) -> dict[str, Any]:
    return {"owner": api.people["li"]["id"], "name": str(values), **values}


async def ahead(api: SmallApi, who: str, id_: str) -> dict[str, Any]:
    """The next stages by name."""
    found = await api.data(who, f'{{ opportunity(id: "{id_}") {{ {AHEAD} }} }}')
    return {each["name"]: each for each in found["opportunity"]["nextStages"]}


async def test_a_move_reads_back_what_it_did(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="express"))
    values = {"id": id_, "to": "contract", "input": {"amount": "5"}, "comment": "signed", "ifVersion": 1}
    found = await api.data("li", MOVE, **values)
    assert found["moveOpportunity"] == {
        "id": id_,
        "opportunity": {
            "version": 2,
            "stage": {"name": "contract", "label": "Contract"},
            "status": "open",
        },
    }
    text = f'{{ opportunity(id: "{id_}") {{ stageHistory {{ nodes {{ comment }} }} }} }}'
    told = (await api.data("li", text))["opportunity"]["stageHistory"]["nodes"]
    assert {each["comment"] for each in told} == {None, "signed"}


async def test_what_blocks_a_move_is_told_by_the_api(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="deal"))
    error = await api.error("li", MOVE, id=id_, to="check")
    assert error["extensions"] == {
        "code": "STAGE_BLOCKED",
        "problems": [
            {"path": ["to"], "code": "branch", "message": "This record has no stage 'Check'."},
            {"path": ["to"], "code": "role", "message": "Your roles may not move a record to 'Check'."},
            {"path": ["input", "amount"], "code": "required", "message": "'Check' needs this to be filled."},
            {"path": ["input"], "code": "validation", "message": "Grade A or B", "name": "graded"},
        ],
    }


async def test_nobody_moves_who_may_not_update_or_not_see_the_stage(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="renewal"))
    for who in ("bo",):
        found = await api.ask(who, f'mutation {{ moveOpportunity(id: "{id_}", to: "won") {{ id }} }}')
        assert found["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        asked = await api.ask(who, f'{{ opportunity(id: "{id_}") {{ {AHEAD} }} }}')
        assert asked["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_next_stages_are_the_others_of_the_own_pipeline(api: SmallApi) -> None:
    deal = await api.new("opportunity", **mine(api, pipeline="deal", amount="1"))
    renewal = await api.new("opportunity", **mine(api, pipeline="renewal"))
    assert [*await ahead(api, "meng", deal)] == ["check", "proposal", "negotiate", "won", "lost"]
    assert {name: each["allowed"] for name, each in (await ahead(api, "meng", renewal)).items()} == {
        "won": True,
        "lost": True,
    }
    found = await ahead(api, "meng", deal)
    assert [each["code"] for each in found["proposal"]["blockedBy"]] == ["required", "required"]
    assert found["lost"]["blockedBy"] == [
        {
            "path": ["input", "lostReason"],
            "code": "required",
            "message": "'Lost' needs this to be filled.",
            "name": None,
        }
    ]


async def test_a_list_of_records_is_one_statement(api: SmallApi) -> None:
    for number, pipeline in enumerate(("deal", "express", "renewal", "deal")):
        await api.new("opportunity", **mine(api, pipeline=pipeline, amount=str(number)))
    api.heard.clear()
    found = await api.data("li", f"{{ opportunities {{ nodes {{ stage {{ name }} {AHEAD} }} }} }}")
    assert len(api.heard) == 1
    assert [len(each["nextStages"]) for each in found["opportunities"]["nodes"]] == [5, 4, 2, 5]


async def test_they_are_told_in_the_language_of_the_caller(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="renewal"))
    text = f'{{ opportunity(id: "{id_}") {{ nextStages {{ label blockedBy {{ message }} }} }} }}'
    found = await api.data("li", text)
    assert [each["label"] for each in found["opportunity"]["nextStages"]] == ["Won", "Lost"]


EXPLAINED = """
query ($object: ObjectName!, $id: ID!, $to: String) { explainStage(object: $object, id: $id, to: $to) {
  pipeline stage text
  stages { name allowed roles obstacles { code name field file line missing message __typename } }
} }
"""


async def test_administrators_ask_what_is_in_the_way(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="deal", amount="1"))
    found = (await api.data("ada", EXPLAINED, object="opportunity", id=id_, to="check"))["explainStage"]
    assert (found["pipeline"], found["stage"]) == ("deal", "qualify")
    (ahead,) = found["stages"]
    assert (ahead["name"], ahead["allowed"], ahead["roles"]) == ("check", False, ["engineer", "manager"])
    assert [(each["code"], each["name"], each["missing"], each["file"]) for each in ahead["obstacles"]] == [
        ("branch", None, ["customised = true"], "app.yaml"),
        ("validation", "graded", ["customer.grade in [a, b]"], "app.yaml"),
    ]
    assert any("it could, if customised = true" in line for line in found["text"])
    whole = (await api.data("ada", EXPLAINED, object="opportunity", id=id_))["explainStage"]
    assert [each["name"] for each in whole["stages"]] == ["check", "proposal", "negotiate", "won", "lost"]


async def test_what_cannot_be_explained(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="deal"))
    assert (await api.refused("li", EXPLAINED, object="opportunity", id=id_))[0] == "BAD_REQUEST"
    assert (await api.refused("ada", EXPLAINED, object="user", id=id_))[0] == "BAD_REQUEST"
    assert (await api.refused("ada", EXPLAINED, object="opportunity", id=id_, to="offer"))[0] == "BAD_REQUEST"
    nobody = "00000000-0000-7000-8000-000000000000"
    assert (await api.refused("ada", EXPLAINED, object="opportunity", id=nobody))[0] == "NOT_FOUND"


async def test_next_stages_wherever_a_record_is_read(api: SmallApi) -> None:
    customer = await api.new("customer", name="c", grade="b")
    id_ = await api.new("opportunity", **mine(api, pipeline="deal", amount="1", customer=customer))
    two = "nextStages { name allowed } again: nextStages { blockedBy { code } }"
    found = await api.data("meng", f"{{ customers {{ nodes {{ opportunities {{ nodes {{ {two} }} }} }} }} }}")
    (record,) = found["customers"]["nodes"][0]["opportunities"]["nodes"]
    assert len(record["nextStages"]) == len(record["again"]) == 5
    found = await api.data("meng", f'{{ node(id: "{id_}") {{ ... on Opportunity {{ {two} }} }} }}')
    assert found["node"] == record
    text = (
        f'mutation {{ updateOpportunity(id: "{id_}", input: {{budget: "2"}}) {{ opportunity {{ {two} }} }} }}'
    )
    assert (await api.data("meng", text))["updateOpportunity"]["opportunity"] == record
    text = f'mutation {{ deleteOpportunity(id: "{id_}") {{ opportunity {{ {two} }} }} }}'
    assert (await api.data("ada", text))["deleteOpportunity"]["opportunity"]["nextStages"][0][
        "name"
    ] == "check"


async def test_several_moves_in_one_request_run_in_order(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="renewal"))
    text = f"""mutation {{
      first: moveOpportunity(id: "{id_}", to: "won") {{ opportunity {{ status version }} }}
      second: moveOpportunity(id: "{id_}", to: "open") {{ opportunity {{ status version }} }}
    }}"""
    found = await api.data("li", text)
    assert [found[each]["opportunity"] for each in ("first", "second")] == [
        {"status": "won", "version": 2},
        {"status": "open", "version": 3},
    ]
    told = await api.data(
        "li", f'{{ opportunity(id: "{id_}") {{ history {{ nodes {{ changes {{ field old new }} }} }} }} }}'
    )
    changes = [each["changes"] for each in told["opportunity"]["history"]["nodes"]][:2]
    assert changes == [
        [{"field": "status", "old": "won", "new": "open"}],
        [{"field": "status", "old": "open", "new": "won"}],
    ]


async def test_subscribers_hear_of_a_move(api: SmallApi) -> None:
    id_ = await api.new("opportunity", **mine(api, pipeline="express", amount="1"))
    text = (
        "subscription { opportunityChanged(where: {stage: {eq: contract}}) "
        "{ operation changedFields record { stage { name } nextStages { name allowed } } } }"
    )
    user = api.people["li"]
    caller = Caller(policy_of(api.tables.model, user["roles"]), replace(SYSTEM, user=user))
    async with api.endpoint.feed.follow(["opportunity"]) as follower:
        told = []
        for to in ("contract", "offer"):
            await api.data("li", f'mutation {{ moveOpportunity(id: "{id_}", to: "{to}") {{ id }} }}')
            change = await follower.next(10.0)
            assert change is not None
            subscription = api.endpoint.subscription(Query(text, {}), caller)
            assert subscription is not None
            told.append(
                orjson.loads(await subscription.told(change) or b"null")["data"]["opportunityChanged"]
            )
    came, went = told
    assert (came["operation"], came["record"]["stage"]) == ("appeared", {"name": "contract"})
    assert {"name": "delivery", "allowed": True} in came["record"]["nextStages"]
    assert went["operation"] == "disappeared"
