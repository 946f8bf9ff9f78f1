"""Undoing a merge: what was not changed since is as before, the rest is told."""

from decimal import Decimal
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Desk, UnitOf
from salesmode_duplicates.undoing import CHANGED, GONE, Undone, undo
from tests.plugins.duplicates.world import PHONE, World


async def undone(world: World, survivor: str) -> Undone:
    found: Undone = await world.do(lambda desk: undo(desk, "household", survivor), "mo")
    return found


async def state(world: World, *households: str) -> list[Any]:
    """All that a merge may change."""
    fields = "name phone second_phone wechat address income signed_on interests parent twin owner"
    found: list[Any] = [await world.one(each, fields) for each in households]
    found.append(
        sorted((r["id"], r["household"], r["guests"]) for r in await world.read("order", "household guests"))
    )
    found.append(sorted((r["id"], r["household"]) for r in await world.read("activity", "household")))
    found.append(
        sorted(
            (r["household"], r["user"], r["right"]) for r in await world.read("grant", "household user right")
        )
    )
    found.append(
        sorted(
            (r["household"], r["name"], r["state"]) for r in await world.read("tag", "household name state")
        )
    )
    found.append(
        sorted(
            (r["first"], r["second"], r["status"])
            for r in await world.read("match_pair", "first second status")
        )
    )
    return found


async def family(world: World) -> tuple[str, str]:
    """Two records of one household with all kinds of things that belong to them."""
    first = await world.household(phone=PHONE, income="100.00", interests=["car"], signed_on="2026-01-02")
    second = await world.household(
        name="Li Wei", phone=PHONE, income="250.00", wechat="li_wei", interests=["house"]
    )
    await world.household(name="王芳", parent=second, twin=second)
    await world.api.new("order", name="1", household=second, guests=[second])
    await world.contact(second, "ann", 1)

    def prepare(desk: Desk) -> UnitOf[None]:
        yield from desk.grant("household", second, "view", user=world.id("bob"))
        yield from desk.tag("household", second, "referral", state="visited")

    await world.do(prepare)
    await world.settle()
    return first, second


async def test_a_merge_that_is_undone_leaves_everything_as_it_was(world: World) -> None:
    first, second = await family(world)
    before = await state(world, first, second)
    await world.merge(first, second)
    found = await undone(world, first)
    assert found == Undone(first, (second,), ())
    assert await state(world, first, second) == before


async def test_what_was_changed_since_stays_and_is_told(world: World) -> None:
    first, second = await family(world)
    (order,) = [each["id"] for each in await world.read("order", "")]
    (activity,) = [each["id"] for each in await world.read("activity", "")]
    await world.merge(first, second)
    other = await world.household(name="陈静")
    await world.api.change("household", first, income="300.00")
    await world.api.change("order", order, household=other)
    await world.do(lambda desk: desk.delete("activity", [activity]))
    found = await undone(world, first)
    told = {(each.object, each.id, each.field, each.why) for each in found.rest}
    assert told == {
        ("household", first, "income", CHANGED),
        ("order", order, "household", CHANGED),
        ("activity", activity, "household", GONE),
    }
    assert await world.one(first, "income wechat") == [Decimal("300.00"), None]
    assert await world.one(order, "household guests", "order") == [other, (second,)]
    assert await world.there(first, second) == [True, True]
    (row,) = await world.read("record_merge", "rest undone_at")
    assert len(row["rest"]) == 3
    assert row["undone_at"] is not None


async def test_what_is_new_since_stays_with_the_survivor(world: World) -> None:
    first, second = await family(world)
    await world.merge(first, second)
    order = await world.api.new("order", name="new", household=first)
    await undone(world, first)
    assert await world.one(order, "household", "order") == [first]


async def test_merges_are_undone_from_the_latest_on(world: World) -> None:
    first, second, third = [await world.household() for _ in range(3)]
    order = await world.api.new("order", name="1", household=third)
    await world.merge(second, third)
    await world.merge(first, second)
    assert await world.one(order, "household", "order") == [first]
    await undone(world, first)
    assert await world.one(order, "household", "order") == [second]
    await undone(world, second)
    assert await world.one(order, "household", "order") == [third]
    assert await world.there(first, second, third) == [True, True, True]


async def test_there_is_nothing_to_undo_twice(world: World) -> None:
    first, second = await world.household(), await world.household()
    await world.merge(first, second)
    await undone(world, first)
    for each in (first, second):
        with pytest.raises(Refusal) as refused:
            await undone(world, each)
        assert refused.value.code == "NOT_FOUND"


async def test_unique_values_go_back_too(world: World) -> None:
    first, second = await world.household(), await world.household(code="A-1")
    await world.merge(first, second)
    assert await world.one(first, "code") == ["A-1"]
    await undone(world, first)
    assert [await world.one(each, "code") for each in (first, second)] == [[None], ["A-1"]]
