"""Commission follows the ruling, and is recomputed by new lines when a merge changes it (D71, D72, D79)."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.plugins.commission.world import Company, company

RULE = "mutation($id: ID!) { ruleOnHousehold(id: $id) { id } }"


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url) as found:
        yield found


def ruling(pay: Company, household: str, **shares: str) -> None:
    """A ruling in force, in the place of the one before."""
    former = pay.crm.run(
        lambda desk: desk.read("ownership_ruling", [], where={"record": household, "current": True})
    )
    for each in former:
        pay.put("ownership_ruling", each["id"], current=False)
    pay.make(
        "ownership_ruling",
        object="household",
        record=household,
        rule="ownership",
        clause="manual",
        shares={pay.ids[name]: share for name, share in shares.items()},
        evidence=[],
        reason="By hand",
        at=pay.crm.now,
        facts_until=pay.crm.now,
        occasion="asked",
    )


def test_a_ruling_divides_what_the_contract_earns(pay: Company) -> None:
    household = pay.make("household", name="Li", owner=pay.ids["ann"])
    ruling(pay, household, ann="0.4", bob="0.6")
    pay.contract("ann", paid="1000.00", household=household)
    assert pay.earned(rule="deal") == {"ann": Decimal("12.00"), "bob": Decimal("18.00")}
    assert all(each["ruling"] for each in pay.lines(rule="deal"))


def test_a_new_ruling_is_new_lines(pay: Company) -> None:
    household = pay.make("household", name="Li", owner=pay.ids["ann"])
    pay.contract("ann", paid="1000.00", household=household)
    ruling(pay, household, ann="0.4", bob="0.6")
    assert pay.earned(rule="deal") == {"ann": Decimal("12.00"), "bob": Decimal("18.00")}
    ruling(pay, household, bob="1")
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
    assert [each["amount"] for each in pay.lines(rule="deal")][:1] == [Decimal("30.00")]
    assert sum(each["amount"] for each in pay.lines(rule="deal")) == Decimal("30.00")


def test_a_line_says_whether_a_ruling_or_the_money_made_it(pay: Company) -> None:
    household = pay.make("household", name="Li", owner=pay.ids["ann"])
    contract = pay.contract("ann", paid="1000.00", household=household)
    ruling(pay, household, ann="0.4", bob="0.6")
    pay.make("refund", contract=contract, amount="500.00")
    pay.make("payment", contract=contract, amount="100.00")
    told = [(each["occasion"], each["amount"]) for each in pay.lines(rule="deal", user=pay.ids["ann"])]
    assert told == [
        ("earned", Decimal("30.00")),
        ("ruling", Decimal("-18.00")),
        ("clawback", Decimal("-6.00")),
        ("more", Decimal("1.20")),
    ]
    first, *_ = (each["occasion"] for each in pay.lines(rule="deal", user=pay.ids["bob"]))
    assert first == "ruling"
    pay.contract("ann", paid="1000.00", household=household)
    assert [each["occasion"] for each in pay.lines(rule="deal")][-2:] == ["earned", "earned"]


def test_a_contract_that_goes_to_another_household_follows_its_ruling(pay: Company) -> None:
    one = pay.make("household", name="Li", owner=pay.ids["ann"])
    other = pay.make("household", name="Wang", owner=pay.ids["bob"])
    contract = pay.contract("ann", paid="1000.00", household=one)
    ruling(pay, other, bob="1")
    pay.put("contract", contract, household=other)
    assert pay.earned(rule="deal") == {"ann": Decimal(0), "bob": Decimal("30.00")}
    pay.put("contract", contract, household=one)
    assert pay.earned(rule="deal") == {"ann": Decimal("30.00"), "bob": Decimal(0)}
