"""What is not touched in time is escalated, given on or returned, exactly once."""

from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

RULE = """
kind: routing_rule
name: quick
object: lead
candidates: [{name: all, where: {weight: {gt: 0}}}]
sla: {within: 4h, then: THEN}
---
kind: public_pool
name: open
object: lead
"""
JOB = "routing_time_limits"


async def company(open_world: OpenWorld, then: str) -> World:
    world = await open_world(RULE.replace("THEN", then))
    await world.people(chef={})
    await world.people(ann={"weight": 1, "manager": world.users["chef"]}, bob={"weight": 1})
    return world


async def touched(world: World, lead: str) -> None:
    now = world.running.clock()
    await world.make("activity", {"kind": "call", "subject": "hello", "at": now, "lead": lead})


async def moves(world: World) -> list[tuple[str, str]]:
    rows = await world.rows("pool_move", "action", "record")
    return [(each["action"], each["record"]) for each in rows]


async def test_the_manager_is_told_once(open_world: OpenWorld) -> None:
    world = await company(open_world, "escalate")
    late, good = await world.make("lead", {"name": "late"}, {"name": "good"})
    await world.pass_time("+3h")
    assert await world.job(JOB) == 0
    await touched(world, good)
    await world.pass_time("+1h")
    assert await world.job(JOB) == 2
    assert await world.job(JOB) == 0
    (task,) = await world.rows("task", "subject", "assignee.name", "lead")
    assert (task["subject"], task["assignee.name"]) == ("Not touched in time: late (ann)", "chef")
    assert await moves(world) == [("sla_escalate", late)]
    assert await world.owner("lead", late) == "ann"


async def test_it_goes_back_to_the_pool(open_world: OpenWorld) -> None:
    world = await company(open_world, "return")
    late, good = await world.make("lead", {}, {})
    await touched(world, good)
    await world.pass_time("+1d")
    await world.job(JOB)
    assert [await world.value("lead", each, "pool") for each in (late, good)] == ["open", None]
    assert await moves(world) == [("sla_return", late)]


async def test_the_next_one_gets_it_with_a_time_limit_of_their_own(open_world: OpenWorld) -> None:
    world = await company(open_world, "reroute")
    (late,) = await world.make("lead", {})
    await world.pass_time("+4h")
    await world.job(JOB)
    assert await world.owner("lead", late) == "bob"
    due = await world.value("lead", late, "sla_due")
    assert (due - world.running.clock()).total_seconds() == 4 * 3600
    assert await moves(world) == [("sla_reroute", late)]
    assert len(await world.rows("routing_decision", record=late)) == 2


async def test_where_there_is_nobody_else_it_goes_to_the_pool(open_world: OpenWorld) -> None:
    world = await company(open_world, "reroute")
    (late,) = await world.make("lead", {})
    await world.put("user", world.users["bob"], active=False)
    await world.pass_time("+4h")
    await world.job(JOB)
    assert await world.value("lead", late, "pool") == "open"


async def test_a_touch_of_an_earlier_owner_does_not_count(open_world: OpenWorld) -> None:
    world = await company(open_world, "return")
    (lead,) = await world.make("lead", {})
    await touched(world, lead)
    await world.pass_time("+1h")
    since = world.running.clock()
    await world.put("lead", lead, owned_since=since)
    await world.pass_time("+3h")
    await world.job(JOB)
    assert await world.value("lead", lead, "pool") == "open"
