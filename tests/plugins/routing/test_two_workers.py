"""Forty days with two workers: each notice, return and task happens exactly once."""

from asyncio import gather
from collections import Counter
from datetime import timedelta

from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.jobs import Settings, Worker
from salesmode.tables import tables_of
from tests.plugins.routing.world import World, opened

APP = """
kind: public_pool
name: open
object: customer
recycle:
  - {name: cold, when: {activities: {none: {at: {gte: $now - 20d}}}}, after: 20d, notice: 7d}
---
kind: public_pool
name: leads
object: lead
---
kind: routing_rule
name: quick
object: lead
candidates: [{name: all, where: {weight: {gt: 0}}}]
sla: {within: 2d, then: return}
---
kind: routing_rule
name: told
object: lead
order: 1
when: {hot: true}
candidates: [{name: all, where: {weight: {gt: 0}}}]
sla: {within: 3d}
"""
COUNT = 30


async def test_forty_days_with_two_workers(database_url: str) -> None:
    world, second = await opened(database_url, APP), await connect(database_url)
    try:
        await _forty_days(world, second)
        await _told(world)
    finally:
        await second.close()
        await world.running.database.close()


async def _forty_days(world: World, second: Database) -> None:
    await world.people(chef={})
    await world.people(ann={"weight": 1, "manager": world.users["chef"]})
    running = world.running
    tables = tables_of(running.tables.model, second.dialect)
    settings = Settings(clock=running.clock)
    workers = [Worker(running.tables, running.database, settings), Worker(tables, second, settings)]
    for each in workers:
        await each.timetable.begin()
    await _made(world)
    end = running.clock() + timedelta(days=40)
    while running.clock() < end:
        running.clock.move(running.clock.after(7, "h"))
        await gather(*(each.once() for each in workers))


async def _made(world: World) -> None:
    await world.make("customer", *[{"owner": world.users["ann"], "name": f"c{at}"} for at in range(COUNT)])
    await world.make("lead", *[{"hot": at % 2 == 0} for at in range(COUNT)])


async def _told(world: World) -> None:
    moves = await world.rows("pool_move", "object", "record", "action")
    each_once = Counter((move["object"], move["record"], move["action"]) for move in moves)
    assert set(each_once.values()) == {1}
    assert Counter((move["object"], move["action"]) for move in moves) == {
        ("customer", "notice"): COUNT,
        ("customer", "recycle"): COUNT,
        ("lead", "sla_return"): COUNT // 2,
        ("lead", "sla_escalate"): COUNT // 2,
    }
    tasks = Counter(
        (each["assignee.name"], bool(each["customer"]))
        for each in await world.rows("task", "assignee.name", "customer")
    )
    assert tasks == {("ann", True): COUNT, ("chef", False): COUNT // 2}
