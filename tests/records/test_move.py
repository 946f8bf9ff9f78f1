"""Moving a record: the order of stages, gates on the new row, rights; what is remembered, and two at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from salesmode.diagnostics import Refusal
from salesmode.model.object import Validation
from tests.records.conftest import OpenDesk
from tests.records.deals import deals, office, stays
from tests.records.kit import NOW, Caller, Desk, eq, refused
from tests.support.models import SPAN, label

LATER = NOW + timedelta(days=2)

TO, INPUT = ("to",), ("input",)


def at(field: str) -> tuple[str, str]:
    return ("input", field)


async def blocked(attempt: Any) -> list[tuple[Any, str, str | None]]:
    """What is in the way, in the order in which it is told."""
    with pytest.raises(Refusal) as caught:
        await attempt
    assert caught.value.code == "STAGE_BLOCKED", caught.value
    return [(each.path, each.code, each.name) for each in caught.value.problems]


async def test_the_input_and_the_move_are_one_change(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a")
    values = {"amount": "100", "decision_maker": "Wu"}
    manager = desk.caller({"id": li.id}, "manager").at(LATER)
    assert await manager.move("opportunity", id_, "proposal", secret_plan="x", **values) == (id_,)
    row = await desk.row("opportunity", id_)
    assert (row["stage"], row["status"], row["amount"], row["version"]) == (
        "proposal",
        "open",
        Decimal(100),
        2,
    )
    assert (row["stage_since"], row["updated_at"], row["closed_at"]) == (LATER, LATER, None)
    told = [(each["field"], each["old"], each["new"], each["version"]) for each in await desk.changes(id_)]
    assert ("stage", '"qualify"', '"proposal"', 2) in told
    assert ("amount", None, '"100.00"', 2) in told
    assert not any(field in ("stage_since", "closed_at") for field, *_ in told)
    assert await stays(desk, id_) == [
        (None, "qualify", "start", True),
        ("qualify", "proposal", "forward", False),
    ]


async def test_everything_in_the_way_is_told_at_once_and_nothing_is_written(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    customer = await li.new("customer", name="c", grade="a")
    id_ = await li.new("opportunity", pipeline="deal", name="a", customer=customer)
    before, history = await desk.row("opportunity", id_), await stays(desk, id_)
    assert await blocked(li.move("opportunity", id_, "won", customised=True, discount="60")) == [
        (TO, "skip", None),
        (TO, "skip", None),
        (at("amount"), "required", None),
        (at("budget"), "required", None),
        (INPUT, "validation", "visited"),
        (INPUT, "validation", "paid"),
        (INPUT, "modest_discount", None),
    ]
    assert (await desk.row("opportunity", id_), await stays(desk, id_)) == (before, history)


async def test_a_rule_about_where_a_record_stands_is_a_gate_to_it(open_desk: OpenDesk) -> None:
    """A validation of the object, and a field that is required there: of a row that is moved they are told
    as what is in the way, of any other as ever.
    """
    model = deals()
    opportunity = model.objects["opportunity"]
    won = eq("status", "won")
    known = replace(opportunity.fields["review"], required=won, pipelines=None)
    rule = Validation("dated", won, eq("term", 24), label("Two years"), SPAN)
    fields, rules = {**opportunity.fields, "review": known}, (*opportunity.validations, rule)
    objects = {**model.objects, "opportunity": replace(opportunity, fields=fields, validations=rules)}
    desk = await open_desk(replace(model, objects=objects, version="ruled"))
    system = desk.system()
    id_ = await system.new("opportunity", pipeline="renewal", name="a")
    assert await blocked(system.move("opportunity", id_, "won")) == [
        (at("review"), "required", None),
        (INPUT, "validation", "dated"),
    ]
    await system.move("opportunity", id_, "won", review="x", term=24)
    found = await refused(system.update("opportunity", id_, term=12, review=None))
    assert found == ("VALIDATION_FAILED", {(INPUT, "dated"), (at("review"), "required")})


async def test_what_a_field_opens_in_the_same_move_counts(open_desk: OpenDesk) -> None:
    """Gates, branches and skipped stages look at the new row."""
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a", amount="1", decision_maker="Wu")
    manager = desk.caller({"id": li.id}, "manager")
    found = await blocked(manager.move("opportunity", id_, "proposal", customised=True, secret_plan="x"))
    assert found == [(TO, "skip", None)]
    await manager.move("opportunity", id_, "proposal", secret_plan="x")


async def test_a_hidden_field_is_not_named(open_desk: OpenDesk) -> None:
    _, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a", amount="1")
    found = await blocked(li.move("opportunity", id_, "proposal"))
    assert found == [(at("decisionMaker"), "required", None), (INPUT, "required", None)]


async def test_a_branch_exists_for_its_records_alone(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    manager = desk.caller({"id": li.id}, "manager")
    customer = await li.new("customer", name="c", grade="b")
    id_ = await li.new("opportunity", pipeline="deal", name="a", amount="1", customer=customer)
    assert await blocked(manager.move("opportunity", id_, "check")) == [(TO, "branch", None)]
    await manager.move("opportunity", id_, "check", customised=True)
    ready = {"decision_maker": "Wu", "secret_plan": "x"}
    assert await blocked(manager.move("opportunity", id_, "proposal", **ready)) == [
        (at("review"), "required", None)
    ]
    await manager.move("opportunity", id_, "proposal", customised=False, **ready)
    assert (await desk.row("opportunity", id_))["stage"] == "proposal"


async def test_a_validation_of_a_gate_looks_through_relations(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    manager = desk.caller({"id": li.id}, "manager")
    customer = await li.new("customer", name="c", grade="a")
    values = {"customer": customer, "amount": "1", "budget": "1", "customised": True}
    id_ = await li.new("opportunity", pipeline="deal", name="a", **values)
    assert await blocked(manager.move("opportunity", id_, "check")) == [(INPUT, "validation", "visited")]
    await desk.system().new("activity", subject="met", kind="visit", opportunity=id_, at=NOW)
    await manager.move("opportunity", id_, "check")


async def test_a_stage_is_entered_by_its_roles(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    customer = await li.new("customer", name="c", grade="b")
    values = {"customer": customer, "amount": "1", "customised": True}
    id_ = await li.new("opportunity", pipeline="deal", name="a", **values)
    assert await blocked(li.move("opportunity", id_, "check")) == [(TO, "role", None)]
    await desk.caller({"id": li.id}, "engineer").move("opportunity", id_, "check")


async def test_who_may_not_update_may_not_move(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a", amount="1")
    (wu,) = await desk.system().create("user", {"name": "Wu"})
    assert await refused(desk.caller({"id": wu}, "sales").move("opportunity", id_, "lost")) == (
        "FORBIDDEN",
        set(),
    )
    gone = "00000000-0000-7000-8000-000000000000"
    assert await refused(li.move("opportunity", gone, "lost")) == ("NOT_FOUND", set())
    found = await refused(li.move("opportunity", id_, "proposal", secret_plan="x"))
    assert found[0] == "BAD_REQUEST"


async def test_a_role_moves_records_of_its_pipelines(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    renewals = desk.caller({"id": li.id}, "renewals")
    deal = await li.new("opportunity", pipeline="deal", name="a", amount="1")
    renewal = await renewals.new("opportunity", pipeline="renewal", name="b")
    assert await blocked(renewals.move("opportunity", deal, "lost", lost_reason="x")) == [(TO, "role", None)]
    await renewals.update("opportunity", deal, amount="2")
    await renewals.move("opportunity", renewal, "won")
    found = await refused(renewals.new("opportunity", pipeline="express", name="c"))
    assert found == ("FORBIDDEN", {(INPUT, "check")})


async def test_who_may_not_see_the_stage_may_not_move(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a", amount="1")
    blind = desk.caller({"id": li.id}, "blind")
    await blind.update("opportunity", id_, amount="2")
    assert await refused(blind.move("opportunity", id_, "lost")) == ("FORBIDDEN", set())


async def test_the_input_is_read_first(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a")
    found = await refused(li.move("opportunity", id_, "nowhere", amount="x"))
    assert found == ("VALIDATION_FAILED", {(TO, "unknown_option"), (at("amount"), "not_a_number")})
    assert desk.heard == []
    found = await refused(li.move("opportunity", id_, "delivery"))
    assert found == ("VALIDATION_FAILED", {(TO, "not_in_pipeline")})


async def test_a_closed_record_is_reopened_by_those_who_may(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="deal", name="a")
    assert await blocked(li.move("opportunity", id_, "lost")) == [(at("lostReason"), "required", None)]
    await li.at(LATER).move("opportunity", id_, "lost", lost_reason="price")
    row = await desk.row("opportunity", id_)
    assert (row["status"], row["closed_at"]) == ("lost", LATER)
    assert await blocked(li.move("opportunity", id_, "qualify")) == [(TO, "role", None)]
    assert await blocked(li.move("opportunity", id_, "won", amount="1")) == [(TO, "closed", None)]
    await desk.caller({"id": li.id}, "manager").move("opportunity", id_, "qualify")
    row = await desk.row("opportunity", id_)
    assert (row["status"], row["closed_at"]) == ("open", None)
    assert [each[2] for each in await stays(desk, id_)] == ["start", "close", "reopen"]


async def test_a_simple_record_is_won_lost_and_reopened(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    await li.move("opportunity", id_, "won", amount="5")
    row = await desk.row("opportunity", id_)
    assert (row["stage"], row["status"], row["closed_at"]) == (None, "won", NOW)
    assert await blocked(li.move("opportunity", id_, "lost")) == [(TO, "closed", None)]
    await li.move("opportunity", id_, "open")
    assert await stays(desk, id_) == [
        (None, "open", "start", True),
        (None, "won", "close", True),
        (None, "open", "reopen", False),
    ]


async def test_back_skip_and_an_explicit_next(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="express", name="a")
    assert await blocked(li.move("opportunity", id_, "delivery")) == [(TO, "next", None)]
    assert await blocked(li.move("opportunity", id_, "dropped")) == [(TO, "next", None)]
    assert await blocked(li.move("opportunity", id_, "offer")) == [(TO, "next", None)]
    assert await blocked(li.move("opportunity", id_, "contract")) == [(at("amount"), "required", None)]
    await li.move("opportunity", id_, "contract", amount="1")
    await li.move("opportunity", id_, "delivery")
    await li.move("opportunity", id_, "offer")
    await li.move("opportunity", id_, "won")
    assert [each[2] for each in await stays(desk, id_)] == ["start", "forward", "forward", "back", "close"]


async def test_the_way_back_asks_for_what_it_enters(open_desk: OpenDesk) -> None:
    _, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="express", name="a", amount="1", stage="contract")
    await li.move("opportunity", id_, "delivery")
    assert await blocked(li.move("opportunity", id_, "contract", amount=None)) == [
        (at("amount"), "required", None)
    ]
    await li.move("opportunity", id_, "offer", amount=None)


async def test_the_stage_that_is_left_locks_its_fields(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    customer = await li.new("customer", name="c", grade="b")
    values = {"customer": customer, "amount": "1", "customised": True}
    id_ = await li.new("opportunity", pipeline="deal", name="a", **values)
    manager = desk.caller({"id": li.id}, "manager")
    await manager.move("opportunity", id_, "check", amount="2")
    ready = {"review": "fine", "decision_maker": "Wu", "secret_plan": "x"}
    found = await refused(manager.move("opportunity", id_, "proposal", amount="3", **ready))
    assert found == ("FORBIDDEN", {(at("amount"), "locked")})
    await manager.move("opportunity", id_, "proposal", amount="2", **ready)
    await manager.update("opportunity", id_, amount="3")


async def test_tasks_are_made_on_entry(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    manager = desk.caller({"id": li.id}, "manager")
    values = {"amount": "1", "decision_maker": "Wu", "secret_plan": "x", "engineer": li.id}
    id_ = await manager.new("opportunity", pipeline="deal", name="a", **values)
    assert await desk.rows("task") == []
    await manager.at(LATER).move("opportunity", id_, "proposal")
    first, second = sorted(await desk.rows("task"), key=lambda each: str(each["subject"]), reverse=True)
    assert (first["subject"], first["due"], first["assignee"], first["priority"]) == (
        "Write the proposal",
        LATER + timedelta(days=3),
        li.id,
        "high",
    )
    assert (second["subject"], second["due"], second["assignee"], second["priority"]) == (
        "Call",
        None,
        None,
        "normal",
    )
    assert {first["opportunity"], second["opportunity"]} == {id_}
    assert [each["operation"] for each in await desk.changes(first["id"])][:1] == ["created"]


async def test_a_comment_stays_with_the_stay(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    await li.move("opportunity", id_, "lost", comment="too dear")
    assert [(each["comment"], each["by"]) for each in await desk.rows("stage_change")] == [
        (None, li.id),
        ("too dear", li.id),
    ]


async def test_a_stale_version_is_a_conflict(open_desk: OpenDesk) -> None:
    _, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    found = await refused(li.move("opportunity", id_, "won", if_version=2))
    assert found == ("CONFLICT", {(("ifVersion",), "version")})
    await li.move("opportunity", id_, "won", if_version=1)


async def test_of_two_at_once_the_second_sees_what_the_first_did(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    id_ = await li.new("opportunity", pipeline="renewal", name="a")
    attempts = (li.move("opportunity", id_, "won"), li.move("opportunity", id_, "lost"))
    found = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(each) for each in found].count(Refusal) == 1
    assert len(await stays(desk, id_)) == 2


async def test_administrators_move_past_roles_but_not_past_gates(open_desk: OpenDesk) -> None:
    desk, li = await office(open_desk)
    admin = desk.caller({"id": li.id}, "admin")
    id_ = await li.new("opportunity", pipeline="deal", name="a", lost_reason="x", amount="1")
    await admin.move("opportunity", id_, "lost")
    await admin.move("opportunity", id_, "qualify")
    found = await blocked(admin.move("opportunity", id_, "check"))
    assert found == [(TO, "branch", None), (INPUT, "validation", "graded")]


def data(desk: Desk) -> int:
    return len([each for each in desk.heard if not each.startswith(("SAVEPOINT", "RELEASE"))])


async def test_a_move_takes_so_many_statements_whatever_it_asks(open_desk: OpenDesk) -> None:
    """Lock, update, judge; the stay that ends, the one that begins; history."""
    desk, li = await office(open_desk)
    renewal = await li.new("opportunity", pipeline="renewal", name="a")
    await li.move("opportunity", renewal, "won")
    assert data(desk) <= 6
    customer = await li.new("customer", name="c", grade="b")
    values = {"customer": customer, "amount": "1", "customised": True}
    deal = await li.new("opportunity", pipeline="deal", name="b", **values)
    await manager_of(desk, li).move("opportunity", deal, "check")
    assert data(desk) == 6


def manager_of(desk: Desk, caller: Caller) -> Caller:
    return desk.caller({"id": caller.id}, "manager")
