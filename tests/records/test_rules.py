"""What must hold of a new row, whoever writes it, and what may be told when it does not."""

import pytest

from salesmode.diagnostics import Refusal
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, Literal, Over, RowValue, Through, UserValue, either
from salesmode.model.object import Unique, Validation
from salesmode.tables import tables_of
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, Desk, eq, grant, refused, role
from tests.support.models import SPAN, field, label, model, object_, option, reference

NOWHERE = "00000000-0000-7000-8000-000000000000"


def over(name: str, limit: int) -> Compare:
    return Compare(name, "gt", Literal(limit))


def most(name: str, limit: int) -> Compare:
    return Compare(name, "lte", Literal(limit))


def deals(**roles: object) -> Model:
    """Customers are seen by their owner; a deal says which customer and contact it is about."""
    customer = object_(
        "customer", {"name": field("text"), "grade": field("text"), "owner": field("user")}, owned=True
    )
    contact = object_(
        "contact", {"name": field("text"), "customer": reference("customer", on_delete="cascade")}
    )
    deal = object_(
        "deal",
        {
            "name": field("text", required=True),
            "customer": reference("customer"),
            "contact": reference("contact", where=eq("customer", RowValue("customer"))),
            "discount": field("integer", default=0),
            "reason": field("text", required=over("discount", 10)),
            "kind": field(
                "choice", options=["new", option("renewal", when=Through("customer", eq("grade", "a")))]
            ),
        },
        validations=(
            Validation(
                "small_discount",
                Through("customer", Compare("grade", "ne", Literal("a"))),
                most("discount", 20),
                label("Only grade A gets more than 20 %"),
                SPAN,
            ),
            Validation(
                "sane", ALWAYS, either(most("discount", 90), eq("name", "gift")), label("Too much"), SPAN
            ),
        ),
    )
    every = dict.fromkeys(deal.fields, "write")
    seller = role(
        "seller",
        grant("user", read=True, fields={"name": "read"}),
        grant("customer", read=MINE, fields={"name": "read"}),
        grant("contact", read=True, fields={"name": "read", "customer": "read"}),
        grant("deal", read=True, create=True, update=True, delete=True, fields=every),
    )
    return model(customer, contact, deal, roles=[seller])


async def test_failed_conditions_of_all_rows_come_at_once(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    (customer,) = await desk.system().create("customer", {"name": "c", "grade": "b"})
    found = await refused(
        desk.system().create(
            "deal",
            {"name": "a", "customer": customer, "discount": 95},
            {"name": "b", "customer": customer, "discount": 15},
            {"name": "c", "customer": customer, "kind": "renewal"},
            {"name": "d", "customer": customer, "discount": 5},
        )
    )
    assert found == (
        "VALIDATION_FAILED",
        {
            (("input", 0), "small_discount"),
            (("input", 0), "sane"),
            (("input", 0, "reason"), "required"),
            (("input", 1, "reason"), "required"),
            (("input", 2, "kind"), "option_when"),
        },
    )
    assert await desk.rows("deal") == []


async def test_a_validation_speaks_with_its_own_message(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    (customer,) = await desk.system().create("customer", {"name": "c", "grade": "a"})
    with pytest.raises(Refusal) as caught:
        await desk.system().new("deal", name="a", discount=95, reason="r", customer=customer)
    assert [each.message.text("en") for each in caught.value.problems] == ["Too much"]
    assert caught.value.problems[0].path == ("input",)


async def test_an_update_is_held_to_every_validation(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    (customer,) = await desk.system().create("customer", {"name": "c", "grade": "a"})
    id_ = await desk.system().new("deal", name="gift", discount=95, reason="r", customer=customer)
    attempt = desk.system().update("deal", id_, name="plain")
    assert await refused(attempt) == ("VALIDATION_FAILED", {(("input",), "sane")})
    attempt = desk.system().update("deal", id_, reason=None)
    assert await refused(attempt) == ("VALIDATION_FAILED", {(("input", "reason"), "required")})
    assert (await desk.row("deal", id_))["version"] == 1


async def test_a_choice_is_limited_by_another_field_of_the_row(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    one, two = await desk.system().create("customer", {"name": "1"}, {"name": "2"})
    (contact,) = await desk.system().create("contact", {"name": "x", "customer": one})
    wrong = ("VALIDATION_FAILED", {(("input", "contact"), "where")})
    assert await refused(desk.system().new("deal", name="d", customer=two, contact=contact)) == wrong
    id_ = await desk.system().new("deal", name="d", customer=one, contact=contact)
    assert await refused(desk.system().update("deal", id_, customer=two)) == wrong
    await desk.system().update("deal", id_, customer=two, contact=None)


async def unreadable(desk: Desk) -> dict[str, str]:
    """Ids of customers that the seller Li may not refer to, each for a reason of its own."""
    (wu,) = await desk.system().create("user", {"name": "Wu"})
    theirs, graded, deleted = await desk.system().create(
        "customer", {"name": "b", "owner": wu}, {"name": "a", "grade": "a", "owner": wu}, {"name": "gone"}
    )
    await desk.system().delete("customer", deleted)
    return {"not seen": theirs, "not seen, other grade": graded, "deleted": deleted, "not there": NOWHERE}


async def test_what_cannot_be_read_cannot_be_referred_to_and_nothing_tells_why(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    hidden = await unreadable(desk)
    (li,) = await desk.system().create("user", {"name": "Li"})
    seller = desk.caller({"id": li}, "seller")
    id_ = await seller.new("deal", name="mine")
    for reason, customer in hidden.items():
        values = {"customer": customer, "discount": 95, "kind": "renewal"}
        found = await refused(seller.new("deal", name="d", **values))
        assert found == (
            "VALIDATION_FAILED",
            {
                (("input", "customer"), "not_found"),
                (("input", "reason"), "required"),
                (("input",), "sane"),
            },
        ), reason
        assert await refused(seller.update("deal", id_, **values)) == found, reason


async def test_what_a_row_refers_to_already_need_not_be_readable(open_desk: OpenDesk) -> None:
    desk = await open_desk(deals())
    hidden = await unreadable(desk)
    (li,) = await desk.system().create("user", {"name": "Li"})
    (id_,) = await desk.system().create("deal", {"name": "d", "customer": hidden["not seen"]})
    await desk.caller({"id": li}, "seller").update("deal", id_, name="e")
    assert (await desk.row("deal", id_))["name"] == "e"


async def test_a_default_may_refer_to_what_the_caller_cannot_read(open_desk: OpenDesk) -> None:
    note = object_("note", {"text": field("text"), "keeper": field("user", default=UserValue("boss"))})
    fields = {"text": "blind", "keeper": "blind"}
    desk = await open_desk(model(note, roles=[role("writer", grant("note", create=True, fields=fields))]))
    (boss,) = await desk.system().create("user", {"name": "Boss"})
    writer = desk.caller({"boss": boss}, "writer")
    found = await refused(writer.new("note", text="t", keeper=boss))
    assert found == ("VALIDATION_FAILED", {(("input", "keeper"), "not_found")})
    await writer.new("note", text="t")
    assert [row["keeper"] for row in await desk.rows("note")] == [boss]


def unique_model() -> Model:
    thing = object_(
        "thing",
        {
            "name": field("text"),
            "place": field("text"),
            "code": field("text", unique=True),
        },
        unique=(("name", "place"), Unique("folded", ("place",), fold=True)),
    )
    every = {"name": "write", "place": "write", "code": "write"}
    knows = role("knows", grant("thing", read=True, create=True, update=True, delete=True, fields=every))
    blind = role(
        "blind", grant("thing", read=True, create=True, fields={**every, "code": "blind", "place": "blind"})
    )
    return model(thing, roles=[knows, blind])


async def test_a_collision_is_a_conflict_that_names_what_is_readable(open_desk: OpenDesk) -> None:
    desk = await open_desk(unique_model())
    await desk.system().new("thing", name="n", place="p", code="c")
    knows, blind = desk.caller({}, "knows"), desk.caller({}, "blind")
    named = ("CONFLICT", {(("input", "code"), "not_unique")})
    assert await refused(knows.new("thing", code="c")) == named
    assert await refused(blind.new("thing", code="c")) == ("CONFLICT", {(("input",), "not_unique")})
    assert await refused(knows.new("thing", place="P")) == ("CONFLICT", {(("input", "place"), "not_unique")})
    id_ = await knows.new("thing", code="other")
    assert await refused(knows.update("thing", id_, code="c")) == named


async def test_a_collision_among_many_is_told_of_its_row(open_desk: OpenDesk) -> None:
    desk = await open_desk(unique_model())
    knows = desk.caller({}, "knows")
    found = await refused(knows.create("thing", {"code": "a"}, {"code": "b"}, {"code": "a"}))
    assert found == ("CONFLICT", {(("input", 2, "code"), "not_unique")})
    assert await desk.rows("thing") == []


async def test_rows_that_are_changed_to_the_same_collide(open_desk: OpenDesk) -> None:
    desk = await open_desk(unique_model())
    await desk.system().create("thing", {"name": "a"}, {"name": "b"})
    knows = desk.caller({}, "knows")
    found = await refused(knows.update_where("thing", Compare("name", "isNull", Literal(False)), code="c"))
    assert found == ("CONFLICT", {(("input", "code"), "not_unique")})
    assert [row["code"] for row in await desk.rows("thing")] == [None, None]


def strict_model() -> Model:
    """Names and numbers are unique; a part's name must be that of its whole in capitals."""
    whole = object_(
        "whole",
        {
            "name": field("text", unique=True),
            "number": field("integer", unique=True),
            "size": field("integer"),
        },
        validations=(Validation("small", ALWAYS, most("size", 9), label("Too large"), SPAN),),
    )
    part = object_(
        "part",
        {"name": field("text"), "whole": reference("whole")},
        validations=(
            Validation("fits", ALWAYS, Through("whole", most("size", 9)), label("Does not fit"), SPAN),
        ),
    )
    return model(whole, part)


async def test_a_collision_is_told_alone_and_last(open_desk: OpenDesk) -> None:
    desk = await open_desk(strict_model())
    system = desk.system()
    ids = await system.create("whole", {"name": "a", "size": 1}, {"name": "b", "size": 1})
    found = await refused(
        system.create("whole", {"name": "a", "size": 10}, {"name": "c", "size": 10}, {"name": "b", "size": 1})
    )
    assert found == ("VALIDATION_FAILED", {(("input", 0), "small"), (("input", 1), "small")})
    found = await refused(system.create("whole", {"name": "c", "size": 1}, {"name": "b", "size": 1}))
    assert found == ("CONFLICT", {(("input", 1, "name"), "not_unique")})
    found = await refused(system.update("whole", ids[0], name="b", size=10))
    assert found == ("VALIDATION_FAILED", {(("input",), "small")})
    found = await refused(system.update("whole", ids[0], name="b", size=2))
    assert found == ("CONFLICT", {(("input", "name"), "not_unique")})
    assert [(row["name"], row["size"]) for row in await desk.rows("whole")] == [("a", 1), ("b", 1)]
    assert await desk.rows("whole", deleted=True) == []


async def test_nothing_is_said_of_what_is_nested_in_a_row_that_collides(open_desk: OpenDesk) -> None:
    desk = await open_desk(strict_model())
    system = desk.system()
    await system.new("whole", name="a", size=1)
    nested = {"create": [{"name": "p"}]}
    found = await refused(system.new("whole", name="a", size=1, parts=nested))
    assert found == ("CONFLICT", {(("input", "name"), "not_unique")})
    await system.new("whole", name="b", size=1, parts=nested)


async def test_a_name_that_is_freed_in_the_same_write_is_free(open_desk: OpenDesk) -> None:
    desk = await open_desk(strict_model())
    system = desk.system()
    ids = await system.create("whole", *({"name": c, "number": n, "size": 1} for n, c in enumerate("abc")))
    moved = [{"number": n, "name": c} for n, c in enumerate("bcd")]
    assert await system.upsert("whole", ["number"], *moved) == ids
    assert [(row["name"], row["version"]) for row in await desk.rows("whole")] == [
        ("b", 2),
        ("c", 2),
        ("d", 2),
    ]
    assert await desk.rows("whole", deleted=True) == []


async def test_nulls_and_deleted_rows_collide_with_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(unique_model())
    knows = desk.caller({}, "knows")
    await knows.create("thing", {"name": "n"}, {"name": "n"})
    id_ = await knows.new("thing", code="c")
    await knows.delete("thing", id_)
    again = await knows.new("thing", code="c")
    assert await refused(knows.restore("thing", id_)) == ("CONFLICT", {(("id", "code"), "not_unique")})
    await knows.delete("thing", again)
    await knows.restore("thing", id_)
    assert [row["code"] for row in await desk.rows("thing")] == [None, None, "c"]


async def test_a_rule_over_a_to_many_sees_the_nested_rows(open_desk: OpenDesk) -> None:
    order = object_(
        "order",
        {"name": field("text")},
        validations=(
            Validation("has_lines", ALWAYS, Over("lines", "some", over("count", 0)), label("No lines"), SPAN),
        ),
    )
    line = object_("line", {"count": field("integer"), "order": reference("order", on_delete="cascade")})
    desk = await open_desk(model(order, line))
    assert await refused(desk.system().new("order", name="o")) == (
        "VALIDATION_FAILED",
        {(("input",), "has_lines")},
    )
    await desk.system().new("order", name="o", lines={"create": [{"count": 1}]})


async def test_every_element_of_a_list_must_be_readable_and_fit(open_desk: OpenDesk) -> None:
    customer = object_("customer", {"name": field("text")})
    person = object_("person", {"name": field("text"), "customer": reference("customer")})
    meeting = object_(
        "meeting",
        {
            "customer": reference("customer"),
            "guests": field("multi_reference", to="person", where=eq("customer", RowValue("customer"))),
        },
    )
    host = role(
        "host",
        grant("customer", read=True, fields={"name": "read"}),
        grant("person", read=Compare("name", "ne", Literal("hidden")), fields={"name": "read"}),
        grant("meeting", read=True, create=True, update=True, fields=dict.fromkeys(meeting.fields, "write")),
    )
    desk = await open_desk(model(customer, person, meeting, roles=[host]))
    one, two = await desk.system().create("customer", {"name": "1"}, {"name": "2"})
    ann, bo, hidden = await desk.system().create(
        "person",
        {"name": "ann", "customer": one},
        {"name": "bo", "customer": two},
        {"name": "hidden", "customer": one},
    )
    caller = desk.caller({}, "host")
    for stranger in (hidden, NOWHERE):
        found = await refused(caller.new("meeting", customer=one, guests=[ann, stranger]))
        assert found == ("VALIDATION_FAILED", {(("input", "guests"), "not_found")})
    wrong = ("VALIDATION_FAILED", {(("input", "guests"), "where")})
    assert await refused(caller.new("meeting", customer=one, guests=[ann, bo])) == wrong
    id_ = await caller.new("meeting", customer=one, guests=[ann])
    assert await refused(caller.update("meeting", id_, customer=two)) == wrong
    await caller.update("meeting", id_, customer=two, guests=[])
    await caller.update("meeting", id_, guests=None)


async def test_a_row_may_keep_an_option_that_is_no_longer_used(open_desk: OpenDesk) -> None:
    options = ["new", option("old"), option("older")]
    now = ["new", option("old", active=False), option("older", active=False)]
    fields = {"name": field("text", unique=True), "kind": field("choice", options=options)}
    desk = await open_desk(
        model(object_("thing", {**fields, "kinds": field("multi_choice", options=options)}))
    )
    id_ = await desk.system().new("thing", name="a", kind="old", kinds=["old", "new"])
    fields = {**fields, "kind": field("choice", options=now), "kinds": field("multi_choice", options=now)}
    desk.tables = tables_of(model(object_("thing", fields)), desk.tables.dialect)
    system = desk.system()
    await system.update("thing", id_, name="b", kind="old", kinds=["old"])
    await system.upsert("thing", ["name"], {"name": "b", "kind": "old"})
    found = await refused(system.update("thing", id_, kind="older", kinds=["old", "older"]))
    assert found == (
        "VALIDATION_FAILED",
        {(("input", "kind"), "inactive_option"), (("input", "kinds"), "inactive_option")},
    )
    found = await refused(system.upsert("thing", ["name"], {"name": "b", "kind": "older"}))
    assert found == ("VALIDATION_FAILED", {(("input", 0, "kind"), "inactive_option")})
    found = await refused(system.new("thing", kind="old"))
    assert found == ("VALIDATION_FAILED", {(("input", "kind"), "inactive_option")})


async def test_a_record_cannot_lie_below_itself(open_desk: OpenDesk) -> None:
    unit = object_("unit", {"name": field("text"), "parent": reference("unit", tree=True)})
    desk = await open_desk(model(unit))
    top = await desk.system().new("unit", name="top")
    middle = await desk.system().new("unit", name="middle", parent=top)
    low = await desk.system().new("unit", name="low", parent=middle)
    for parent in (top, middle, low):
        found = await refused(desk.system().update("unit", top, parent=parent))
        assert found == ("VALIDATION_FAILED", {(("input", "parent"), "circle")})
    await desk.system().update("unit", low, parent=top)
