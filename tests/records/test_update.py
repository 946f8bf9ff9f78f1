"""Changing records: versions, what is kept and what is cleared, many at once, two at once."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from salesmode.diagnostics import Refusal
from salesmode.fieldtypes.secret import verify_secret
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Argument, Compare
from tests.records.conftest import OpenDesk
from tests.records.kit import MINE, NOW, eq, grant, refused, role
from tests.support.models import field, model, object_, reference

LATER = NOW + timedelta(hours=1)


def office() -> Model:
    account = object_(
        "account",
        {
            "name": field("text", required=True),
            "region": field("text"),
            "budget": field("money"),
            "password": field("secret"),
            "parent": reference("account"),
            "owner": field("user"),
        },
        owned=True,
    )
    every = dict.fromkeys(("name", "region", "budget", "parent", "owner"), "write")
    user = grant("user", read=True, fields={"name": "read"})
    seller = role("seller", user, grant("account", read=True, create=True, update=MINE, fields=every))
    narrow = role(
        "narrow", user, grant("account", read=MINE, update=True, fields={**every, "budget": "blind"})
    )
    return model(account, roles=[seller, narrow])


async def test_a_write_counts_one_version_and_says_who_and_when(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    id_ = await desk.caller({"id": li}, "admin").new("account", name="a", budget="5")
    before = await desk.row("account", id_)
    assert await desk.caller({"id": wu}, "admin").at(LATER).update("account", id_, budget="7.1") == (id_,)
    changed = {"budget": Decimal("7.10"), "updated_at": LATER, "updated_by": wu, "version": 2}
    assert await desk.row("account", id_) == before | changed


async def test_null_clears_and_absent_keeps(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a", region="north", budget="5")
    await desk.system().update("account", id_, region=None)
    row = await desk.row("account", id_)
    assert (row["name"], row["region"], row["budget"]) == ("a", None, Decimal(5))


async def test_a_required_field_cannot_be_cleared(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a")
    found = await refused(desk.system().update("account", id_, name=None, budget="x"))
    assert found == (
        "VALIDATION_FAILED",
        {(("input", "name"), "required"), (("input", "budget"), "not_a_number")},
    )
    assert desk.heard == []


async def test_a_stale_version_is_a_conflict(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a")
    await desk.system().update("account", id_, if_version=1, name="b")
    found = await refused(desk.system().update("account", id_, if_version=1, name="c"))
    assert found == ("CONFLICT", {(("ifVersion",), "version")})
    assert (await desk.row("account", id_))["name"] == "b"


async def test_without_the_right_even_a_stale_version_is_forbidden(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a")
    (li,) = await desk.system().create("user", {"name": "Li"})
    attempt = desk.caller({"id": li}, "seller").update("account", id_, if_version=7, name="b")
    assert await refused(attempt) == ("FORBIDDEN", set())


@pytest.mark.parametrize("rows", [1, 300])
async def test_many_rows_take_the_statements_of_one(open_desk: OpenDesk, rows: int) -> None:
    desk = await open_desk(office())
    (top,) = await desk.system().create("account", {"name": "top"})
    await desk.system().create("account", *[{"name": "a", "region": "north"}] * rows)
    caller = desk.caller({}, "admin")
    ids = await caller.update_where("account", eq("region", "north"), region="south", parent=top)
    assert len(ids) == rows
    assert [sql.split()[0] for sql in desk.heard] == ["SELECT", "UPDATE", "SELECT", "INSERT"]
    assert sum(row["parent"] == top and row["version"] == 2 for row in await desk.rows("account")) == rows


async def test_the_condition_of_the_caller_sees_what_the_caller_sees(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    await desk.system().create(
        "account",
        {"name": "mine", "budget": "5", "owner": li},
        {"name": "theirs", "budget": "5", "owner": wu},
    )
    caller = desk.caller({"id": li}, "narrow").saying(name="mine")
    assert len(await caller.update_where("account", ALWAYS, region="seen")) == 1
    named = await caller.update_where("account", Compare("name", "eq", Argument(("name",))), region="said")
    assert len(named) == 1
    assert [row["region"] for row in await desk.rows("account")] == ["said", None]


async def test_one_row_that_may_not_be_changed_stops_them_all(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    await desk.system().create(
        "account", {"name": "a", "owner": li}, {"name": "b", "owner": wu}, {"name": "c", "owner": li}
    )
    attempt = desk.caller({"id": li}, "seller").update_where("account", ALWAYS, region="x")
    assert await refused(attempt) == ("FORBIDDEN", set())
    assert {row["region"] for row in await desk.rows("account")} == {None}


async def test_more_than_a_thousand_rows_are_never_capped_in_silence(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    for _ in range(2):
        await desk.system().create("account", *[{"name": "a"}] * 501)
    assert await refused(desk.system().update_where("account", ALWAYS, region="x")) == ("BAD_REQUEST", set())


async def test_nothing_that_fits_is_nothing_written(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    assert await desk.system().update_where("account", eq("name", "nobody"), region="x") == ()
    assert len(desk.heard) == 1


@pytest.mark.parametrize("values", [{}, {"name": "a"}, {"name": "a", "budget": "5.0", "region": None}])
async def test_a_change_that_changes_nothing_writes_nothing(
    open_desk: OpenDesk, values: dict[str, object]
) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a", budget="5")
    before = await desk.row("account", id_)
    assert await desk.caller({}, "admin").at(LATER).update("account", id_, if_version=1, **values) == (id_,)
    assert {sql.split()[0] for sql in desk.heard} == {"SELECT"}
    assert await desk.row("account", id_) == before
    stale = desk.caller({}, "admin").update("account", id_, if_version=2, **values)
    assert (await refused(stale))[0] == "CONFLICT"


async def test_of_many_rows_those_that_change_are_written(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    await desk.system().create("account", {"name": "a", "region": "north"}, {"name": "b", "region": "south"})
    ids = await desk.system().update_where("account", ALWAYS, region="south")
    assert len(ids) == 2
    assert [(row["region"], row["version"]) for row in await desk.rows("account")] == [
        ("south", 2),
        ("south", 1),
    ]


async def test_an_upsert_of_what_is_there_writes_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(
        model(object_("code", {"name": field("text", unique=True), "pin": field("secret")}))
    )
    caller = desk.caller({}, "admin")
    for _ in range(2):
        (id_,) = await caller.upsert("code", ["name"], {"name": "a"})
    assert (await desk.row("code", id_))["version"] == 1
    await caller.upsert("code", ["name"], {"name": "a", "pin": "1234"})
    assert (await desk.row("code", id_))["version"] == 2, "nobody knows whether a secret is another one"


@pytest.mark.parametrize("budget", ["5", "6", None])
async def test_a_version_tells_no_guess_of_what_the_caller_may_not_read(
    open_desk: OpenDesk, budget: str | None
) -> None:
    desk = await open_desk(office())
    (li,) = await desk.system().create("user", {"name": "Li"})
    id_ = await desk.system().new("account", name="a", budget="5", owner=li)
    await desk.caller({"id": li}, "narrow").update("account", id_, budget=budget)
    assert (await desk.row("account", id_))["version"] == 2


@pytest.mark.parametrize("hidden", [True, False])
async def test_a_version_does_not_tell_a_hidden_reference_from_an_empty_one(
    open_desk: OpenDesk, *, hidden: bool
) -> None:
    desk = await open_desk(office())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    top = await desk.system().new("account", name="top", owner=wu)
    id_ = await desk.system().new("account", name="a", owner=li, parent=top if hidden else None)
    caller = desk.caller({"id": li}, "narrow")
    attempt = caller.update("account", id_, parent=top)
    assert await refused(attempt) == ("VALIDATION_FAILED", {(("input", "parent"), "not_found")})
    await caller.update("account", id_, parent=None)
    assert (await desk.row("account", id_))["version"] == 2


async def test_a_secret_is_written_and_never_remembered(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a", password="one")
    await desk.system().update("account", id_, password="two", region="north")
    fields = [(each["operation"], each["field"]) for each in await desk.changes(id_)]
    assert fields == [("created", "name"), ("updated", "region")]
    table = desk.tables.table("account")
    stored = await desk.database.fetch_text(desk.select(table.c.password))
    assert stored is not None
    assert verify_secret("two", stored)


@pytest.mark.parametrize("tries", [8])
async def test_of_two_who_saw_the_same_version_one_wins(open_desk: OpenDesk, tries: int) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a")
    attempts = (desk.system().update("account", id_, if_version=1, name=f"by {n}") for n in range(tries))
    answers = await asyncio.gather(*attempts, return_exceptions=True)
    refusals = [each for each in answers if isinstance(each, Refusal)]
    assert len(refusals) == tries - 1
    assert {each.code for each in refusals} == {"CONFLICT"}
    row = await desk.row("account", id_)
    assert row["version"] == 2
    assert [each["new"] for each in await desk.changes(id_)] == ['"a"', f'"{row["name"]}"']


async def test_writers_of_different_fields_lose_nothing(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    id_ = await desk.system().new("account", name="a")
    fields = [{"name": "b"}, {"region": "north"}, {"budget": "9"}]
    await asyncio.gather(*(desk.system().update("account", id_, **each) for each in fields))
    row = await desk.row("account", id_)
    assert (row["name"], row["region"], row["budget"], row["version"]) == ("b", "north", Decimal(9), 4)


async def test_a_right_that_is_lost_while_waiting_is_lost(open_desk: OpenDesk) -> None:
    desk = await open_desk(office())
    li, wu = await desk.system().create("user", {"name": "Li"}, {"name": "Wu"})
    id_ = await desk.system().new("account", name="a", owner=li)
    seller = desk.caller({"id": li}, "seller")
    hand_over = desk.system().update("account", id_, owner=wu)
    answers = await asyncio.gather(hand_over, seller.update("account", id_, name="b"), return_exceptions=True)
    row = await desk.row("account", id_)
    lost = isinstance(answers[1], Refusal)
    assert (row["owner"], row["name"]) == (wu, "a" if lost else "b")


async def test_a_warm_write_composes_nothing(open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = await open_desk(office())
    caller = desk.caller({"id": None}, "admin")
    id_ = await caller.new("account", name="a")
    await caller.update("account", id_, name="b", region="c")
    await caller.update_where("account", eq("name", "b"), name="c")
    await caller.delete("account", id_)
    await caller.restore("account", id_)

    def composed(*_: object, **__: object) -> None:
        raise AssertionError("a warm write rendered a statement")

    monkeypatch.setattr("sqlalchemy.sql.elements.CompilerElement.compile", composed)
    id_ = await caller.new("account", name="a")
    await caller.update("account", id_, name="c", region="d")
    await caller.update_where("account", eq("name", "b"), name="d")
    await caller.delete("account", id_)
    await caller.restore("account", id_)
