"""Creating: what a new row holds, and in how few statements."""

from datetime import date
from decimal import Decimal

import pytest

from salesmode.diagnostics import Refusal
from salesmode.model.app import Model
from salesmode.model.condition import Moment
from salesmode.records import create
from tests.records.conftest import OpenDesk
from tests.records.kit import NOW
from tests.support.models import field, model, object_, option, reference


def crm() -> Model:
    customer = object_(
        "customer",
        {
            "name": field("text", required=True, max_length=20),
            "grade": field("choice", options=["a", "b", option("z", active=False)]),
            "revenue": field("money", min=0),
            "since": field("date", default=Moment("today")),
            "active": field("boolean", default=True),
            "owner": field("user"),
            "parent": reference("customer"),
        },
        owned=True,
    )
    contact = object_(
        "contact",
        {
            "name": field("text", required=True),
            "customer": reference("customer", required=True, on_delete="cascade"),
        },
    )
    invoice = object_(
        "invoice", {"number": field("auto_number", format="R{YYYY}-{0000}"), "note": field("text")}
    )
    return model(customer, contact, invoice)


async def test_a_new_row_holds_the_input_defaults_and_what_the_engine_gives(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    boss = await desk.system().new("user", name="Li")
    id_ = await desk.caller({"id": boss}, "admin").new("customer", name="Acme", grade="a", revenue="10.5")
    row = await desk.row("customer", id_)
    assert row == {
        "id": id_,
        "name": "Acme",
        "grade": "a",
        "revenue": Decimal("10.50"),
        "since": NOW.date(),
        "active": True,
        "owner": boss,
        "parent": None,
        "created_at": NOW,
        "created_by": boss,
        "updated_at": NOW,
        "updated_by": boss,
        "version": 1,
    }


async def test_what_the_input_says_beats_the_default_and_null_is_said_too(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    boss = await desk.system().new("user", name="Li")
    caller = desk.caller({"id": boss}, "admin")
    id_ = await caller.new("customer", name="Acme", active=False, since="2020-02-29", owner=None)
    row = await desk.row("customer", id_)
    assert (row["active"], row["since"], row["owner"]) == (False, date(2020, 2, 29), None)


async def test_ids_come_in_the_order_of_the_inputs(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    ids = await desk.system().create("customer", *({"name": f"c{n}"} for n in range(30)))
    names = {row["id"]: row["name"] for row in await desk.rows("customer")}
    assert [names[each] for each in ids] == [f"c{n}" for n in range(30)]


@pytest.mark.parametrize("rows", [1, 250])
async def test_the_number_of_statements_is_that_of_one_row(open_desk: OpenDesk, rows: int) -> None:
    desk = await open_desk(crm())
    (group,) = await desk.system().create("customer", {"name": "group"})
    caller = desk.caller({}, "admin")
    await caller.create("customer", *({"name": f"c{n}", "parent": group} for n in range(rows)))
    kinds = [sql.split()[0] for sql in desk.heard]
    held = ["SELECT"] if desk.tables.dialect == "postgresql" else []
    assert kinds == [*held, "INSERT", "SELECT", "INSERT"]


async def test_without_references_and_rules_there_is_only_the_row_and_its_history(
    open_desk: OpenDesk,
) -> None:
    desk = await open_desk(model(object_("note", {"text": field("text")})))
    await desk.caller({}, "admin").new("note", text="hello")
    assert len(desk.heard) == 2


async def test_shape_problems_of_all_rows_come_at_once(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    with pytest.raises(Refusal) as refused:
        await desk.caller({}, "admin").create(
            "customer",
            {"name": "a" * 21, "grade": "x", "revenue": "1.234"},
            {"grade": "z", "since": "31.12.2025"},
            {"name": None, "revenue": "-1"},
            {"name": "fine"},
        )
    assert refused.value.code == "VALIDATION_FAILED"
    assert {(each.path, each.code) for each in refused.value.problems} == {
        (("input", 0, "name"), "too_long"),
        (("input", 0, "grade"), "unknown_option"),
        (("input", 0, "revenue"), "too_many_places"),
        (("input", 1, "name"), "required"),
        (("input", 1, "grade"), "inactive_option"),
        (("input", 1, "since"), "not_a_date"),
        (("input", 2, "name"), "required"),
        (("input", 2, "revenue"), "below_min"),
    }
    assert desk.heard == []


@pytest.mark.parametrize("name", ["nope", "id", "version", "created_at"])
async def test_a_name_that_no_input_has_is_a_bad_request(open_desk: OpenDesk, name: str) -> None:
    desk = await open_desk(crm())
    with pytest.raises(Refusal) as refused:
        await desk.caller({}, "admin").new("customer", name="x", **{name: 1})
    assert (refused.value.code, refused.value.problems) == ("BAD_REQUEST", ())


async def test_more_than_a_thousand_rows_are_a_bad_request(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    with pytest.raises(Refusal, match="BAD_REQUEST"):
        await desk.system().create("customer", *[{"name": "x"}] * 1001)


async def test_no_rows_are_no_statements(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    caller = desk.system()
    assert await caller.run(lambda: create(caller.scope, "customer", [], caller.environment)) == ()
    assert desk.heard == []


async def test_numbers_rise_and_are_the_engines_to_give(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    caller = desk.caller({}, "admin")
    await caller.create("invoice", {}, {}, {})
    with pytest.raises(Refusal, match="readonly"):
        await caller.new("invoice", number="R1")
    await desk.system().new("invoice", number="imported")
    await caller.new("invoice")
    numbers = [row["number"] for row in await desk.rows("invoice")]
    assert numbers == ["R2026-0001", "R2026-0002", "R2026-0003", "imported", "R2026-0004"]


async def test_a_number_may_outgrow_its_zeros(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    for _ in range(10):
        await desk.system().create("invoice", *[{}] * 1000)
    await desk.system().new("invoice")
    assert (await desk.rows("invoice"))[-1]["number"] == "R2026-10001"


async def test_nested_records_are_created_with_theirs(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    caller = desk.caller({}, "admin")
    (one, two) = await caller.create(
        "customer",
        {
            "name": "one",
            "contacts": {"create": [{"name": "Ann"}, {"name": "Bo"}]},
            "customers": {"create": [{"name": "one.one", "contacts": {"create": [{"name": "Cy"}]}}]},
        },
        {"name": "two", "contacts": {"create": [{"name": "Di"}]}},
    )
    statements = len(desk.heard)
    (child,) = [row["id"] for row in await desk.rows("customer") if row["parent"] == one]
    contacts = {row["name"]: row["customer"] for row in await desk.rows("contact")}
    assert contacts == {"Ann": one, "Bo": one, "Cy": child, "Di": two}
    await caller.create("customer", {"name": "x", "contacts": {"create": [{"name": "y"}] * 50}})
    assert len(desk.heard) <= statements


async def test_problems_of_nested_records_say_where_they_stand(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    with pytest.raises(Refusal) as refused:
        await desk.caller({}, "admin").create(
            "customer", {"name": "x", "contacts": {"create": [{"name": "y"}, {}]}}
        )
    assert [each.path for each in refused.value.problems] == [("input", 0, "contacts", "create", 1, "name")]


@pytest.mark.parametrize("given", [[], {"create": {}}, {"connect": []}, None])
async def test_a_to_many_takes_only_creates(open_desk: OpenDesk, given: object) -> None:
    desk = await open_desk(crm())
    with pytest.raises(Refusal, match="BAD_REQUEST"):
        await desk.system().new("customer", name="x", contacts=given)


async def test_a_nested_record_cannot_name_another_parent(open_desk: OpenDesk) -> None:
    desk = await open_desk(crm())
    other = await desk.system().new("customer", name="other")
    with pytest.raises(Refusal, match="BAD_REQUEST"):
        await desk.system().new("customer", name="x", contacts={"create": [{"name": "y", "customer": other}]})


async def test_only_an_owned_record_belongs_to_who_creates_it(open_desk: OpenDesk) -> None:
    desk = await open_desk(model(object_("paper", {"owner": field("user")})))
    (li,) = await desk.system().create("user", {"name": "Li"})
    await desk.caller({"id": li}, "admin").new("paper")
    assert [row["owner"] for row in await desk.rows("paper")] == [None]
