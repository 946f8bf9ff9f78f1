"""Creating what is not there and changing what is, by a declared unique."""

from decimal import Decimal

import pytest

from salesmode.model.app import Model
from salesmode.model.object import Unique
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, eq, grant, refused, right, role
from tests.support.models import field, model, object_


def catalogue() -> Model:
    product = object_(
        "product",
        {
            "code": field("text", required=True, unique=True),
            "name": field("text", required=True),
            "line": field("text"),
            "year": field("integer"),
            "price": field("money"),
            "key": field("secret"),
            "owner": field("user"),
        },
        owned=True,
        unique=(("line", "year"), Unique("name", ("name",), fold=True)),
    )
    every = dict.fromkeys(("code", "name", "line", "year", "price", "owner"), "write")
    keeper = role("keeper", grant("product", read=MINE, create=True, update=True, fields=every))
    adder = role("adder", grant("product", read=True, create=True, fields=every))
    fixed = role(
        "fixed",
        grant("product", read=True, create=True, update=True, fields={**every, "price": eq("year", 1)}),
    )
    blind = role(
        "blind", grant("product", read=True, create=True, update=True, fields={**every, "code": "blind"})
    )
    changer = role(
        "changer", grant("product", read=True, create=right(eq("year", 1)), update=True, fields=every)
    )
    return model(product, roles=[keeper, adder, fixed, blind, changer])


async def test_what_is_there_is_changed_and_the_rest_is_created(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    system = desk.system()
    (a, b) = await system.create(
        "product", {"code": "a", "name": "A", "price": "1"}, {"code": "b", "name": "B", "price": "1"}
    )
    ids = await system.upsert(
        "product",
        ["code"],
        {"code": "b", "name": "B2"},
        {"code": "c", "name": "C"},
        {"code": "a", "price": "2", "name": "A"},
    )
    assert (ids[0], ids[2]) == (b, a)
    rows = {
        row["code"]: (row["id"], row["name"], row["price"], row["version"])
        for row in await desk.rows("product")
    }
    assert rows == {
        "a": (a, "A", Decimal(2), 2),
        "b": (b, "B2", Decimal(1), 2),
        "c": (ids[1], "C", None, 1),
    }


async def test_a_key_may_have_parts_of_any_type(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    system = desk.system()
    given = [
        {"code": f"{line}{year}", "name": f"{line}{year}", "line": line, "year": year}
        for line in "xy"
        for year in (1, 2)
    ]
    ids = await system.create("product", *given)
    keys = [{**each, "price": str(number)} for number, each in enumerate(given)]
    assert await system.upsert("product", ["year", "line"], *reversed(keys)) == tuple(reversed(ids))
    assert [row["price"] for row in await desk.rows("product")] == [Decimal(n) for n in range(4)]


async def test_a_folded_key_finds_any_spelling_and_keeps_the_old_one(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    id_ = await desk.system().new("product", code="a", name="Été")
    assert await desk.system().upsert("product", ["name"], {"name": "ÉTÉ", "code": "b"}) == (id_,)
    row = await desk.row("product", id_)
    assert (row["name"], row["code"]) == ("Été", "b")


@pytest.mark.parametrize("by", [["price"], ["code", "name"], ["line"], ["nope"], [], ["code", "code"]])
async def test_only_a_declared_unique_identifies(open_desk: OpenDesk, by: list[str]) -> None:
    desk = await open_desk(catalogue())
    attempt = desk.system().upsert("product", by, {"code": "a", "name": "A"})
    assert await refused(attempt) == ("BAD_REQUEST", set())


async def test_what_the_caller_cannot_read_identifies_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    attempt = desk.caller({}, "blind").upsert("product", ["code"], {"code": "a", "name": "A"})
    assert await refused(attempt) == ("BAD_REQUEST", set())


async def test_a_record_that_the_caller_does_not_see_is_in_the_way(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    (li,) = await desk.system().create("user", {"name": "Li"})
    await desk.system().new("product", code="a", name="A")
    attempt = desk.caller({"id": li}, "keeper").upsert("product", ["code"], {"code": "a", "name": "B"})
    assert await refused(attempt) == ("CONFLICT", {(("input", 0, "code"), "not_unique")})


async def test_two_inputs_that_mean_the_same_are_a_conflict(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    await desk.system().new("product", code="a", name="A")
    attempt = desk.system().upsert(
        "product", ["name"], {"name": "a", "code": "x"}, {"name": "A", "code": "y"}
    )
    assert await refused(attempt) == ("CONFLICT", {(("input", 1), "not_unique")})


async def test_each_half_needs_its_own_right(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    await desk.system().new("product", code="a", name="A", year=1)
    await desk.system().new("product", code="b", name="B", year=2)
    adder, changer = desk.caller({}, "adder"), desk.caller({}, "changer")
    new, old = {"code": "n", "name": "N"}, {"code": "a", "name": "A2"}
    assert await refused(adder.upsert("product", ["code"], new, old)) == ("FORBIDDEN", set())
    found = await refused(changer.upsert("product", ["code"], new, old))
    assert found == ("FORBIDDEN", {(("input", 0), "check")})
    fixed = desk.caller({}, "fixed")
    both = [{"code": code, "name": code, "price": "1"} for code in "ab"]
    assert await refused(fixed.upsert("product", ["code"], *both)) == (
        "FORBIDDEN",
        {(("input", 1, "price"), "locked")},
    )
    assert [row["name"] for row in await desk.rows("product")] == ["A", "B"]


async def test_problems_of_both_halves_come_at_once(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    await desk.system().new("product", code="a", name="A")
    attempt = desk.system().upsert(
        "product",
        ["code"],
        {"code": "a", "name": None, "price": "x"},
        {"code": "b"},
        {"code": 7, "name": "C"},
    )
    assert await refused(attempt) == (
        "VALIDATION_FAILED",
        {
            (("input", 0, "name"), "required"),
            (("input", 0, "price"), "not_a_number"),
            (("input", 1, "name"), "required"),
            (("input", 2, "code"), "not_text"),
        },
    )


async def test_a_record_keeps_what_another_input_writes(open_desk: OpenDesk) -> None:
    desk = await open_desk(catalogue())
    system = desk.system()
    ids = await system.create("product", *({"code": c, "name": c, "key": "k", "price": "1"} for c in "abc"))
    table = desk.tables.table("product")
    before = dict(await desk.database.fetch(desk.select(table.c.code, table.c.key)))
    await system.upsert(
        "product",
        ["code"],
        {"code": "a", "price": "2"},
        {"code": "b", "year": 3},
        {"code": "c", "key": "new"},
    )
    rows = [(row["price"], row["year"]) for row in await desk.rows("product")]
    assert rows == [(Decimal(2), None), (Decimal(1), 3), (Decimal(1), None)]
    after = dict(await desk.database.fetch(desk.select(table.c.code, table.c.key)))
    assert (after["a"], after["b"]) == (before["a"], before["b"])
    assert after["c"] != before["c"]
    assert [each["field"] for each in await desk.changes(ids[1])][-1] == "year"


@pytest.mark.parametrize("rows", [1, 200])
async def test_statements_do_not_grow_with_the_rows(open_desk: OpenDesk, rows: int) -> None:
    desk = await open_desk(catalogue())
    caller = desk.caller({}, "admin")
    old = [{"code": f"o{n}", "name": f"o{n}"} for n in range(rows)]
    await caller.create("product", *old)
    new = [{"code": f"n{n}", "name": f"n{n}"} for n in range(rows)]
    await caller.upsert("product", ["code"], *({**each, "price": str(n)} for n, each in enumerate(old)), *new)
    assert [sql.split()[0] for sql in desk.heard] == [
        *("SELECT", "SELECT", "UPDATE", "INSERT"),  # who is meant, the lock, the rows
        *("SELECT", "SELECT", "INSERT"),  # whether they arrived, history
    ]
