"""Whatever happens in whatever order: the ledger says what is earned by now; told again, nothing changes."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings, strategies as st

from salesmode.hookspecs import CommissionLine, Trigger
from salesmode_commission.earnings import earned_lines
from salesmode_commission.ledger import settle
from tests.plugins.commission.world import Company, company

MONEY = st.integers(1, 500_000).map(lambda each: Decimal(each).scaleb(-2))
PEOPLE = st.sampled_from(["ann", "bob", "boss"])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("payment"), MONEY),
        st.tuples(st.just("refund"), MONEY),
        st.tuples(st.just("owner"), PEOPLE),
        st.tuples(st.just("credit"), PEOPLE, st.integers(1, 33)),
        st.tuples(
            st.just("unsigned"),
        ),
        st.tuples(
            st.just("signed"),
        ),
    ),
    min_size=1,
    max_size=8,
)


def happen(pay: Company, contract: str, event: tuple[object, ...]) -> None:
    match event:
        case ("payment" | "refund" as kind, Decimal() as amount):
            pay.make(kind, contract=contract, amount=amount)
        case ("owner", str(who)):
            pay.put("contract", contract, owner=pay.ids[who])
        case ("credit", str(who), int(share)):
            pay.credit(contract, who, share)
        case ("unsigned",):
            pay.put("contract", contract, signed_on=None)
        case ("signed",):
            pay.put("contract", contract, signed_on=pay.crm.now.date())


def due(pay: Company, contract: str) -> dict[tuple[str, str], Decimal]:
    trigger = Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())
    lines: list[CommissionLine] = pay.crm.run(lambda desk: earned_lines(desk, [trigger]))
    return {(each.rule, each.user): each.amount for each in lines if each.amount}


def booked(pay: Company) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for each in pay.lines():
        key = each["rule"], pay.ids[each["user"]]
        found[key] = found.get(key, Decimal(0)) + each["amount"]
    return {key: amount for key, amount in found.items() if amount}


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_the_ledger_is_what_is_earned_and_a_replay_adds_nothing(events: list[tuple[object, ...]]) -> None:
    with company() as pay:
        contract = pay.contract()
        for each in events:
            happen(pay, contract, each)
        assert booked(pay) == due(pay, contract)
        shared = sum((amount for (rule, _), amount in booked(pay).items() if rule == "deal"), Decimal(0))
        (row,) = pay.crm.run(lambda desk: desk.read("contract", ["kept", "signed_on"]))
        whole = (row["kept"] * 3 / 100).quantize(Decimal("0.01")) if row["signed_on"] else Decimal(0)
        assert shared == whole
        again = [Trigger(kind="record", object="contract", record=contract, on=pay.crm.now.date())]
        assert pay.crm.run(lambda desk: settle(desk, again)) == 0
