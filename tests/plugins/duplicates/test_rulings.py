"""Rulings: from contacts, registrations and claims; made anew when a merge changes the facts (D72)."""

from datetime import timedelta
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode_duplicates.claiming import claim
from salesmode_duplicates.commands import explain_ruling
from salesmode_duplicates.rulings import rule_on
from salesmode_duplicates.undoing import undo
from tests.plugins.duplicates.world import World

NOBODY = "00000000-0000-7000-8000-000000000000"


async def rule(world: World, household: str, person: str = "mo") -> tuple[Any, ...]:
    id_ = await world.do(lambda desk: rule_on(desk, "household", household), person)
    return tuple(await world.one(id_, "clause owner shares", "ownership_ruling"))


async def in_force(world: World) -> list[tuple[Any, ...]]:
    fields = "record owner shares occasion replaces"
    rows = await world.read("ownership_ruling", fields, where={"current": True}, order=["created_at"])
    return [tuple(row[each] for each in fields.split()) for row in rows]


async def test_the_first_contact_that_is_protected_decides_and_the_last_one_shares(
    world: World,
) -> None:
    ann, bob = world.id("ann"), world.id("bob")
    household = await world.household()
    await world.contact(household, "mo", 100)
    await world.contact(household, "ann", 80)
    await world.contact(household, "mo", 60, outcome="no_change")
    await world.contact(household, "bob", 10, outcome="progress")
    await world.contact(household, "mo", 5, outcome="not_reached")
    assert await rule(world, household) == ("first", ann, {ann: "0.3", bob: "0.7"})
    assert await world.one(household, "owner") == [ann]


async def test_facts_after_the_decision_do_not_count(world: World) -> None:
    ann, bob = world.id("ann"), world.id("bob")
    signed = (world.api.now - timedelta(days=20)).date()
    household = await world.household(signed_on=signed)
    await world.contact(household, "ann", 30, outcome="progress")
    await world.contact(household, "bob", 10, outcome="progress")
    assert await rule(world, household) == ("first", ann, {ann: "1"})
    await world.contact(
        household, "bob", 20, outcome="progress", at=world.api.now - timedelta(days=20, hours=1)
    )
    assert await rule(world, household) == ("first", ann, {ann: "0.3", bob: "0.7"})


async def test_a_registered_broker_goes_before_contacts_and_a_claim_by_hand_before_both(world: World) -> None:
    ann, bob, mo = (world.id(each) for each in ("ann", "bob", "mo"))
    household = await world.household(broker=bob)
    await world.contact(household, "ann", 30)
    assert await rule(world, household) == ("broker", bob, {bob: "0.7", ann: "0.3"})
    given = {"user": mo, "kind": "manual", "reason": "Agreed between the branches"}
    await world.do(lambda desk: claim(desk, "household", household, given), "mo")
    assert await rule(world, household) == ("manual", mo, {mo: "0.7", ann: "0.3"})
    (row,) = await world.read("ownership_ruling", "reason", where={"current": True})
    assert row["reason"] == "Agreed between the branches"


async def test_the_earliest_registration_counts_where_no_broker_is_named(world: World) -> None:
    household = await world.household()
    for person in ("bob", "ann"):
        given = {"kind": "registered", "reason": "Brought them to the showroom"}
        await world.do(lambda desk, given=given: claim(desk, "household", household, given), person)
    clause, owner, _ = await rule(world, household)
    assert (clause, owner) == ("broker", world.id("bob"))


async def test_a_new_ruling_takes_the_place_of_the_former_which_stays(world: World) -> None:
    household = await world.household()
    await world.contact(household, "ann", 30)
    await rule(world, household)
    (first,) = await world.read("ownership_ruling", "", where={"current": True})
    await world.contact(household, "bob", 1, outcome="progress")
    await rule(world, household)
    ((_, _, shares, occasion, replaces),) = await in_force(world)
    assert shares == {world.id("ann"): "0.3", world.id("bob"): "0.7"}
    assert (occasion, replaces) == ("asked", first["id"])
    assert len(await world.read("ownership_ruling", "")) == 2


async def test_nobody_is_named_by_nothing(world: World) -> None:
    household = await world.household()
    with pytest.raises(Refusal) as refused:
        await rule(world, household)
    assert refused.value.code == "VALIDATION_FAILED"


async def test_a_merge_after_the_sale_makes_the_ruling_anew_and_undoing_it_again(world: World) -> None:
    ann, bob = world.id("ann"), world.id("bob")
    sold, other = await world.household(), await world.household()
    await world.contact(sold, "bob", 10, outcome="progress")
    await world.contact(other, "ann", 40)
    await rule(world, sold)
    assert await in_force(world) == [(sold, bob, {bob: "1"}, "asked", None)]
    (former,) = await world.read("ownership_ruling", "")
    world.api.now += timedelta(days=30)
    await world.contact(sold, "ann", 1, outcome="progress")  # after what the ruling looked at
    await world.merge(sold, other)
    assert await in_force(world) == [(sold, ann, {ann: "0.3", bob: "0.7"}, "merge", former["id"])]
    assert await world.one(sold, "owner") == [ann]
    (merged,) = await world.read("ownership_ruling", "", where={"current": True})
    await world.do(lambda desk: undo(desk, "household", sold), "mo")
    assert await in_force(world) == [(sold, bob, {bob: "1"}, "undone_merge", merged["id"])]
    assert await world.one(sold, "owner") == [bob]


async def test_two_rulings_become_one_and_two_again(world: World) -> None:
    ann, bob = world.id("ann"), world.id("bob")
    first, second = await world.household(), await world.household()
    await world.contact(first, "ann", 20)
    await world.contact(second, "bob", 10, outcome="progress")
    for each in (first, second):
        await rule(world, each)
    await world.merge(first, second)
    ((record, owner, shares, *_),) = await in_force(world)
    assert (record, owner, shares) == (first, ann, {ann: "0.3", bob: "0.7"})
    await world.do(lambda desk: undo(desk, "household", first), "mo")
    assert {(each[0], each[1]) for each in await in_force(world)} == {(first, ann), (second, bob)}


async def test_a_merge_that_changes_nothing_leaves_the_ruling(world: World) -> None:
    first, second = await world.household(), await world.household()
    await world.contact(first, "ann", 20)
    await rule(world, first)
    before = await in_force(world)
    await world.merge(first, second)
    assert await in_force(world) == before
    await world.do(lambda desk: undo(desk, "household", first), "mo")
    assert await in_force(world) == before


@pytest.mark.parametrize(
    ("person", "given", "code"),
    [
        ("ann", {"kind": "manual", "reason": "mine"}, "FORBIDDEN"),
        ("ann", {"kind": "registered", "reason": "his", "user": "bob"}, "FORBIDDEN"),
        ("mo", {"kind": "other", "reason": "x"}, "VALIDATION_FAILED"),
        ("mo", {"kind": "manual", "reason": " "}, "VALIDATION_FAILED"),
        (
            "mo",
            {"kind": "manual", "reason": "x", "user": NOBODY},
            "VALIDATION_FAILED",
        ),
    ],
)
async def test_who_may_claim_what(world: World, person: str, given: dict[str, str], code: str) -> None:
    household = await world.household()
    if given.get("user") in world.api.people:
        given = {**given, "user": world.id(given["user"])}
    with pytest.raises(Refusal) as refused:
        await world.do(lambda desk: claim(desk, "household", household, given), person)
    assert refused.value.code == code


async def test_it_is_explained_by_clause(world: World) -> None:
    household = await world.household()
    await world.contact(household, "ann", 30)
    given = {"object": "household", "id": household}
    lines = await world.do(lambda desk: explain_ruling(desk, given))
    assert lines[0] == "rule whose_household"
    assert lines[1] == "  manual (manual, 0 %): nobody"
    assert lines[3].startswith(f"  first (first_contact, 30 %): {world.id('ann')} 2026-01-30")
    assert lines[5:] == [f"  decided by first: {world.id('ann')}", f"  {world.id('ann')}: 100%"]
