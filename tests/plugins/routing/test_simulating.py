"""What a rule would have done, and why a record went where it is."""

from salesmode_routing.simulating import explain, simulate
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

RULES = """
kind: routing_rule
name: live
object: lead
candidates: [{name: all, where: {skills: {has: a}}}]
---
kind: routing_rule
name: planned
object: lead
active: false
when: {region: north}
candidates: [{name: all, where: {weight: {gt: 0}}}]
choose: weighted
weight: weight
"""


async def company(open_world: OpenWorld) -> World:
    world = await open_world(RULES)
    await world.people(ann={"skills": ("a",), "weight": 3}, bob={"weight": 1})
    return world


async def test_a_rule_is_tried_on_past_records_before_it_goes_live(open_world: OpenWorld) -> None:
    world = await company(open_world)
    await world.make("lead", *[{"region": "north"}] * 5)
    await world.pass_time("+10d")
    await world.make("lead", *[{"region": "north"}] * 8, *[{"region": "south"}] * 2)
    told = await world.do(lambda desk: simulate(desk, "planned", 9))
    assert told == [
        {"user": "ann", "would_get": 6, "has": 8},
        {"user": "bob", "would_get": 2, "has": 0},
        {"user": "(not decided by this rule)", "would_get": 2, "has": ""},
    ]
    assert {each["rule"] for each in await world.rows("routing_counter", "rule")} == {"live"}


async def test_decisions_are_explained_with_their_candidates(open_world: OpenWorld) -> None:
    world = await company(open_world)
    (lead,) = await world.make("lead", {"region": "south"})
    assert await world.do(lambda desk: explain(desk, "lead", lead)) == [
        "2026-03-02 09:00 live (create): ann: next in turn of 1 in 'all'",
        "    + ann (all): fits",
        "Now: rule live applies",
        "Now: rule planned does not apply (its `when` does not hold); it is not active",
    ]
