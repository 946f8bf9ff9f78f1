"""What is earned is a line; what changes afterwards is a further line, never an edit (D79, D91)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest

from salesmode.hookspecs import CommissionLine, Desk, Refusal, Trigger, hookimpl
from salesmode.plugins import provided
from salesmode_commission.ledger import settle
from tests.plugins.commission.world import APP, Company, company


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url) as found:
        yield found


def test_a_paid_contract_earns_its_owner_and_the_manager_above(pay: Company) -> None:
    pay.contract(paid="1000.00")
    (deal,) = pay.lines(rule="deal")
    assert (deal["user"], deal["amount"], deal["base"], deal["rate"]) == ("ann", Decimal("30.00"), 1000, 3)
    assert (deal["occasion"], deal["plan_version"], deal["part"]) == ("earned", "v1", "performance")
    assert pay.earned(rule="overlay") == {"boss": Decimal("5.00")}


def test_a_refund_is_clawed_back_by_new_lines(pay: Company) -> None:
    contract = pay.contract(paid="1000.00")
    pay.make("refund", contract=contract, amount=Decimal("400.00"))
    lines = pay.lines(rule="deal")
    assert [(each["occasion"], each["amount"]) for each in lines] == [
        ("earned", Decimal("30.00")),
        ("clawback", Decimal("-12.00")),
    ]
    pay.make("refund", contract=contract, amount=Decimal("600.00"))
    assert pay.earned() == {"ann": Decimal(0), "boss": Decimal(0)}


def test_what_is_not_signed_any_more_is_earned_no_more(pay: Company) -> None:
    contract = pay.contract(paid="1000.00")
    pay.put("contract", contract, signed_on=None)
    assert pay.earned() == {"ann": Decimal(0), "boss": Decimal(0)}


def test_a_payment_that_is_deleted_or_goes_elsewhere_is_earned_no_more(pay: Company) -> None:
    contract, other = pay.contract("ann"), pay.contract("bob")
    payment = pay.make("payment", contract=contract, amount=Decimal("1000.00"))
    pay.crm.run(lambda desk: desk.delete("payment", [payment]))
    pay.crm.work()
    assert pay.earned(rule="deal") == {"ann": Decimal(0)}
    pay.crm.run(lambda desk: desk.restore("payment", [payment]))
    pay.crm.work()
    assert pay.earned(rule="deal") == {"ann": Decimal("30.00")}
    pay.put("payment", payment, contract=other)
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
    pay.crm.run(lambda desk: desk.delete("payment", [payment]))
    pay.crm.run(lambda desk: desk.delete("contract", [other]))
    pay.crm.work()
    assert pay.earned() == dict.fromkeys(("ann", "bob", "boss"), Decimal(0))


THROUGH = """
---
kind: object
name: invoice
fields:
  name: {type: text, required: true}
  contract: {type: reference, to: contract, inverse: invoices}
---
kind: object
name: receipt
fields:
  invoice: {type: reference, to: invoice, inverse: receipts}
  amount: {type: money, required: true}
"""


def test_records_are_followed_through_others(database_url: str) -> None:
    app = APP.replace(
        "paid: {type: rollup, over: payments, sum: amount}",
        "invoiced: {type: rollup, over: invoices, sum: received}\n"
        "  paid: {type: formula, result: money, expression: invoiced}",
    ).replace("follows: {payment: contract,", "follows: {receipt: invoice.contract, invoice: contract,")
    through = THROUGH.replace(
        "inverse: invoices}", "inverse: invoices}\n  received: {type: rollup, over: receipts, sum: amount}"
    )
    with company(database_url, app + through) as pay:
        bills = [pay.make("invoice", name="I", contract=pay.contract(each)) for each in ("ann", "bob")]
        receipt = pay.make("receipt", invoice=bills[0], amount=Decimal("1000.00"))
        assert pay.earned(rule="deal") == {"ann": Decimal("30.00")}
        pay.put("receipt", receipt, invoice=bills[1])
        assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
        pay.crm.run(lambda desk: desk.delete("receipt", [receipt]))
        pay.crm.work()
        assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal(0)}


def test_credit_grants_split_to_the_cent(pay: Company) -> None:
    contract = pay.contract()
    pay.credit(contract, "ann", "33.33")
    pay.credit(contract, "bob", "33.33")
    pay.credit(contract, "boss", "33.34")
    pay.make("payment", contract=contract, amount=Decimal("1000.05"))
    earned = pay.earned(rule="deal")
    assert sum(earned.values()) == Decimal("30.00")
    assert earned == {"ann": Decimal("10.00"), "bob": Decimal("10.00"), "boss": Decimal("10.00")}


def test_a_new_split_moves_what_was_earned(pay: Company) -> None:
    contract = pay.contract(paid="1000.00")
    pay.credit(contract, "bob", 50)
    pay.crm.work()
    assert pay.earned(rule="deal") == {"ann": Decimal("15.00"), "bob": Decimal("15.00")}
    assert [each["amount"] for each in pay.lines(rule="deal")] == [
        Decimal("30.00"),
        Decimal("-15.00"),
        Decimal("15.00"),
    ]


def test_telling_it_again_changes_nothing(pay: Company) -> None:
    contract = pay.contract(paid="1000.00")
    before = pay.lines()
    again = [Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())]
    assert pay.crm.run(lambda desk: settle(desk, again)) == 0
    assert pay.lines() == before


def test_lines_of_other_plugins_about_the_same_add_up(database_url: str) -> None:
    """The answers of all plugins do, and so does what one of them says twice."""

    class Bonus:
        @hookimpl
        def commission_lines(self, desk: Desk, triggers: Sequence[Trigger]) -> Sequence[CommissionLine]:
            owner = pay.ids["ann"]
            one = {"user": owner, "plan": "sales", "version": "v1", "rule": "bonus", "rate": None}
            made = {**one, "base": Decimal(0), "share": Decimal(1), "reason": "a bonus"}
            return [
                CommissionLine(**made, amount=Decimal(amount), trigger=each)
                for each in triggers
                for amount in ("1.25", "2.50")
            ]

    app = APP.replace("[duplicates, commission]", "[duplicates, commission, bonus]")
    with provided(bonus=Bonus()), company(database_url, app) as pay:
        pay.contract("ann", paid="1000.00")
        pay.contract("ann", paid="1000.00")
        assert pay.earned(rule="bonus") == {"ann": Decimal("7.50")}


def test_the_version_of_the_day_pays(pay: Company) -> None:
    pay.contract(paid="1000.00", signed_on=pay.crm.now.date().replace(month=7))
    assert [(each["plan_version"], each["amount"]) for each in pay.lines()] == [("v2", Decimal("50.00"))]


def test_nobody_changes_or_deletes_a_line(pay: Company) -> None:
    pay.contract(paid="1000.00")
    (line,) = pay.crm.run(lambda desk: desk.read("commission_line", [], where={"rule": "deal"}))
    for attempt in (
        lambda desk: desk.update("commission_line", {line["id"]: {"amount": Decimal(1)}}),
        lambda desk: desk.delete("commission_line", [line["id"]]),
    ):
        with pytest.raises(Refusal, match="FORBIDDEN"):
            pay.crm.run(attempt)


def test_after_a_run_is_locked_lines_go_to_one_that_is_open(pay: Company) -> None:
    contract = pay.contract(paid="1000.00")
    (run,) = pay.crm.run(lambda desk: desk.read("commission_run", ["period"]))
    for stage in ("reviewed", "locked"):
        pay.crm.run(lambda desk, stage=stage: desk.move("commission_run", run["id"], stage))
    pay.make("payment", contract=contract, amount=Decimal("500.00"))
    first, second = pay.lines(rule="deal")
    assert first["run.period"] == run["period"]
    assert second["run.period"] > run["period"]
    assert second["amount"] == Decimal("15.00")
