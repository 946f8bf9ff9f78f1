"""Claims, releases and assignments: who may, how many, and what is told of limits."""

import pytest

from salesmode.diagnostics import Refusal
from salesmode_routing.claiming import assign, claim, release
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import World

POOL = """
kind: public_pool
name: open
object: customer
where: {signed: false}
claim: {roles: [sales], per_day: 3, hold: 4, holding: {grade: [a, b]}, cool_down: 7d}
release: {roles: [sales]}
assign: {roles: [boss]}
---
kind: public_pool
name: signed
object: customer
order: 200
claim: {roles: [boss]}
"""


async def market(open_world: OpenWorld) -> World:
    world = await open_world(POOL)
    await world.people(
        ann={"roles": ("sales",)}, bob={"roles": ("sales",)}, chef={"roles": ("boss",)}, guest={"roles": ()}
    )
    return world


async def pooled(world: World, count: int = 1, **values: object) -> tuple[str, ...]:
    return await world.make("customer", *[{"name": f"c{at}", "owner": None, **values} for at in range(count)])


async def claimed(world: World, id: str, user: str) -> str:
    """`ok`, or the code and the problems of the refusal."""
    try:
        await world.do(lambda desk: claim(desk, "customer", id), user)
    except Refusal as refusal:
        return " ".join([refusal.code, *(each.code for each in refusal.problems)])
    return "ok"


async def test_records_without_an_owner_lie_in_the_first_pool_that_takes_them(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    (two,) = await pooled(world, signed=True)
    assert [await world.value("customer", id, "pool") for id in (one, two)] == ["open", "signed"]
    (move,) = await world.rows("pool_move", "action", "reason", "actor", pool="open")
    assert (move["action"], move["reason"], move["actor"]) == ("release", "it has no owner", None)


async def test_a_claim_gives_the_record_to_whoever_claims(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    assert await claimed(world, one, "ann") == "ok"
    row = await world.row("customer", one, "owner.name", "pool", "pooled_at", "owned_since")
    assert (row["owner.name"], row["pool"], row["pooled_at"]) == ("ann", None, None)
    assert row["owned_since"] == world.running.clock()
    (move,) = await world.rows("pool_move", "pool", "actor", "to_user", action="claim")
    assert (move["pool"], move["actor"], move["to_user"]) == ("open", *[world.users["ann"]] * 2)


async def test_somebody_was_quicker(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    assert [await claimed(world, one, user) for user in ("ann", "bob")] == ["ok", "CONFLICT not_pooled"]
    assert await world.owner("customer", one) == "ann"


async def test_only_the_roles_of_the_pool_claim_and_those_that_inherit_them(open_world: OpenWorld) -> None:
    world = await market(open_world)
    open_, signed = *(await pooled(world)), *(await pooled(world, signed=True))
    assert await claimed(world, signed, "ann") == "FORBIDDEN role"
    assert await claimed(world, open_, "guest") == "FORBIDDEN role"
    assert [await claimed(world, id, "chef") for id in (open_, signed)] == ["ok", "ok"]


async def test_claims_of_a_day_are_limited_and_the_day_ends_in_the_apps_time_zone(
    open_world: OpenWorld,
) -> None:
    world = await market(open_world)
    ids = await pooled(world, 5)
    assert [await claimed(world, id, "ann") for id in ids[:4]] == ["ok", "ok", "ok", "FORBIDDEN per_day"]
    assert await claimed(world, ids[3], "bob") == "ok"
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: claim(desk, "customer", ids[4]), "ann")
    assert raised.value.message.text("en") == (
        "The limit is 3 claims a day; you can claim again from 2026-03-03 00:00."
    )
    assert raised.value.message.text("zh") == "每天最多领取 3 条；2026-03-03 00:00 起可再次领取。"
    await world.pass_time("+14h")  # the clock begins at 9 in the morning in Shanghai
    assert await claimed(world, ids[4], "ann") == "FORBIDDEN per_day"
    await world.pass_time("+1h")
    assert await claimed(world, ids[4], "ann") == "ok"


async def test_only_so_many_records_at_a_time_of_those_that_count(open_world: OpenWorld) -> None:
    world = await market(open_world)
    mine = {"owner": world.users["ann"]}
    await world.make("customer", *[{**mine, "grade": "a"}] * 4, *[{**mine, "grade": "c"}] * 9)
    (one,) = await pooled(world)
    assert await claimed(world, one, "ann") == "FORBIDDEN hold"
    (counted, *_) = await world.rows("customer", grade="a")
    await world.put("customer", counted["id"], grade="d")
    assert await claimed(world, one, "ann") == "ok"


async def test_who_gave_it_back_has_to_wait_and_nobody_else(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    await claimed(world, one, "ann")
    await world.do(lambda desk: release(desk, "customer", one, None, "not for me"), "ann")
    assert await world.row("customer", one, "owner", "pool") | {"version": 0} == {
        "id": one,
        "version": 0,
        "owner": None,
        "pool": "open",
    }
    assert await claimed(world, one, "ann") == "FORBIDDEN cool_down"
    await world.pass_time("+6d")
    assert await claimed(world, one, "ann") == "FORBIDDEN cool_down"
    await world.pass_time("+1d")
    assert await claimed(world, one, "ann") == "ok"
    await world.do(lambda desk: release(desk, "customer", one, "open", None), "ann")
    assert await claimed(world, one, "bob") == "ok"


async def test_all_limits_are_told_at_once(open_world: OpenWorld) -> None:
    world = await market(open_world)
    ids = await pooled(world, 3, grade="a")
    for id in ids:
        await claimed(world, id, "ann")
    await world.do(lambda desk: release(desk, "customer", ids[0], None, None), "ann")
    await world.make("customer", *[{"owner": world.users["ann"], "grade": "a"}] * 2)
    assert await claimed(world, ids[0], "ann") == "FORBIDDEN per_day hold cool_down"


@pytest.mark.parametrize(
    ("user", "pool", "expected"),
    [
        ("bob", None, "FORBIDDEN not_owner"),
        ("ann", "no_such", "VALIDATION_FAILED unknown_pool"),
        ("ann", "signed", "FORBIDDEN role"),
    ],
)
async def test_releases_that_are_refused(
    open_world: OpenWorld, user: str, pool: str | None, expected: str
) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"owner": world.users["ann"]})
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: release(desk, "customer", one, pool, None), user)
    assert f"{raised.value.code} {raised.value.problems[0].code}" == expected
    assert await world.owner("customer", one) == "ann"


async def test_who_may_assign_takes_records_from_their_owners(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"owner": world.users["ann"]})
    await world.do(lambda desk: release(desk, "customer", one, None, "not worked on"), "chef")
    (move,) = await world.rows("pool_move", "actor.name", "from_user.name", "reason", record=one)
    assert (move["actor.name"], move["from_user.name"]) == ("chef", "ann")
    assert await claimed(world, one, "ann") == "FORBIDDEN cool_down"


async def test_a_pool_is_told_by_its_label(open_world: OpenWorld) -> None:
    world = await open_world(POOL.replace("name: open\n", "name: open\nlabel: {en: Open ones, zh: 公海}\n"))
    await world.people(guest={})
    (one,) = await pooled(world)
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: claim(desk, "customer", one), "guest")
    assert [raised.value.message.text(each) for each in ("en", "zh")] == [
        "Your roles do not allow this in the pool Open ones.",
        "您的角色无权对公海“公海”执行此操作。",
    ]


async def test_what_lies_in_a_pool_is_not_released_again(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: release(desk, "customer", one, None, None), "ann")
    assert raised.value.code == "CONFLICT"


async def test_assignments_do_not_count_as_claims(open_world: OpenWorld) -> None:
    world = await market(open_world)
    ids = await pooled(world, 5)
    for id in ids:
        await world.do(lambda desk, id=id: assign(desk, "customer", id, world.users["ann"], "hers"), "chef")
    assert await world.owners("customer", ids) == {"ann": 5}
    (one,) = await pooled(world)
    assert await claimed(world, one, "ann") == "ok"


async def test_assignments_that_are_refused(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    await world.put("user", world.users["bob"], active=False)
    told = []
    for user, to in (("ann", "ann"), ("chef", "bob"), ("guest", "ann")):
        with pytest.raises(Refusal) as raised:
            await world.do(lambda desk, to=to: assign(desk, "customer", one, world.users[to], None), user)
        told.append(" ".join([raised.value.code, *(each.code for each in raised.value.problems)]))
    assert told == ["FORBIDDEN role", "VALIDATION_FAILED not_active", "NOT_FOUND"]


async def test_a_new_owner_by_any_other_way_takes_the_record_out_of_the_pool(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await pooled(world)
    await world.put("customer", one, owner=world.users["bob"])
    row = await world.row("customer", one, "pool", "owned_since")
    assert (row["pool"], row["owned_since"]) == (None, world.running.clock())
    await world.put("customer", one, owner=None)
    row = await world.row("customer", one, "pool", "owned_since")
    assert (row["pool"], row["owned_since"]) == ("open", None)
    (move,) = await world.rows("pool_move", "from_user", record=one, from_user=world.users["bob"])
    assert move["from_user"] == world.users["bob"]


async def test_what_is_transferred_to_nobody_lies_in_a_pool_and_to_somebody_in_none(
    open_world: OpenWorld,
) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"owner": world.users["ann"]})
    transfer = "mutation ($from: ID!, $to: ID) { transferOwnership(from: $from, to: $to) { count } }"
    answer = await world.running.ask("admin", transfer, {"from": world.users["ann"]})
    assert "errors" not in answer, answer
    assert await world.value("customer", one, "pool") == "open"
    (move,) = await world.rows("pool_move", "action", "from_user.name", record=one)
    assert (move["action"], move["from_user.name"]) == ("release", "ann")


async def test_a_role_that_presets_the_owner_on_update_takes_the_record_out_of_the_pool(
    open_world: OpenWorld,
) -> None:
    taker = """---
kind: role
name: taker
inherits: [sales]
objects:
  customer: {read: true, update: {set: {owner: $user.id}}, fields: {name: write, pool: read}}
"""
    world = await open_world(POOL + taker)
    await world.people(dora={"roles": ("taker",)})
    (one,) = await pooled(world)
    update = 'mutation ($id: ID!) { updateCustomer(id: $id, input: {name: "x"}) { customer { pool } } }'
    answer = await world.running.ask("dora", update, {"id": one})
    assert answer == {"data": {"updateCustomer": {"customer": {"pool": None}}}}
    assert await world.owner("customer", one) == "dora"


async def test_a_write_that_keeps_the_owner_keeps_the_time(open_world: OpenWorld) -> None:
    world = await market(open_world)
    (one,) = await world.make("customer", {"owner": world.users["ann"]})
    since = await world.value("customer", one, "owned_since")
    await world.pass_time("+3d")
    await world.put("customer", one, name="x", owner=world.users["ann"])
    assert await world.value("customer", one, "owned_since") == since


async def test_who_may_not_release_a_record_is_not_told_where_it_lies_or_would(open_world: OpenWorld) -> None:
    """The condition of a pool may look at what they do not see."""
    guest = "kind: role\nname: guest\nobjects:\n  customer: {read: true, fields: {name: read}}\n"
    pool = POOL.split("---")[0].replace("release: {roles: [sales]}", "release: {roles: [sales, guest]}")
    world = await open_world(f"{pool}---\n{guest}")
    await world.people(ann={"roles": ("sales",)}, bob={"roles": ("guest",)})
    anns = {"owner": world.users["ann"]}
    records = await world.make(
        "customer", {**anns, "signed": True}, {**anns, "signed": False}, {"owner": None}
    )
    assert await world.value("customer", records[2], "pool") == "open"
    for each in records:
        with pytest.raises(Refusal) as raised:
            await world.do(lambda desk, id=each: release(desk, "customer", id, None, None), "bob")
        assert (raised.value.code, raised.value.problems[0].code) == ("FORBIDDEN", "not_owner")
