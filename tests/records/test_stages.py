"""Every other write of records with pipelines: where they begin, what applies to them, what a stage locks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from salesmode.diagnostics import MetadataError
from salesmode.model.app import UserData
from salesmode.records import transfer_ownership
from salesmode.records.user_data import load_user_data
from salesmode.tables import tables_of
from tests.records.conftest import OpenDesk
from tests.records.deals import deals, office, stays
from tests.records.kit import NOW, Desk, eq, refused
from tests.records.test_move import at, blocked, data
from tests.support.models import SPAN

LATER = NOW + timedelta(days=2)
STAGE = ("input", "stage")


async def test_a_record_begins_at_the_first_start_unless_told(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    ids = await li.create(
        "opportunity",
        {"pipeline": "express", "name": "a"},
        {"pipeline": "express", "name": "b", "stage": "contract", "amount": "1"},
        {"pipeline": "renewal", "name": "c"},
        {"pipeline": "deal", "name": "d", "stage": None},
    )
    rows = [await desk.row("opportunity", each) for each in ids]
    kept = ("pipeline", "stage", "status", "stage_since", "closed_at")
    assert [tuple(row[name] for name in kept) for row in rows] == [
        ("express", "offer", "open", NOW, None),
        ("express", "contract", "open", NOW, None),
        ("renewal", None, "open", NOW, None),
        ("deal", "qualify", "open", NOW, None),
    ]
    assert await stays(desk, ids[1]) == [(None, "contract", "start", False)]
    told = [(each["field"], each["new"]) for each in await desk.changes(ids[0])]
    assert {("pipeline", '"express"'), ("stage", '"offer"'), ("status", '"open"')} <= set(told)


async def test_where_a_record_cannot_begin(open_desk: OpenDesk) -> None:
    _, li = await office(open_desk)
    found = await refused(
        li.create(
            "opportunity",
            {"name": "a"},
            {"pipeline": "deal", "name": "b", "stage": "proposal"},
            {"pipeline": "deal", "name": "c", "stage": "offer"},
            {"pipeline": "renewal", "name": "d", "stage": "qualify"},
            {"pipeline": "nothing", "name": "e", "stage": "nowhere"},
        )
    )
    assert found == (
        "VALIDATION_FAILED",
        {
            (("input", 0, "pipeline"), "required"),
            (("input", 1, "stage"), "start"),
            (("input", 2, "stage"), "not_in_pipeline"),
            (("input", 3, "stage"), "not_in_pipeline"),
            (("input", 4, "pipeline"), "unknown_option"),
            (("input", 4, "stage"), "unknown_option"),
        },
    )


@pytest.mark.parametrize("name", ["status", "stage_since", "closed_at"])
async def test_what_the_engine_keeps_is_nobodys_to_write(open_desk: OpenDesk, name: str) -> None:
    desk, li = await office(open_desk)
    for caller in (li, desk.caller({"id": li.id}, "admin"), desk.system()):
        attempt = caller.new("opportunity", pipeline="renewal", name="a", **{name: "won"})
        assert (await refused(attempt))[0] == "BAD_REQUEST"


@pytest.mark.parametrize("name", ["pipeline", "stage", "status", "stage_since", "closed_at"])
async def test_an_update_moves_nothing(open_desk: OpenDesk, name: str) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    for caller in (li, desk.caller({"id": li.id}, "admin"), desk.system()):
        assert (await refused(caller.update("opportunity", id_, **{name: "won"})))[0] == "BAD_REQUEST"


async def test_a_thousand_rows_pass_their_own_entry_gates(open_desk: OpenDesk) -> None:
    """Many stages, one statement that judges, and not one more for a thousand rows than for three."""
    desk, li = await office(open_desk)
    kinds: list[dict[str, Any]] = [
        {"pipeline": "express", "stage": "contract", "amount": "1"},
        {"pipeline": "renewal"},
        {"pipeline": "deal", "amount": None},
    ]
    few = [{**kind, "name": f"a{number}"} for number, kind in enumerate(kinds)]
    await li.create("opportunity", *few)
    heard = data(desk)
    many = [{**kinds[number % 3], "name": f"b{number}"} for number in range(1000)]
    await li.create("opportunity", *many)
    assert data(desk) == heard
    assert len(await desk.rows("stage_change")) == 1003
    wrong = [{**kind, "name": f"c{number}", "amount": None} for number, kind in enumerate(kinds)]
    found = await blocked(li.create("opportunity", *wrong))
    assert found == [(("input", 0, "amount"), "required", None)]
    assert len(await desk.rows("opportunity")) == 1003


async def test_nested_records_begin_like_any_other(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    inner = [
        {"pipeline": "deal", "name": "a"},
        {"pipeline": "express", "name": "b", "stage": "contract"},
    ]
    found = await blocked(li.new("customer", name="c", opportunities={"create": inner}))
    assert found == [(("input", "opportunities", "create", 1, "amount"), "required", None)]
    await li.new("customer", name="c", opportunities={"create": inner[:1]})
    (row,) = await desk.rows("opportunity")
    assert (row["stage"], await stays(desk, row["id"])) == ("qualify", [(None, "qualify", "start", False)])


async def test_a_stage_that_asks_for_roles_is_not_begun_in_without(open_desk: OpenDesk) -> None:
    model = deals()
    pipeline = model.pipelines["express"]
    guarded = tuple(replace(each, roles=("manager",)) for each in pipeline.stages)
    pipelines = {**model.pipelines, "express": replace(pipeline, stages=guarded)}
    desk = await open_desk(replace(model, pipelines=pipelines, version="guarded"))
    (id_,) = await desk.system().create("user", {"name": "Li"})
    li = desk.caller({"id": id_}, "sales")
    assert await blocked(li.new("opportunity", pipeline="express", name="a")) == [(STAGE, "role", None)]
    await desk.caller({"id": id_}, "manager").new("opportunity", pipeline="express", name="a")


async def test_fields_and_options_that_a_pipeline_does_not_have(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    found = await refused(
        li.create(
            "opportunity",
            {"pipeline": "renewal", "name": "a", "budget": "1", "term": 3},
            {"pipeline": "deal", "name": "b", "term": 3, "source": "fair"},
            {"pipeline": "deal", "name": "c", "term": None, "source": "web"},
        )
    )
    assert found == (
        "VALIDATION_FAILED",
        {
            (("input", 0, "budget"), "not_in_pipeline"),
            (("input", 1, "term"), "not_in_pipeline"),
            (("input", 1, "source"), "option_when"),
        },
    )
    deal, renewal = await li.create(
        "opportunity", {"pipeline": "deal", "name": "b"}, {"pipeline": "renewal", "name": "a"}
    )
    assert [(await desk.row("opportunity", each))["term"] for each in (deal, renewal)] == [None, 12]
    found = await refused(li.update("opportunity", deal, term=3, source="fair"))
    assert found == (
        "VALIDATION_FAILED",
        {(at("term"), "not_in_pipeline"), (at("source"), "option_when")},
    )
    found = await refused(li.update_where("opportunity", eq("name", "a"), budget="1"))
    assert found == ("VALIDATION_FAILED", {(at("budget"), "not_in_pipeline")})
    await li.update("opportunity", renewal, term=3)


async def deal_in_check(desk: Desk, li: Any) -> str:
    customer = await li.new("customer", name="c", grade="b")
    values = {"customer": customer, "amount": "1", "customised": True}
    id_: str = await li.new("opportunity", pipeline="deal", name="a", **values)
    await desk.caller({"id": li.id}, "engineer").move("opportunity", id_, "check")
    return id_


async def test_a_stage_locks_its_fields(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await deal_in_check(desk, li)
    locked = ("FORBIDDEN", {(at("amount"), "locked")})
    for caller in (li, desk.caller({"id": li.id}, "admin"), desk.system()):
        assert await refused(caller.update("opportunity", id_, amount="2")) == locked
    assert await refused(li.update_where("opportunity", eq("name", "a"), amount="2")) == locked
    await li.update("opportunity", id_, amount="1", review="fine")
    assert (await desk.row("opportunity", id_))["review"] == "fine"


async def test_an_upsert_into_another_stage_is_a_move(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    await li.create(
        "opportunity", {"pipeline": "express", "name": "a"}, {"pipeline": "deal", "name": "b", "amount": "1"}
    )
    wrong = [
        {"pipeline": "express", "name": "a", "stage": "contract"},
        {"name": "b", "stage": "negotiate", "pipeline": "deal"},
        {"name": "c", "pipeline": "express", "stage": "contract"},
    ]
    assert await blocked(li.upsert("opportunity", ["name"], *wrong)) == [
        (("input", 0, "amount"), "required", None),
        (("input", 1, "stage"), "skip", None),
        (("input", 2, "amount"), "required", None),
    ]
    right = [
        {"pipeline": "express", "name": "a", "stage": "contract", "amount": "1"},
        {"name": "b", "pipeline": "deal", "stage": "qualify", "budget": "7"},
        {"name": "c", "pipeline": "express", "stage": "contract", "amount": "2"},
    ]
    a, b, c = await li.at(LATER).upsert("opportunity", ["name"], *right)
    assert [each[1:3] for each in await stays(desk, a)] == [("offer", "start"), ("contract", "forward")]
    assert [each[1:3] for each in await stays(desk, b)] == [("qualify", "start")]
    assert [each[1:3] for each in await stays(desk, c)] == [("contract", "start")]
    rows = {each["id"]: each for each in await desk.rows("opportunity")}
    assert [rows[each]["stage_since"] for each in (a, b, c)] == [LATER, NOW, LATER]
    assert [rows[each]["version"] for each in (a, b, c)] == [2, 2, 1]


async def test_an_upsert_changes_no_pipeline(open_desk: OpenDesk) -> None:
    _, li = await office(open_desk)
    await li.new("opportunity", pipeline="express", name="a")
    found = await refused(li.upsert("opportunity", ["name"], {"name": "a", "pipeline": "deal"}))
    assert found == ("VALIDATION_FAILED", {(("input", 0, "pipeline"), "readonly")})
    found = await refused(li.upsert("opportunity", ["name"], {"name": "a", "stage": "qualify"}))
    assert found == ("VALIDATION_FAILED", {(("input", 0, "stage"), "not_in_pipeline")})


async def test_an_upsert_without_the_right_to_see_the_stage_is_forbidden(open_desk: OpenDesk) -> None:
    """Whether the stage is the one that was said or another: the answer does not tell."""
    desk, li = await office(open_desk)
    await li.new("opportunity", pipeline="express", name="a", amount="1")
    founder = desk.caller({"id": li.id}, "founder")
    for stage in ("offer", "contract", "delivery"):
        found = await refused(founder.upsert("opportunity", ["name"], {"name": "a", "stage": stage}))
        assert found == ("FORBIDDEN", set())
    await founder.upsert("opportunity", ["name"], {"name": "a", "amount": "2"})


def loaded(*records: dict[str, Any]) -> Any:
    data = UserData("pool", "opportunity", ("name",), records, replace(SPAN, file="pool.yaml"))
    return replace(deals(), user_data=(data,))


async def test_user_data_is_held_to_the_same(open_desk: OpenDesk) -> None:
    desk = await open_desk(loaded({"name": "a", "pipeline": "express", "stage": "contract", "amount": "1"}))
    environment = desk.system().environment
    await desk.database.run(lambda: load_user_data(desk.tables, environment))
    (row,) = await desk.rows("opportunity")
    assert (row["stage"], await stays(desk, row["id"])) == ("contract", [(None, "contract", "start", False)])
    await desk.database.run(lambda: load_user_data(desk.tables, environment))
    assert (await desk.row("opportunity", row["id"]))["version"] == 1
    later = tables_of(loaded({"name": "a", "stage": "delivery", "pipeline": "express"}), desk.tables.dialect)
    await desk.database.run(lambda: load_user_data(later, environment))
    assert [each[2] for each in await stays(desk, row["id"])] == ["start", "forward"]
    wrong = tables_of(loaded({"name": "b", "pipeline": "express", "stage": "contract"}), desk.tables.dialect)
    with pytest.raises(MetadataError):
        await desk.database.run(lambda: load_user_data(wrong, environment))
    assert len(await desk.rows("opportunity")) == 1


async def test_a_stay_goes_and_comes_with_its_record(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    admin = desk.caller({"id": li.id}, "admin")
    await admin.delete("opportunity", id_)
    assert await desk.rows("stage_change") == []
    await admin.restore("opportunity", id_)
    assert len(await stays(desk, id_)) == 1


async def test_ownership_goes_over_in_any_stage(open_desk: OpenDesk) -> None:
    """It is no change that a stage could lock."""
    desk, li = await office(open_desk)
    id_ = await deal_in_check(desk, li)
    (wu,) = await desk.system().create("user", {"name": "Wu"})
    admin = desk.caller({"id": li.id}, "admin")
    assert await refused(admin.update("opportunity", id_, owner=wu)) == (
        "FORBIDDEN",
        {(at("owner"), "locked")},
    )
    await admin.run(lambda: transfer_ownership(admin.scope, str(li.id), wu, admin.environment))
    assert (await desk.row("opportunity", id_))["owner"] == wu
