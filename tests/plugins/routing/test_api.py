"""Pools, hand-overs and decisions in the API, on both engines."""

import re
from asyncio import gather
from collections import Counter
from typing import Any

from salesmode_routing.panels import panels
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

APP = """
kind: public_pool
name: open
object: customer
claim: {roles: [sales], per_day: 2}
release: {roles: [sales]}
assign: {roles: [boss]}
recycle: [{name: cold, when: {grade: d}, after: 10d, notice: 5d, keep: 5d}]
---
kind: routing_rule
name: leads
object: lead
candidates: [{name: all, where: {weight: {gt: 0}}}]
---
kind: role
name: visitor
objects:
  customer: {read: {where: {grade: a}}, fields: {name: read}}
---
kind: settings
name: routing
values: {hand_over: [boss]}
"""
CLAIM = "mutation ($id: ID!) { claimCustomer(id: $id) { name owner { name } pool } }"


async def market(open_world: OpenWorld, settings: str = "hand_over: [boss]") -> World:
    world = await open_world(APP.replace("hand_over: [boss]", settings))
    await world.people(
        ann={"roles": ("sales",), "weight": 1},
        bob={"roles": ("sales",)},
        chef={"roles": ("boss",)},
        guest={"roles": ("visitor",)},
    )
    return world


async def asked(world: World, who: str, text: str, **variables: Any) -> Any:
    """The data of the only root field, or the code and the problems of the refusal."""
    answer = await world.running.ask(who, text, variables)
    if "errors" not in answer:
        (value,) = answer["data"].values()
        return value
    told = answer["errors"][0]["extensions"]
    return " ".join([told["code"], *(each["code"] for each in told.get("problems", ()))])


async def pooled(world: World, count: int = 1, **values: object) -> tuple[str, ...]:
    return await world.make("customer", *[{"name": f"c{at}", "owner": None, **values} for at in range(count)])


async def test_a_claim_answers_with_the_record_as_it_is_now(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    assert await asked(world, "ann", CLAIM, id=one) == {
        "name": "c0",
        "owner": {"name": "ann"},
        "pool": None,
    }
    assert await asked(world, "bob", CLAIM, id=one) == "CONFLICT not_pooled"


async def test_two_hundred_claims_of_one_customer_have_one_winner(open_world: OpenWorld) -> None:
    world = await market(open_world)
    await world.people(**{f"user{at:03}": {"roles": ("sales",)} for at in range(200)})
    (one,) = await pooled(world)
    claims = (asked(world, f"user{at:03}", CLAIM, id=one) for at in range(200))
    told = Counter(each if isinstance(each, str) else "ok" for each in await gather(*claims))
    assert told == {"ok": 1, "CONFLICT not_pooled": 199}
    assert len(await world.rows("pool_move", action="claim")) == 1


async def test_parallel_claims_of_one_user_stay_within_the_limit(open_world: OpenWorld) -> None:
    world = await market(open_world)
    ids = await pooled(world, 20)
    told = Counter(
        each if isinstance(each, str) else "ok"
        for each in await gather(*(asked(world, "ann", CLAIM, id=id) for id in ids))
    )
    assert told == {"ok": 2, "FORBIDDEN per_day": 18}


async def test_leads_that_are_made_at_once_take_turns(open_world: OpenWorld) -> None:
    world = await market(open_world)
    await world.put("user", world.users["bob"], weight=1)
    create = 'mutation { createLead(input: {name: "x"}) { lead { owner { name } } } }'
    made = await gather(*(asked(world, "chef", create) for _ in range(20)))
    assert Counter(each["lead"]["owner"]["name"] for each in made) == {"ann": 10, "bob": 10}


async def test_release_assign_and_the_answer_to_a_notice(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"name": "x", "grade": "d", "owner": world.users["ann"]})
    release = 'mutation ($id: ID!) { releaseCustomer(id: $id, reason: "no use") { pool } }'
    assign = "mutation ($id: ID!, $user: ID!) { assignCustomer(id: $id, user: $user) { owner { name } } }"
    keep = "mutation ($id: ID!) { keepOrGiveUpCustomer(id: $id, keep: true) { recycleAt keptAt } }"
    assert await asked(world, "bob", release, id=one) == "FORBIDDEN not_owner"
    assert await asked(world, "ann", release, id=one) == {"pool": "open"}
    assert await asked(world, "chef", assign, id=one, user=world.users["bob"]) == {"owner": {"name": "bob"}}
    await world.pass_time("+10d")
    assert await asked(world, "bob", keep, id=one) == "CONFLICT nothing_to_decide"
    await world.job("pool_call_in")
    kept = await asked(world, "bob", keep, id=one)
    assert (kept["recycleAt"], kept["keptAt"]) == ("2026-03-17T01:00:00Z", "2026-03-12T01:00:00Z")


async def test_a_reason_that_is_too_long_is_told_of_the_argument(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"name": "x", "owner": world.users["ann"]})
    release = "mutation ($id: ID!, $why: String) { releaseCustomer(id: $id, reason: $why) { id } }"
    hand_over = "mutation ($id: ID!, $why: String) { handOver(from: $id, reason: $why) { id } }"
    for text, id in ((release, one), (hand_over, world.users["ann"])):
        answer = await world.running.ask("chef", text, {"id": id, "why": "x" * 501})
        (problem,) = answer["errors"][0]["extensions"]["problems"]
        assert (problem["path"], problem["code"]) == (["reason"], "too_long")


async def test_who_does_not_see_a_record_cannot_claim_it(open_world: OpenWorld) -> None:
    world = await open_world(APP.replace("roles: [sales], per_day: 2", "roles: [sales, visitor]"))
    await world.people(guest={"roles": ("visitor",)})
    (seen, unseen) = *(await pooled(world, grade="a")), *(await pooled(world, grade="b"))
    claim = "mutation ($id: ID!) { claimCustomer(id: $id) { name } }"
    assert await asked(world, "guest", claim, id=unseen) == "NOT_FOUND"
    assert await asked(world, "guest", claim, id=seen) == {"name": "c0"}


async def test_mutations_are_there_for_those_who_may_use_them(open_world: OpenWorld) -> None:
    world = await market(open_world)
    query = "{ __schema { mutationType { fields { name } } } }"
    names = {}
    for user in ("ann", "chef", "admin"):
        fields = (await asked(world, user, query))["mutationType"]["fields"]
        own = "claim|release|assign|keepOrGiveUp|handOver|undoHandOver"
        names[user] = {each["name"] for each in fields if re.match(f"({own})", each["name"])}
    seller = {"claimCustomer", "releaseCustomer", "keepOrGiveUpCustomer"}
    assert names["ann"] == seller
    assert names["chef"] == names["admin"] == {*seller, "assignCustomer", "handOver", "undoHandOver"}


async def test_a_hand_over_and_its_undoing(open_world: OpenWorld) -> None:
    world = await market(open_world)
    same, changed = await world.make("customer", *[{"owner": world.users["ann"]}] * 2)
    hand = """mutation ($from: ID!, $to: [ID!]) {
      handOver(from: $from, to: $to, reason: "left") {
        id fromUser { name } items { totalCount }
      }
    }"""
    undo = """mutation ($id: ID!) {
      undoHandOver(id: $id) {
        undoneBy { name } items(where: {outcome: {eq: changed_since}}) { nodes { record } }
      }
    }"""
    made = await asked(world, "chef", hand, **{"from": world.users["ann"], "to": [world.users["bob"]]})
    assert (made["fromUser"], made["items"]) == ({"name": "ann"}, {"totalCount": 2})
    await world.put("customer", changed, owner=world.users["chef"])
    assert await asked(world, "chef", undo, id=made["id"]) == {
        "undoneBy": {"name": "chef"},
        "items": {"nodes": [{"record": changed}]},
    }
    assert await world.owner("customer", same) == "ann"


async def test_a_team_is_handed_over_by_who_leads_it_and_by_no_other(open_world: OpenWorld) -> None:
    world = await market(open_world, settings="team_hand_over: [boss]")
    (east,), (west,) = await world.make("team", {"name": "East"}), await world.make("team", {"name": "West"})
    for name, team in (("ann", east), ("bob", west), ("chef", west)):
        await world.put("user", world.users[name], team=team)
    (customer,) = await world.make("customer", {"owner": world.users["ann"]})
    hand = "mutation ($from: ID!, $to: [ID!]) { handOver(from: $from, to: $to) { id } }"
    given = {"from": world.users["ann"], "to": [world.users["bob"]]}
    assert (await asked(world, "chef", hand, **given)).startswith("FORBIDDEN")
    assert await world.owner("customer", customer) == "ann"
    await world.put("user", world.users["chef"], team=east)
    made = await asked(world, "chef", hand, **given)
    assert await world.owner("customer", customer) == "bob"
    await world.put("user", world.users["chef"], team=west)
    undo = "mutation ($id: ID!) { undoHandOver(id: $id) { id } }"
    assert (await asked(world, "chef", undo, id=made["id"])).startswith("FORBIDDEN")


async def test_why_a_lead_went_where_it_is(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (lead,) = await world.make("lead", {})
    query = "query ($id: ID!) { leadRoute(id: $id) { rule reason user { name } round { candidates } } }"
    (told,) = await asked(world, "chef", query, id=lead)
    assert (told["rule"], told["user"]["name"]) == ("leads", "ann")
    assert [each["reason"] for each in told["round"]["candidates"]] == ["ann (all): fits"]
    assert (await asked(world, "ann", query, id=lead)).startswith("BAD_REQUEST")


async def test_the_console_shows_decisions_and_moves(open_world: OpenWorld) -> None:
    world = await market(open_world)
    await world.make("lead", {})
    await pooled(world)
    rows = {}
    for panel in panels(world.running.tables.model):
        found = await asked(world, "chef", panel.query)
        (row,) = found["nodes"]
        assert {each.split(".")[0] for each in panel.columns.values()} == row.keys()
        rows[panel.rows] = row
    assert rows["routingDecisions.nodes"]["user"] == {"name": "ann"}
    assert rows["poolMoves.nodes"]["action"] == "release"
