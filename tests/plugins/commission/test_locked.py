"""What is locked stays as it is on every path, and what happens later goes to a run that is open (D91)."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from salesmode.hookspecs import Desk, Refusal, Trigger
from salesmode.testing import Refused
from salesmode_commission.ledger import settle
from tests.plugins.commission.world import APP, Company, company

FINANCE = """
---
kind: role
name: finance
inherits: [boss]
objects:
  commission_run: {read: true, update: true, delete: true, fields: {default: write}}
  commission_line: {read: true, update: true, delete: true, fields: {default: write}}
"""

VALUES = {
    **dict.fromkeys(("plan", "plan_version", "rule", "object", "record", "reason"), "x"),
    "occasion": "earned",
    "on": date(2026, 3, 1),
    "base": 0,
    "share": 1,
    "amount": Decimal(1),
}


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url, APP + FINANCE) as found:
        found.crm.user("boss", "finance")
        yield found


def lock(pay: Company) -> dict[str, Any]:
    (run,) = pay.crm.run(lambda desk: desk.read("commission_run", ["period"], where={"stage": "draft"}))
    for stage in ("reviewed", "locked"):
        pay.boss.move("commission_run", run["id"], stage)
    return dict(run)


def locked_total(pay: Company, run: dict[str, Any]) -> Decimal:
    (row,) = pay.crm.run(lambda desk: desk.read("commission_run", ["total"], ids=[run["id"]]))
    return Decimal(row["total"])


@pytest.mark.parametrize(
    "attempt",
    [
        lambda desk, run, line: desk.delete("commission_run", [run]),
        lambda desk, run, line: desk.update("commission_run", {run: {"period": date(2026, 2, 1)}}),
        lambda desk, run, line: desk.update("commission_run", {run: {"plan": "other"}}),
        lambda desk, run, line: desk.create(
            "commission_line", [{**VALUES, "run": run, "user": line["user"]}]
        ),
        lambda desk, run, line: desk.delete("commission_line", [line["id"]]),
        lambda desk, run, line: desk.update("commission_line", {line["id"]: {"amount": Decimal(1)}}),
    ],
)
def test_not_even_the_system_changes_it(pay: Company, attempt: Callable[..., Any]) -> None:
    pay.contract(paid="1000.00")
    run = lock(pay)

    def work(desk: Desk) -> Any:
        (line,) = yield from desk.read("commission_line", ["user"], where={"rule": "deal"})
        yield from attempt(desk, run["id"], line)

    with pytest.raises(Refusal, match="FORBIDDEN"):
        pay.crm.run(work)
    assert locked_total(pay, run) == Decimal("35.00")


def test_a_role_that_may_do_everything_changes_none_of_it(pay: Company) -> None:
    pay.contract(paid="1000.00")
    run = lock(pay)
    (line,) = pay.crm.run(lambda desk: desk.read("commission_line", [], where={"rule": "deal"}))
    for name, id_ in (("Run", run["id"]), ("Line", line["id"])):
        text = f"mutation($id: ID!) {{ deleteCommission{name}(id: $id) {{ __typename }} }}"
        with pytest.raises(Refused) as refused:
            pay.boss.ask(text, id=id_)
        assert refused.value.codes == ("FORBIDDEN",)
    pay.boss.update("commission_run", run["id"], notes="paid on Friday")
    assert locked_total(pay, run) == Decimal("35.00")


def test_a_run_that_was_dropped_takes_no_lines(pay: Company) -> None:
    row = {"plan": "sales", "period": date(2026, 3, 1), "ends_before": date(2026, 4, 1)}
    (dropped,) = pay.crm.run(lambda desk: desk.create("commission_run", [row]))
    pay.boss.move("commission_run", dropped, "dropped")
    pay.contract(paid="1000.00")
    assert {each["run.period"] for each in pay.lines()} == {date(2026, 4, 1)}
    with pytest.raises(Refused) as refused:
        pay.boss.ask('mutation { runCommission(plan: "sales", period: "2026-03-01") { id } }')
    assert refused.value.codes == ("CONFLICT",)


def test_who_earned_it_in_a_run_that_is_locked_keeps_it(pay: Company) -> None:
    """A hand-over of records, or another manager, takes nothing from who was paid; a refund does."""
    contract = pay.contract("ann", paid="1000.00")
    pay.put("contract", contract, owner=pay.ids["bob"])
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
    lock(pay)
    pay.put("contract", contract, owner=pay.ids["ann"])
    pay.put("user", pay.ids["bob"], manager=pay.ids["ann"])
    pay.make("refund", contract=contract, amount=Decimal("100.00"))
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("27.00")}
    assert pay.earned(rule="overlay") == {"boss": Decimal("4.50")}


@pytest.mark.parametrize("locked", [True, False])
def test_what_a_plan_paid_that_is_no_more_stays_where_it_is_locked(
    database_url: str, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking an old plan away takes back nothing that was paid; a draft follows."""
    with company(database_url, APP + FINANCE) as pay:
        pay.crm.user("boss", "finance")
        contract = pay.contract("ann", paid="1000.00")
        if locked:
            lock(pay)
        former = [Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())]
        monkeypatch.delitem(pay.crm.model.extensions["commission_plan"], "sales")  # type: ignore[arg-type]
        pay.crm.run(lambda desk: settle(desk, former))
        assert pay.earned(rule="deal") == {"ann": Decimal("30.00" if locked else "0.00")}


def test_credit_that_is_granted_moves_what_was_earned_before(pay: Company) -> None:
    contract = pay.contract("ann", paid="1000.00")
    run = lock(pay)
    pay.credit(contract, "bob", 100)
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
    assert locked_total(pay, run) == Decimal("35.00")


def test_a_refund_of_all_in_a_later_period_leaves_exactly_nothing(pay: Company) -> None:
    contract = pay.contract("ann", paid="333.33")
    first = lock(pay)
    pay.crm.pass_time("+40d")
    pay.make("refund", contract=contract, amount=Decimal("333.33"))
    assert pay.earned(rule="deal") == {"ann": Decimal(0)}
    assert locked_total(pay, first) == Decimal("11.67")
    (back,) = [each for each in pay.lines(rule="deal") if each["occasion"] == "clawback"]
    assert back["run.period"] == date(2026, 4, 1)
