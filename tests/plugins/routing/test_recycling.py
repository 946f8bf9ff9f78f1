"""The clock and the pools: notices, decisions and returns, each exactly once."""

from collections.abc import Sequence

import pytest

from salesmode.diagnostics import Refusal
from salesmode_routing.claiming import keep_or_give_up
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

POOL = """
kind: public_pool
name: open
label: {en: Open customers, zh: 公海}
object: customer
where: {signed: false}
protect: 5d
recycle:
  - name: cold
    when: {grade: [c, d], activities: {none: {at: {gte: $now - 20d}}}}
    after: 20d
    notice: 7d
  - name: useless
    when: {grade: b}
    after: 1d
    to: useless
  - name: stale
    when: {grade: a}
    after: 52w
    notice: 14d
    keep: 30d
---
kind: public_pool
name: useless
object: customer
order: 500
"""
JOBS = ("pool_begin", "pool_take_back", "pool_call_in")


async def market(open_world: OpenWorld) -> World:
    world = await open_world(POOL)
    await world.people(ann={"roles": ("sales",)}, bob={"roles": ("sales",)})
    return world


async def swept(world: World) -> list[int]:
    """What each of the jobs did."""
    return [await world.job(each) for each in JOBS]


async def owned(world: World, *grades: str, **values: object) -> tuple[str, ...]:
    rows = [{"name": f"c {grade}", "grade": grade, "owner": world.users["ann"], **values} for grade in grades]
    return await world.make("customer", *rows)


async def actions(world: World, id: str) -> list[str]:
    rows = await world.do(
        lambda desk: desk.read("pool_move", ("action",), where={"record": id}, order=("created_at",))
    )
    return [each["action"] for each in rows]


async def pools(world: World, ids: Sequence[str]) -> list[str | None]:
    return [await world.value("customer", id, "pool") for id in ids]


async def test_a_notice_comes_first_and_then_the_record_goes_back(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (cold,) = await owned(world, "c")
    await world.pass_time("+19d")
    assert await swept(world) == [0, 0, 0]
    await world.pass_time("+1d")
    assert await swept(world) == [0, 0, 1]
    assert await swept(world) == [0, 0, 0]
    (task,) = await world.rows("task", "subject", "assignee.name", "due", "customer")
    assert task["subject"] == "c c goes back to the pool on 2026-03-29 09:00: work on it or give it up"
    assert (task["assignee.name"], task["customer"]) == ("ann", cold)
    await world.pass_time("+6d")
    assert await swept(world) == [0, 0, 0]
    await world.pass_time("+1d")
    assert await swept(world) == [0, 1, 0]
    assert await pools(world, [cold]) == ["open"]
    assert await actions(world, cold) == ["notice", "recycle"]
    row = await world.row("customer", cold, "owner", "recycle_at", "recycle_rule", "owned_since")
    assert [row[name] for name in ("owner", "recycle_at", "recycle_rule", "owned_since")] == [None] * 4
    assert await swept(world) == [0, 0, 0]


async def test_whoever_works_on_it_keeps_it(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (cold,) = await owned(world, "d")
    await world.pass_time("+20d")
    await swept(world)
    now = world.running.clock()
    await world.make("activity", {"kind": "call", "subject": "hello", "at": now, "customer": cold})
    await world.pass_time("+7d")
    assert await swept(world) == [0, 1, 0]
    assert await world.owner("customer", cold) == "ann"
    assert await actions(world, cold) == ["notice", "spare"]
    await world.pass_time("+14d")
    assert await swept(world) == [0, 0, 1]


async def test_a_rule_without_notice_takes_it_at_once_after_the_protection(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (useless,) = await owned(world, "b")
    await world.pass_time("+4d")
    assert await swept(world) == [0, 0, 0]
    await world.pass_time("+1d")
    assert await swept(world) == [0, 0, 1]
    assert await pools(world, [useless]) == ["useless"]
    assert await world.rows("task") == []


async def test_what_the_pool_does_not_take_stays(open_world: OpenWorld) -> None:
    world = await market(open_world)
    await owned(world, "a", "b", "c", signed=True)
    await world.pass_time("+2y")
    assert await swept(world) == [0, 0, 0]


async def test_a_stale_customer_is_kept_once_for_a_last_attempt(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (stale,) = await owned(world, "a")
    await world.pass_time("+52w")
    assert await swept(world) == [0, 0, 1]

    async def kept(user: str = "ann") -> None:
        await world.do(
            lambda desk: keep_or_give_up(desk, "customer", stale, keep=True, reason="one more visit"), user
        )

    with pytest.raises(Refusal) as raised:
        await kept("bob")
    assert [each.code for each in raised.value.problems] == ["not_owner"]
    await kept()
    with pytest.raises(Refusal) as raised:
        await kept()
    assert [each.code for each in raised.value.problems] == ["not_keepable"]
    told = [each["subject"] for each in await world.rows("task", "subject")]
    assert told == ["c a: keep it for a last attempt or give it up by 2027-03-15 09:00", "Last attempt: c a"]
    await world.pass_time("+29d")
    assert await swept(world) == [0, 0, 0]
    await world.pass_time("+1d")
    assert await swept(world) == [0, 1, 0]
    assert await actions(world, stale) == ["notice", "keep", "recycle"]


async def test_a_stale_customer_is_given_up(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (stale,) = await owned(world, "a")
    await world.pass_time("+52w")
    await swept(world)
    await world.do(lambda desk: keep_or_give_up(desk, "customer", stale, keep=False, reason="no use"), "ann")
    assert await pools(world, [stale]) == ["open"]
    assert await actions(world, stale) == ["notice", "give_up"]


async def test_there_is_nothing_to_decide_without_a_notice(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await owned(world, "a")
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: keep_or_give_up(desk, "customer", one, keep=False, reason=None), "ann")
    assert (raised.value.code, raised.value.problems[0].code) == ("CONFLICT", "nothing_to_decide")


async def test_a_new_owner_begins_anew(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (cold,) = await owned(world, "c")
    await world.pass_time("+20d")
    await swept(world)
    await world.put("customer", cold, owner=world.users["bob"])
    assert await world.value("customer", cold, "recycle_at") is None
    await world.pass_time("+19d")
    assert await swept(world) == [0, 0, 0]


async def test_more_records_than_one_transaction_handles(open_world: OpenWorld) -> None:
    world = await market(open_world)
    ids = await owned(world, *["b"] * 1100)
    await world.pass_time("+9d")
    assert await swept(world) == [0, 0, 1100]
    assert set(await world.owners("customer", ids)) == {None}


async def test_records_that_were_there_before_the_plugin_are_theirs_from_now_on(
    open_world: OpenWorld,
) -> None:
    world = await market(open_world)
    (one,) = await owned(world, "b", owned_since=None)
    assert await world.value("customer", one, "owned_since") is None
    await world.pass_time("+9d")
    assert await swept(world) == [1, 0, 0]
    assert await world.value("customer", one, "owned_since") == world.running.clock()


async def test_what_nobody_owns_is_collected_when_a_pool_takes_it(open_world: OpenWorld) -> None:
    world = await open_world(
        POOL.replace("object: customer\norder: 500", "object: customer\norder: 500\nwhere: {grade: b}")
    )
    before, later = await world.make("customer", {"owner": None}, {"owner": None, "signed": True})
    await world.put("customer", before, pool=None, pooled_at=None)
    assert await pools(world, (before, later)) == [None, None]
    assert await swept(world) == [1, 0, 0]
    assert await pools(world, (before, later)) == ["open", None]
    await world.put("customer", later, grade="b")
    assert await swept(world) == [1, 0, 0]
    assert await pools(world, (before, later)) == ["open", "useless"]
    assert await swept(world) == [0, 0, 0]


async def test_what_comes_back_is_routed_again_and_never_to_whom_it_comes_from(open_world: OpenWorld) -> None:
    again = """---
kind: routing_rule
name: again
object: customer
on: [pool]
candidates: [{name: sales, where: {roles: {has: sales}}}]
---
kind: routing_rule
name: only_new
object: customer
candidates: [all]
"""
    world = await open_world(POOL + again)
    await world.people(ann={"roles": ("sales",)}, bob={"roles": ("sales",)})
    ids = await owned(world, "b", "b", "b")
    await world.pass_time("+9d")
    assert await swept(world) == [0, 0, 3]
    assert await world.owners("customer", ids) == {"bob": 3}
    assert await pools(world, ids) == [None] * 3
    decisions = await world.rows("routing_decision", "rule", "trigger")
    assert {(each["rule"], each["trigger"]) for each in decisions} == {("again", "pool")}
    assert await actions(world, ids[0]) == ["recycle"]
