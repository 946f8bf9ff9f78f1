"""A record that may not change keeps no other from what the clock does."""

import logging

import pytest

from tests.plugins.routing.conftest import OpenWorld

APP = """
kind: object
name: deal
owned: true
activities: true
fields: {name: {type: text}, stiff: {type: boolean}, cold: {type: boolean}}
validations:
  - {name: too_late, when: {stiff: true}, must: {created_at: {gte: $now - 1h}}, message: Too late}
---
kind: routing_rule
name: quick
object: deal
candidates: [{name: all, where: {weight: {gt: 0}}}]
sla: {within: 4h, then: return}
---
kind: public_pool
name: open
object: deal
recycle: [{name: cold, when: {cold: true}, after: 1d, notice: 1d}]
"""


async def test_time_limits_go_on_past_a_record_that_refuses(
    open_world: OpenWorld, caplog: pytest.LogCaptureFixture
) -> None:
    world = await open_world(APP)
    await world.people(ann={"weight": 1})
    deals = await world.make("deal", *[{"stiff": at in (0, 3)} for at in range(6)])
    await world.pass_time("+5h")
    with caplog.at_level(logging.WARNING):
        assert await world.job("routing_time_limits") == 6
    assert await world.owners("deal", deals) == {"ann": 2, None: 4}
    assert {await world.owner("deal", deals[at]) for at in (0, 3)} == {"ann"}
    told = [each.getMessage() for each in caplog.records if "stays as it is" in each.getMessage()]
    assert len(told) == 2
    assert all("Too late" in each for each in told)
    await world.put("deal", deals[0], stiff=False)
    assert await world.job("routing_time_limits") == 2
    assert await world.owner("deal", deals[0]) is None


async def test_pools_go_on_past_a_record_that_refuses(open_world: OpenWorld) -> None:
    world = await open_world(APP)
    await world.people(ann={"weight": 1})
    rows = [{"cold": True, "owner": world.users["ann"], "stiff": at == 0} for at in range(3)]
    deals = await world.make("deal", *rows)
    await world.pass_time("+2d")
    await world.job("pool_call_in")
    await world.pass_time("+2d")
    await world.job("pool_take_back")
    assert await world.owners("deal", deals) == {"ann": 1, None: 2}
    assert await world.owner("deal", deals[0]) == "ann"
