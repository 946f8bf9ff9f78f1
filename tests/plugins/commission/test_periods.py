"""What people earn for a period: base pay, process volume, tiers, accelerators, levels (D57)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from salesmode.testing import Refused
from tests.plugins.commission.world import APP, Company, company

MARCH = date(2026, 3, 1)
RUN = """mutation($period: Date!) {
  runCommission(plan: "sales", period: $period) { id period total stage { name } } }"""


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url) as found:
        yield found


def run(pay: Company, period: date = MARCH) -> dict[str, object]:
    found: dict[str, object] = pay.boss.ask(RUN, period=period.isoformat())["runCommission"]
    return found


def amounts(pay: Company, rule: str) -> dict[str, Decimal]:
    return pay.earned(rule=rule)


def test_everybody_whom_the_plan_is_for_gets_base_pay_once(pay: Company) -> None:
    run(pay)
    run(pay)
    assert amounts(pay, "base") == {"ann": Decimal("5000.00"), "bob": Decimal("5000.00")}
    assert len(pay.lines(rule="base")) == 2


def test_process_volume_counts_and_is_capped(pay: Company) -> None:
    for kind in ("call", "call", "call", "visit"):
        pay.make("activity", kind=kind, subject="S", user=pay.ids["ann"], at=pay.crm.now)
    pay.make("activity", kind="call", subject="S", user=pay.ids["bob"], at=pay.crm.now)
    run(pay)
    assert amounts(pay, "calls") == {"ann": Decimal("5.00"), "bob": Decimal("2.00")}


def test_the_whole_is_paid_at_the_rate_that_it_reaches(pay: Company) -> None:
    pay.contract("ann", paid="4000.00")
    pay.contract("ann", paid="2000.00")
    pay.contract("bob", paid="999.00")
    run(pay)
    assert amounts(pay, "volume") == {"ann": Decimal("120.00")}


def test_a_reached_quota_accelerates(pay: Company) -> None:
    pay.make("quota", target="kept", user=pay.ids["ann"], starts_on=MARCH, amount=Decimal(5000))
    pay.make("quota", target="kept", user=pay.ids["bob"], starts_on=MARCH, amount=Decimal(9000))
    pay.contract("ann", paid="6000.00")
    pay.contract("bob", paid="6000.00")
    run(pay)
    assert amounts(pay, "volume") == {"ann": Decimal("180.00"), "bob": Decimal("120.00")}


def test_what_changes_before_it_is_locked_is_settled_anew(pay: Company) -> None:
    contract = pay.contract("ann", paid="6000.00")
    run(pay)
    pay.make("refund", contract=contract, amount=Decimal("2000.00"))
    run(pay)
    assert [each["amount"] for each in pay.lines(rule="volume")] == [Decimal("120.00"), Decimal("-80.00")]


def test_a_locked_run_is_not_computed_again(pay: Company) -> None:
    id_ = str(run(pay)["id"])
    for stage in ("reviewed", "locked"):
        pay.boss.move("commission_run", id_, stage)
    with pytest.raises(Refused) as refused:
        run(pay)
    assert refused.value.codes == ("CONFLICT",)
    assert refused.value.problems[0]["code"] == "locked"


def test_the_clock_computes_the_month_that_is_over_once(pay: Company) -> None:
    pay.contract("ann", paid="6000.00")
    pay.crm.pass_time("+40d")
    assert amounts(pay, "volume") == {"ann": Decimal("120.00")}
    paid = [(each["run.period"], each["user"]) for each in pay.lines(rule="base")]
    assert sorted(paid) == [(MARCH, "ann"), (MARCH, "bob")]


def test_nobody_is_paid_for_a_month_in_which_nobody_was_there(pay: Company) -> None:
    pay.crm.pass_time("+2d")
    assert pay.lines(rule="base") == []
    assert pay.crm.run(lambda desk: desk.read("commission_run", [])) == []


def test_people_are_graded_by_the_month_before(pay: Company) -> None:
    pay.contract("ann", paid="12000.00")
    pay.crm.pass_time("+40d")
    rows = pay.crm.run(lambda desk: desk.read("commission_level", ["user", "level", "since"]))
    assert [(each["user"], each["level"], each["since"]) for each in rows] == [
        (pay.ids["ann"], "senior", date(2026, 4, 1))
    ]
    run(pay, date(2026, 4, 1))
    april = [each for each in pay.lines(rule="base") if each["run.period"] == date(2026, 4, 1)]
    assert {each["user"]: each["amount"] for each in april} == {
        "ann": Decimal("8000.00"),
        "bob": Decimal("5000.00"),
    }


def test_who_was_never_graded_has_the_first_level(database_url: str) -> None:
    """As whoever was graded down to it."""
    app = APP.replace("by_level: {senior: 8000}", "by_level: {junior: 4000, senior: 8000}")
    app = app.replace("rate: 3\n", "rate: 3\n        by_level: {junior: 2}\n", 1)
    with company(database_url, app) as pay:
        pay.contract("ann", paid="1000.00")
        run(pay)
        assert amounts(pay, "base") == {"ann": Decimal("4000.00"), "bob": Decimal("4000.00")}
        assert amounts(pay, "deal") == {"ann": Decimal("20.00")}


def test_a_cap_holds_for_what_is_accelerated(database_url: str) -> None:
    app = APP.replace("accelerate: {target: kept", "cap: 150\n        accelerate: {target: kept")
    with company(database_url, app) as pay:
        pay.make("quota", target="kept", user=pay.ids["ann"], starts_on=MARCH, amount=Decimal(5000))
        pay.contract("ann", paid="6000.00")
        run(pay)
        assert amounts(pay, "volume") == {"ann": Decimal("150.00")}


def test_a_run_settles_the_records_of_its_period_whatever_it_was_told_of(database_url: str) -> None:
    """Records may be older than the plan, or have come in past the hooks: here nobody follows payments."""
    app = APP.replace("follows: {payment: contract, refund: contract}", "follows: {refund: contract}")
    with company(database_url, app) as pay:
        for day in (date(2026, 2, 28), MARCH, date(2026, 3, 31), date(2026, 4, 1)):
            pay.contract("ann", signed_on=day, paid="1000.00")
        assert pay.lines(rule="deal") == []
        run(pay)
        run(pay)
        assert [(each["on"], each["amount"]) for each in pay.lines(rule="deal")] == [
            (MARCH, Decimal("30.00")),
            (date(2026, 3, 31), Decimal("30.00")),
        ]


WEEKLY = APP.replace(
    "      - name: calls\n",
    "      - {name: weekly, part: process, per: week, amount: 10}\n      - name: calls\n",
)


def test_a_month_that_begins_on_a_monday_pays_for_the_month_and_for_the_week(database_url: str) -> None:
    with company(database_url, WEEKLY) as pay:
        for _ in range(2):
            run(pay, date(2026, 6, 1))
            assert amounts(pay, "base") == {"ann": Decimal("5000.00"), "bob": Decimal("5000.00")}
            assert amounts(pay, "weekly") == {"ann": Decimal("40.00"), "bob": Decimal("40.00")}
        assert len(pay.lines()) == 10


def test_a_week_is_paid_with_the_month_in_which_it_ends(database_url: str) -> None:
    with company(database_url, WEEKLY) as pay:
        run(pay, MARCH)
        run(pay, date(2026, 4, 1))
        weeks = [each for each in pay.lines(rule="weekly") if each["on"] == date(2026, 3, 30)]
        assert {each["run.period"] for each in weeks} == {date(2026, 4, 1)}
        assert len(weeks) == 2


def test_a_run_that_was_tried_before_its_end_is_computed_again_when_it_is_over(pay: Company) -> None:
    run(pay)
    pay.contract("ann", paid="6000.00")
    pay.crm.pass_time("+40d")
    assert amounts(pay, "volume") == {"ann": Decimal("120.00")}


def test_months_that_passed_while_nobody_worked_are_made_up_for(pay: Company) -> None:
    done = {"computed_at": datetime(2026, 1, 1, tzinfo=UTC), "ends_before": date(2026, 1, 1)}
    pay.make("commission_run", plan="sales", period=date(2025, 12, 1), **done)
    pay.crm.pass_time("+1d")
    found = pay.crm.run(lambda desk: desk.read("commission_run", ["period"], order=["period"]))
    assert [each["period"].month for each in found] == [12, 1, 2]


def test_a_plan_that_cannot_be_computed_keeps_no_other_from_it(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The first plan pays more than can be stored."""
    more = """
---
kind: commission_plan
name: absurd
versions:
  - {name: v1, from: 2026-01-01, rules: [{name: all, per: month, amount: 900000000000000000}]}
"""
    with company(database_url, APP + more) as pay:
        pay.crm.pass_time("+40d")
        found = pay.crm.run(lambda desk: desk.read("commission_run", ["plan", "period"]))
        assert {(each["plan"], each["period"].month) for each in found} == {("sales", 3)}
        assert "of absurd: VALIDATION_FAILED" in caplog.text


def test_who_left_is_settled_in_the_periods_that_they_were_paid_for(pay: Company) -> None:
    contract = pay.contract("ann", paid="6000.00")
    run(pay)
    pay.put("user", pay.ids["ann"], roles=[], active=False)
    pay.make("refund", contract=contract, amount=Decimal("2000.00"))
    run(pay)
    assert amounts(pay, "volume") == {"ann": Decimal("40.00")}
    assert amounts(pay, "base")["ann"] == Decimal("5000.00")
    run(pay, date(2026, 4, 1))
    assert amounts(pay, "base")["ann"] == Decimal("5000.00")


@pytest.mark.parametrize("period", [date(1, 1, 1), date(2025, 12, 31), date(9999, 12, 31)])
def test_there_is_no_run_of_a_time_for_which_the_plan_says_nothing(pay: Company, period: date) -> None:
    with pytest.raises(Refused) as refused:
        run(pay, period)
    assert refused.value.problems[0]["code"] == "no_version"
    assert pay.crm.run(lambda desk: desk.read("commission_run", [])) == []


def test_only_who_may_change_runs_computes_them(pay: Company) -> None:
    with pytest.raises(Refused) as refused:
        pay.crm.client("ann").ask(RUN, period="2026-03-01")
    assert refused.value.codes == ("BAD_REQUEST",)
