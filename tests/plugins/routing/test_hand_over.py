"""Everything that a leaver has goes to others in one operation, and back."""

from collections.abc import Sequence

import pytest

from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Decision, Desk, hookimpl
from salesmode.testing import crm
from salesmode_routing.handing_over import hand_over
from salesmode_routing.receiving import holdings_of
from salesmode_routing.undoing import undo
from tests.plugins.routing.conftest import OpenWorld
from tests.plugins.routing.world import BASE, World, opened

RULE = """
kind: routing_rule
name: leads
object: lead
candidates: [{name: all, where: {weight: {gt: 0}}}]
---
kind: public_pool
name: open
object: customer
where: {signed: false}
"""


async def office(open_world: OpenWorld) -> World:
    world = await open_world(RULE)
    await world.people(chef={"roles": ("boss",)})
    chef = world.users["chef"]
    await world.people(
        leaver={"roles": ("sales",), "manager": chef},
        ann={"roles": ("sales",), "weight": 1},
        bob={"roles": ("sales",), "weight": 1},
    )
    return world


async def handed(world: World, *to: str, objects: list[str] | None = None) -> str:
    users = [world.users[each] for each in to]
    leaver = world.users["leaver"]
    made: str = await world.do(lambda desk: hand_over(desk, leaver, users, objects, "left us"), "chef")
    return made


async def refused(world: World, *to: str, objects: list[str] | None = None) -> str:
    with pytest.raises(Refusal) as raised:
        await handed(world, *to, objects=objects)
    return " ".join([raised.value.code, *(each.code for each in raised.value.problems)])


async def test_receivers_take_turns_and_what_belongs_to_a_record_goes_with_it(open_world: OpenWorld) -> None:
    world = await office(open_world)
    mine = {"owner": world.users["leaver"]}
    customers = await world.make("customer", *[{**mine, "name": f"c{at}"} for at in range(4)])
    visits = await world.make("visit", *[{**mine, "customer": each} for each in reversed(customers)])
    tasks = await world.make(
        "task",
        {"subject": "call", "assignee": mine["owner"], "customer": customers[1]},
        {"subject": "done", "assignee": mine["owner"], "done_at": world.running.clock()},
    )
    (other,) = await world.make("customer", {"owner": world.users["ann"]})
    made = await handed(world, "ann", "bob")
    assert [await world.owner("customer", each) for each in customers] == ["ann", "bob", "ann", "bob"]
    assert [await world.owner("visit", each) for each in visits] == ["bob", "ann", "bob", "ann"]
    assert await world.value("task", tasks[0], "assignee.name") == "bob"
    assert await world.value("task", tasks[1], "assignee.name") == "leaver"
    assert await world.owner("customer", other) == "ann"
    row = await world.row("hand_over", made, "from_user.name", "actor.name", "reason", "undone_at")
    assert {**row, "id": "", "version": 0} == {
        "id": "",
        "version": 0,
        "from_user.name": "leaver",
        "actor.name": "chef",
        "reason": "left us",
        "undone_at": None,
    }
    items = await world.rows("hand_over_item", "object", "record", "to_user.name", hand_over=made)
    assert {(each["object"], each["record"]) for each in items} == {
        *(("customer", each) for each in customers),
        *(("visit", each) for each in visits),
        ("task", tasks[0]),
    }


async def test_without_receivers_the_rules_decide_and_then_the_pools(open_world: OpenWorld) -> None:
    world = await office(open_world)
    mine = {"owner": world.users["leaver"]}
    leads = await world.make("lead", mine, mine)
    customers = await world.make("customer", mine)
    await world.make("task", {"subject": "call", "assignee": mine["owner"], "customer": customers[0]})
    await handed(world)
    assert sorted([str(await world.owner("lead", each)) for each in leads]) == ["ann", "bob"]
    row = await world.row("customer", customers[0], "owner", "pool")
    assert (row["owner"], row["pool"]) == (None, "open")
    (task,) = await world.rows("task", "assignee.name", subject="call")
    assert task["assignee.name"] == "chef"


def test_what_a_plugin_decides_of_other_records_is_not_done(sqlite_url: str) -> None:
    class Greedy:
        @hookimpl
        def route(self, desk: Desk, object: str, ids: Sequence[str]) -> Sequence[Decision]:
            return [Decision(record=anns, user=bob, rule="greedy", reason="all is his")]

    app = BASE.replace("[routing]", "[greedy, routing]") + RULE
    with crm(app, plugins={"greedy": Greedy()}, database=sqlite_url) as shop:
        names = ("leaver", "ann", "bob")
        leaver, ann, bob = shop.run(lambda desk: desk.create("user", [{"name": each} for each in names]))
        anns, _ = shop.run(lambda desk: desk.create("lead", [{"owner": ann}, {"owner": leaver}]))
        shop.run(lambda desk: desk.update("user", {ann: {"weight": 1}}))
        shop.run(lambda desk: hand_over(desk, leaver, (), ["lead"], None))
        rows = shop.run(lambda desk: desk.read("lead", ["owner"]))
        assert [each["owner"] for each in rows] == [ann, ann]


async def test_what_nobody_takes_refuses_all_of_it(open_world: OpenWorld) -> None:
    world = await office(open_world)
    mine = {"owner": world.users["leaver"]}
    (lead,) = await world.make("lead", mine)
    await world.make("visit", mine)
    assert await refused(world) == "VALIDATION_FAILED nobody_receives"
    assert await world.owner("lead", lead) == "leaver"
    assert await world.rows("hand_over") == []
    await handed(world, objects=["lead"])
    assert await world.owner("lead", lead) != "leaver"


async def test_who_hands_over_is_not_told_of_objects_and_records_that_they_do_not_see(
    open_world: OpenWorld,
) -> None:
    """A leader knows customers, and some leads: those that are left are theirs to hear of, and no others."""
    world = await open_world(LEADER)
    await world.people(leaver={"roles": ("sales",)}, chef={"roles": ("leader",)})
    mine = {"owner": world.users["leaver"]}
    (visit,) = await world.make("visit", mine)
    assert await refused(world, "chef", objects=["visit"]) == "BAD_REQUEST"
    assert await said(world) == [
        "Nobody receives some of the records: no routing rule and no pool takes them."
    ]
    await world.do(lambda desk: desk.delete("visit", [visit]))
    await world.make("lead", *[{**mine, "region": each} for each in ("north", "south", "south")])
    assert await said(world) == [
        "Nobody receives 1 of the records of lead: no routing rule and no pool takes them."
    ]


LEADER = """
kind: role
name: leader
objects:
  user: {read: true, fields: {name: read}}
  customer: {read: true, fields: {name: read}}
  lead: {read: {where: {region: north}}, fields: {name: read}}
---
kind: settings
name: routing
values: {hand_over: [leader]}
"""


async def said(world: World) -> list[str]:
    with pytest.raises(Refusal) as raised:
        await handed(world)
    return [each.message.text("en") for each in raised.value.problems]


async def test_hand_overs_that_are_refused(open_world: OpenWorld) -> None:
    world = await office(open_world)
    await world.put("user", world.users["bob"], active=False)
    assert await refused(world, "leaver") == "VALIDATION_FAILED same_user"
    assert await refused(world, "bob") == "VALIDATION_FAILED not_active"
    assert await refused(world, "ann", objects=["nothing"]) == "BAD_REQUEST"
    world.users["ghost"] = world.users["ann"][:-4] + "0000"
    assert await refused(world, "ghost") == "NOT_FOUND"


async def test_undoing_gives_back_what_nobody_has_changed_since_and_lists_the_rest(
    open_world: OpenWorld,
) -> None:
    world = await office(open_world)
    mine = {"owner": world.users["leaver"]}
    same, changed, pooled, claimed = await world.make("customer", *[mine] * 4)
    made = await handed(world, "ann", objects=["customer"])
    await world.put("customer", changed, owner=world.users["bob"])
    await world.do(lambda desk: undo(desk, made), "chef")
    assert [await world.owner("customer", each) for each in (same, changed)] == ["leaver", "bob"]
    items = await world.rows("hand_over_item", "record", "outcome", hand_over=made)
    assert {each["record"]: each["outcome"] for each in items} == {
        same: "restored",
        changed: "changed_since",
        pooled: "restored",
        claimed: "restored",
    }
    assert await world.value("hand_over", made, "undone_by.name") == "chef"
    with pytest.raises(Refusal) as raised:
        await world.do(lambda desk: undo(desk, made), "chef")
    assert raised.value.code == "CONFLICT"


async def test_what_went_to_a_pool_comes_back_unless_somebody_has_claimed_it(open_world: OpenWorld) -> None:
    world = await office(open_world)
    lying, claimed = await world.make("customer", *[{"owner": world.users["leaver"]}] * 2)
    made = await handed(world, objects=["customer"])
    await world.put("customer", claimed, owner=world.users["ann"])
    await world.do(lambda desk: undo(desk, made), "chef")
    assert [await world.owner("customer", each) for each in (lying, claimed)] == ["leaver", "ann"]
    assert await world.value("customer", lying, "pool") is None


async def test_as_many_statements_for_a_thousand_records_as_for_one(open_world: OpenWorld) -> None:
    world = await office(open_world)
    counts = []
    for size in (3, 3, 1000):
        await world.make("customer", *[{"owner": world.users["leaver"]}] * size)
        world.heard.clear()
        made = await handed(world, "ann", "bob")
        await world.do(lambda desk, made=made: undo(desk, made), "chef")
        counts.append(len(world.heard))
        await handed(world, "ann")
    assert counts[1] == counts[2]


async def test_objects_come_after_those_that_they_refer_to(open_world: OpenWorld) -> None:
    world = await office(open_world)
    found = holdings_of(world.running.tables.model, None)
    names = [each.object for each in found]
    assert names.index("customer") < names.index("visit") < len(names)
    assert {each.object: dict(each.follows) for each in found}["visit"] == {"customer": "customer"}
    assert names[-1] == "task"


async def test_more_records_than_one_statement_may_name(sqlite_url: str) -> None:
    world = await opened(sqlite_url, RULE)
    await world.people(chef={"roles": ("boss",)}, leaver={}, ann={})
    await world.make("customer", *[{"owner": world.users["leaver"]}] * 10_001)
    made = await handed(world, "ann")
    assert len(await world.rows("customer", owner=world.users["ann"])) == 10_001
    await world.do(lambda desk: undo(desk, made))
    assert len(await world.rows("customer", owner=world.users["leaver"])) == 10_001
    await world.running.database.close()
