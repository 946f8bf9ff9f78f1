"""Merging: one record of several, field by field, with everything that refers to them."""

from asyncio import gather
from datetime import timedelta
from decimal import Decimal

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Desk, UnitOf
from salesmode_duplicates.undoing import undo
from tests.plugins.duplicates.world import PHONE, World


async def test_the_oldest_survives_and_gets_what_the_others_know(world: World) -> None:
    first = await world.household(
        name="李伟", phone=PHONE, income="100.00", interests=["car"], wechat="old_one"
    )
    second = await world.household(
        name="Li Wei", address="张杨路1号2室", income="250.00", interests=["house"], wechat="new_one"
    )
    merged = await world.merge(first, second)
    assert merged.survivor == first
    assert await world.there(first, second) == [True, False]
    fields = "name phone address income interests wechat"
    name, phone, address, income, interests, wechat = await world.one(first, fields)
    assert (name, phone, address) == ("李伟", PHONE, "张杨路1号2室")
    assert income == Decimal("250.00")
    assert set(interests) == {"car", "house"}
    assert wechat == "new_one"


async def test_lists_that_are_empty_stay_empty(world: World) -> None:
    first, second = [await world.household(interests=[]) for _ in range(2)]
    await world.merge(first, second)
    assert await world.one(first, "interests") == [()]


async def test_what_is_only_the_survivors_stays_and_is_not_filled(world: World) -> None:
    first = await world.household()
    second = await world.household(signed_on="2026-02-01")
    await world.merge(first, second)
    assert await world.one(first, "signed_on") == [None]


async def test_what_only_the_system_writes_stays_as_the_survivor_has_it(world: World) -> None:
    first = await world.household()
    second = await world.household(pool="given back")
    await world.merge(first, second)
    assert await world.one(first, "pool") == [None]


async def test_who_asks_may_name_the_survivor_and_choose_values(world: World) -> None:
    first = await world.household(name="李伟", phone=PHONE)
    second = await world.household(name="李玮", phone="+8613900000001")
    merged = await world.merge(first, second, into=second, chosen={"name": first})
    assert merged.survivor == second
    assert await world.one(second, "name phone") == ["李伟", "+8613900000001"]
    assert await world.there(first, second) == [False, True]


async def test_a_reference_that_is_chosen_among_the_records_people_goes_along_with_them(world: World) -> None:
    first, second = [await world.household() for _ in range(2)]
    person = await world.api.new("person", name="李小明", household=second)
    order = await world.api.new("order", name="1", household=second, person=person)
    await world.merge(first, second)
    assert await world.one(person, "household", "person") == [first]
    assert await world.one(order, "household person", "order") == [first, person]
    await world.do(lambda desk: undo(desk, "household", first), "mo")
    assert await world.one(order, "household person", "order") == [second, person]


async def test_everything_that_referred_to_them_refers_to_the_survivor(world: World) -> None:
    first, second, third = [await world.household() for _ in range(3)]
    other = await world.household(name="王芳", parent=second, twin=third)
    order = await world.api.new("order", name="1", household=second, guests=[third, other, second])
    activity = await world.contact(second, "ann", 1)
    task = await world.api.new("task", subject="Call back", household=third)
    merged = await world.merge(first, second, third)
    assert await world.one(order, "household guests", "order") == [first, (first, other)]
    assert await world.one(activity, "household", "activity") == [first]
    assert await world.one(task, "household", "task") == [first]
    assert await world.one(other, "parent twin") == [first, first]
    assert merged.moved == 5  # who merged does not see tasks


async def test_the_survivor_does_not_come_to_refer_to_itself(world: World) -> None:
    second = await world.household()
    first = await world.household(parent=second, twin=second)
    await world.merge(first, second, into=first)
    assert await world.one(first, "parent twin") == [None, None]


async def test_rights_and_tags_are_taken_over(world: World) -> None:
    first, second = await world.household(), await world.household()
    ann, bob = world.id("ann"), world.id("bob")

    def prepare(desk: Desk) -> UnitOf[None]:
        yield from desk.grant("household", first, "view", user=ann)
        yield from desk.grant("household", second, "view", user=ann)
        yield from desk.grant("household", second, "follow", user=bob)
        yield from desk.grant("household", second, "credit", user=bob, share=Decimal(40))
        yield from desk.tag("household", second, "referral", state="visited")

    await world.do(prepare)
    await world.merge(first, second)
    where = {"household": first}
    grants = await world.read("grant", "user right share", where=where)
    assert {(each["user"], each["right"], each["share"]) for each in grants} == {
        (ann, "view", None),
        (bob, "follow", None),
        (bob, "credit", Decimal("40.00")),
    }
    tags = await world.read("tag", "name state", where=where)
    assert [(each["name"], each["state"]) for each in tags] == [("referral", "visited")]


async def test_a_right_that_ends_some_day_ends_on_the_survivor_too(world: World) -> None:
    first, second = await world.household(), await world.household()
    ann, last = world.id("ann"), world.api.now.date() + timedelta(days=7)
    await world.do(lambda desk: desk.grant("household", second, "view", user=ann, until=last))
    await world.merge(first, second)
    (grant,) = await world.read("grant", "user until", where={"household": first})
    assert (grant["user"], grant["until"]) == (ann, last)


async def test_shares_of_credit_are_left_where_the_survivor_has_its_own(world: World) -> None:
    first, second = await world.household(), await world.household()

    def prepare(desk: Desk) -> UnitOf[None]:
        yield from desk.grant("household", first, "credit", user=world.id("ann"), share=Decimal(80))
        yield from desk.grant("household", second, "credit", user=world.id("bob"), share=Decimal(80))

    await world.do(prepare)
    await world.merge(first, second)
    grants = await world.read("grant", "user", where={"household": first})
    assert [each["user"] for each in grants] == [world.id("ann")]


async def test_the_pair_is_settled(world: World) -> None:
    first, second = await world.household(phone=PHONE), await world.household(phone=PHONE)
    await world.settle()
    assert [each["status"] for each in await world.read("match_pair", "status")] == ["open"]
    await world.merge(first, second)
    assert [each["status"] for each in await world.read("match_pair", "status")] == ["merged"]


@pytest.mark.parametrize("wrong", ["one", "twice", "into", "field", "chosen"])
async def test_what_cannot_be_is_refused_and_changes_nothing(world: World, wrong: str) -> None:
    first, second, other = [await world.household() for _ in range(3)]
    ids, wish = (first, second), {}
    match wrong:
        case "one":
            ids = (first,)
        case "twice":
            ids = (first, first)
        case "into":
            wish = {"into": other}
        case "field":
            wish = {"chosen": {"number": first}}
        case "chosen":
            wish = {"chosen": {"name": other}}
    with pytest.raises(Refusal) as refused:
        await world.merge(*ids, **wish)
    assert refused.value.code == "VALIDATION_FAILED"
    assert refused.value.problems
    assert await world.there(first, second, other) == [True, True, True]


async def test_a_value_that_one_does_not_see_cannot_be_chosen(world: World) -> None:
    ann = world.id("ann")
    first, second, third = [await world.household(owner=ann, wechat=each) for each in ("one_", "two_", None)]
    told = set()
    for other in (second, third):  # one that is hidden and one that is not there are told alike
        with pytest.raises(Refusal) as refused:
            await world.merge(first, other, person="ann", chosen={"wechat": other})
        told.add(str(refused.value))
    assert len(told) == 1
    assert "nothing_to_choose" in told.pop()
    await world.merge(first, second, person="ann", chosen={"name": second})


async def test_a_record_that_is_gone_is_not_found(world: World) -> None:
    first, second = await world.household(), await world.household()
    await world.do(lambda desk: desk.delete("household", [second]))
    with pytest.raises(Refusal) as refused:
        await world.merge(first, second)
    assert refused.value.code == "NOT_FOUND"


async def test_a_merge_is_a_bounded_number_of_statements(world: World) -> None:
    sizes = []
    for orders in (1, 40):
        first, second = await world.household(), await world.household()
        for number in range(orders):
            await world.api.new("order", name=str(number), household=second)
        world.api.heard.clear()
        await world.merge(first, second)
        sizes.append(len(world.api.heard))
    assert sizes[0] == sizes[1]


async def test_of_two_merges_of_the_same_records_at_once_one_succeeds(world: World) -> None:
    first, second, third = [await world.household() for _ in range(3)]
    tried = await gather(
        world.merge(first, second), world.merge(second, third, into=third), return_exceptions=True
    )
    (refused,) = [each for each in tried if isinstance(each, Exception)]
    assert isinstance(refused, Refusal)
    assert refused.code == "NOT_FOUND"
    assert sum(await world.there(first, second, third)) == 2
    assert len(await world.read("record_merge", "")) == 1
