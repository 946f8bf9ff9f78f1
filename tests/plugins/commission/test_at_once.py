"""Runs, payments and locks that meet: nothing is paid twice, and nothing gets into a run that is locked."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from salesmode.hookspecs import Refusal, Trigger
from salesmode.testing import Refused
from salesmode_commission.ledger import settle
from tests.plugins.commission.world import Company, company

RUN = 'mutation { runCommission(plan: "sales", period: "2026-03-01") { id } }'
TIMES = 8


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url) as found:
        yield found


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of them gives, or the refusal that it met."""

    def tried(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (Refused, Refusal) as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return [*pool.map(tried, works)]


def test_runs_of_one_period_at_once_pay_once(pay: Company) -> None:
    pay.contract("ann", paid="6000.00")
    found = at_once(*[lambda: pay.boss.ask(RUN)] * TIMES)
    assert any(isinstance(each, dict) for each in found)
    assert all("CONFLICT" in str(each) for each in found if not isinstance(each, dict)), found
    assert pay.earned(rule="base") == {"ann": Decimal("5000.00"), "bob": Decimal("5000.00")}
    assert pay.earned(rule="volume") == {"ann": Decimal("120.00")}
    assert len(pay.crm.run(lambda desk: desk.read("commission_run", []))) == 1


def test_a_record_that_is_settled_twice_at_once_is_paid_once(pay: Company) -> None:
    row = {"name": "C", "owner": pay.ids["ann"], "signed_on": pay.crm.now.date()}
    (contract,) = pay.crm.run(lambda desk: desk.create("contract", [row]))
    payment = {"contract": contract, "amount": Decimal("1000.00")}
    pay.crm.run(lambda desk: desk.create("payment", [payment]))
    told = [Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())]
    at_once(*[lambda: pay.crm.run(lambda desk: settle(desk, told))] * TIMES)
    pay.crm.work()
    assert [each["amount"] for each in pay.lines(rule="deal")] == [Decimal("30.00")]
    (paid,) = _all(pay, "payment")
    pay.crm.run(lambda desk: desk.delete("payment", [paid["id"]]))
    pay.crm.run(lambda desk: desk.delete("contract", [contract]))
    at_once(*[lambda: pay.crm.run(lambda desk: settle(desk, told))] * TIMES)
    pay.crm.work()
    assert [each["amount"] for each in pay.lines(rule="deal")] == [Decimal("30.00"), Decimal("-30.00")]


def test_what_is_paid_while_a_run_is_locked_goes_into_it_before_or_not_at_all(pay: Company) -> None:
    contracts = [pay.contract("ann", paid="1000.00") for _ in range(TIMES)]
    (run,) = _all(pay, "commission_run")
    pay.boss.move("commission_run", run["id"], "reviewed")
    for each in contracts:
        row = {"contract": each, "amount": Decimal("100.00")}
        pay.crm.run(lambda desk, row=row: desk.create("payment", [row]))

    def settling(contract: str) -> Callable[[], Any]:
        told = [Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())]
        return lambda: pay.crm.run(lambda desk: settle(desk, told))

    def locking() -> Decimal:
        pay.boss.move("commission_run", run["id"], "locked")
        return _total(pay, run["id"])

    works = [settling(each) for each in contracts]
    found = at_once(*works[: TIMES // 2], locking, *works[TIMES // 2 :])
    assert _total(pay, run["id"]) == found[TIMES // 2]
    pay.crm.work()
    assert _total(pay, run["id"]) == found[TIMES // 2]
    assert pay.earned(rule="deal") == {"ann": TIMES * Decimal("33.00")}


def _all(pay: Company, name: str) -> list[Any]:
    return pay.crm.run(lambda desk: desk.read(name, []))


def _total(pay: Company, run: str) -> Decimal:
    (row,) = pay.crm.run(lambda desk: desk.read("commission_run", ["total"], ids=[run]))
    return Decimal(row["total"])
