"""Deleting reversibly, what goes along, and bringing back the same set (RULING 28)."""

import asyncio

import pytest

from salesmode.diagnostics import Refusal
from salesmode.model.app import Model
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, Desk, eq, grant, refused, role
from tests.support.models import field, model, object_, reference


def house() -> Model:
    """A customer takes its contacts along, they their notes; deals restrict; tasks let go."""
    customer = object_(
        "customer",
        {"name": field("text"), "owner": field("user"), "parent": reference("customer", on_delete="cascade")},
        owned=True,
    )
    contact = object_(
        "contact", {"customer": reference("customer", on_delete="cascade"), "name": field("text")}
    )
    note = object_(
        "note",
        {
            "contact": reference("contact", on_delete="cascade"),
            "about": reference("customer", on_delete="set_null"),
        },
    )
    deal = object_("deal", {"customer": reference("customer", on_delete="restrict"), "name": field("text")})
    task = object_(
        "task",
        {
            "customer": reference("customer", on_delete="set_null"),
            "contact": reference("contact", on_delete="set_null"),
        },
    )
    clerk = role("clerk", grant("customer", read=True, delete=MINE, fields={"name": "write"}))
    guest = role("guest", grant("customer", read=MINE, delete=True, fields={"name": "read"}))
    return model(customer, contact, note, deal, task, roles=[clerk, guest])


async def living(desk: Desk) -> dict[str, int]:
    names = ("customer", "contact", "note", "deal", "task")
    return {name: len(rows) for name in names if (rows := await desk.rows(name))}


async def test_a_deleted_record_is_gone_until_it_is_restored(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    id_ = await desk.system().new("customer", name="a")
    assert await desk.system().delete("customer", id_) == (id_,)
    assert await desk.rows("customer") == []
    assert await refused(desk.system().delete("customer", id_)) == ("NOT_FOUND", set())
    assert await refused(desk.system().update("customer", id_, name="b")) == ("NOT_FOUND", set())
    assert await desk.system().restore("customer", id_) == (id_,)
    row = await desk.row("customer", id_)
    assert (row["name"], row["version"]) == ("a", 3)
    assert await refused(desk.system().restore("customer", id_)) == ("NOT_FOUND", set())


async def test_what_cascades_goes_along_and_comes_back(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    (a, b) = await system.create("customer", {"name": "a"}, {"name": "b"})
    (child,) = await system.create("customer", {"name": "a.1", "parent": a})
    await system.create("contact", {"customer": a}, {"customer": child}, {"customer": b})
    for contact in await desk.rows("contact"):
        await system.new("note", contact=contact["id"])
    await system.delete("customer", a)
    assert await living(desk) == {"customer": 1, "contact": 1, "note": 1}
    await system.restore("customer", a)
    assert await living(desk) == {"customer": 3, "contact": 3, "note": 3}
    assert {row["version"] for row in await desk.rows("note")} == {1, 3}


async def test_what_was_deleted_before_stays_deleted(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    (early, late) = await system.create("contact", {"customer": a}, {"customer": a})
    await system.delete("contact", early)
    await system.delete("customer", a)
    await system.restore("customer", a)
    assert [row["id"] for row in await desk.rows("contact")] == [late]


async def test_a_reference_that_restricts_is_counted_over_living_rows(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    child = await system.new("customer", name="a.1", parent=a)
    deal = await system.new("deal", customer=child)
    for id_ in (a, child):
        assert await refused(system.delete("customer", id_)) == ("CONFLICT", {(("id",), "restricted")})
    assert await living(desk) == {"customer": 2, "deal": 1}
    await system.delete("deal", deal)
    await system.delete("customer", a)
    assert await living(desk) == {}


async def test_a_conflict_names_nothing_that_refers(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    a = await desk.system().new("customer", name="a")
    await desk.system().new("deal", customer=a, name="secret deal")
    with pytest.raises(Refusal) as caught:
        await desk.system().delete("customer", a)
    assert "deal" not in str(caught.value)


async def test_what_lets_go_stays_and_loses_the_reference(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    contact = await system.new("contact", customer=a)
    task = await system.new("task", customer=a, contact=contact)
    await system.delete("customer", a)
    row = await desk.row("task", task)
    assert (row["customer"], row["contact"], row["version"]) == (None, None, 3)
    told = (await desk.changes(task))[2:]
    assert [each["version"] for each in told] == [2, 3]
    was = {(each["field"], each["old"], each["new"]) for each in told}
    assert was == {("customer", f'"{a}"', None), ("contact", f'"{contact}"', None)}


async def test_a_record_does_not_come_back_without_the_one_it_hangs_on(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    contact = await system.new("contact", customer=a)
    deal = await system.new("deal", customer=a)
    await system.delete("deal", deal)
    await system.delete("customer", a)
    assert await refused(system.restore("contact", contact)) == (
        "CONFLICT",
        {(("id", "customer"), "not_found")},
    )
    assert await refused(system.restore("deal", deal)) == ("CONFLICT", {(("id", "customer"), "not_found")})
    await system.restore("customer", a)
    await system.restore("deal", deal)
    assert await living(desk) == {"customer": 1, "contact": 1, "deal": 1}


async def test_the_right_to_delete_is_also_that_to_restore(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    (mine, theirs) = await desk.system().create("customer", {"owner": li}, {"owner": wu})
    clerk, guest = desk.caller({"id": li}, "clerk"), desk.caller({"id": li}, "guest")
    assert await refused(clerk.delete("customer", mine, theirs)) == ("FORBIDDEN", set())
    assert await refused(guest.delete("customer", theirs)) == ("NOT_FOUND", set())
    await desk.system().delete("customer", theirs, mine)
    assert await refused(clerk.restore("customer", theirs)) == ("FORBIDDEN", set())
    assert await refused(guest.restore("customer", theirs)) == ("NOT_FOUND", set())
    assert await guest.restore("customer", mine) == (mine,)
    await clerk.delete("customer", mine, if_version=3)


async def test_a_stale_version_is_not_deleted(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    id_ = await desk.system().new("customer")
    found = await refused(desk.system().delete("customer", id_, if_version=2))
    assert found == ("CONFLICT", {(("ifVersion",), "version")})


@pytest.mark.parametrize("contacts", [1, 150])
async def test_statements_grow_with_the_depth_and_not_with_the_rows(
    open_desk: OpenDesk, contacts: int
) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    ids = await system.create("contact", *[{"customer": a}] * contacts)
    await system.create("note", *({"contact": each} for each in ids))
    await system.create("task", *({"customer": a} for _ in ids))
    await system.delete("customer", a)
    assert len(desk.heard) == 1 + 2 + 3 + 1 + 1 + 1  # lock, levels, deletions, tasks, restrictions, history
    await system.restore("customer", a)
    assert len(desk.heard) == 1 + 2 + 3 + 3 + 1  # lock, levels, returns, what they hang on, history


async def test_nobody_gets_a_child_while_it_is_deleted(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    for _ in range(10):
        a = await system.new("customer", name="a")
        await asyncio.gather(
            system.delete("customer", a),
            *(system.new("deal", customer=a) for _ in range(3)),
            return_exceptions=True,
        )
        alive = {row["id"] for row in await desk.rows("customer")}
        assert {row["customer"] for row in await desk.rows("deal")} <= alive


async def test_two_who_delete_the_same_agree_that_one_did(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    id_ = await desk.system().new("customer")
    attempts = (desk.system().delete("customer", id_) for _ in range(5))
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    assert [each for each in answers if not isinstance(each, Refusal)] == [(id_,)]
    assert [each["operation"] for each in await desk.changes(id_)] == ["deleted"]


async def test_who_sees_only_some_rows_deletes_only_those(open_desk: OpenDesk) -> None:
    wards = role("wards", grant("customer", read=eq("name", "a"), delete=True, fields={"name": "read"}))
    desk = await open_desk(model(object_("customer", {"name": field("text")}), roles=[wards]))
    (a, b) = await desk.system().create("customer", {"name": "a"}, {"name": "b"})
    caller = desk.caller({}, "wards")
    assert await refused(caller.delete("customer", a, b)) == ("NOT_FOUND", set())
    await caller.delete("customer", a)


async def test_an_earlier_deletion_of_the_same_record_does_not_count(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    contact = await system.new("contact", customer=a)
    await system.delete("customer", a)
    await system.restore("customer", a)
    await system.delete("contact", contact)
    await system.delete("customer", a)
    await system.restore("customer", a)
    assert await desk.rows("contact") == []


async def test_nobody_turns_to_a_record_while_it_is_deleted(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    deals = await system.create("deal", {"name": "1"}, {"name": "2"}, {"name": "3"})
    for _ in range(10):
        a = await system.new("customer", name="a")
        await asyncio.gather(
            *(system.update("deal", each, customer=a) for each in deals),
            system.delete("customer", a),
            return_exceptions=True,
        )
        alive = {row["id"] for row in await desk.rows("customer")} | {None}
        assert {row["customer"] for row in await desk.rows("deal")} <= alive


async def test_what_goes_along_keeps_what_it_refers_to(open_desk: OpenDesk) -> None:
    desk = await open_desk(house())
    system = desk.system()
    a = await system.new("customer", name="a")
    contact = await system.new("contact", customer=a)
    note = await system.new("note", contact=contact, about=a)
    await system.delete("customer", a)
    await system.restore("customer", a)
    row = await desk.row("note", note)
    assert (row["about"], row["version"]) == (a, 3)
