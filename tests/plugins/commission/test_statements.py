"""Statements as data and CSV, corrections by hand, and explanations."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

import pytest

from salesmode.testing import Refused
from salesmode_commission.commands import explain_line, print_statement
from tests.plugins.commission.world import APP, Company, company

STATEMENT = """query($user: ID!) { commissionStatement(user: $user, period: "2026-03-01") {
  user { name } total parts { part amount } lines { rule amount user { name } } csv } }"""
CORRECT = """mutation($id: ID!, $amount: Decimal!, $reason: String!) {
  correctCommission(id: $id, amount: $amount, reason: $reason) { amount occasion reason by { name } } }"""


@pytest.fixture
def pay(database_url: str) -> Iterator[Company]:
    with company(database_url) as found:
        found.contract("ann", paid="1000.00")
        yield found


def deal(pay: Company) -> str:
    (line,) = pay.crm.run(lambda desk: desk.read("commission_line", [], where={"rule": "deal"}))
    return str(line["id"])


def test_a_statement_adds_up(pay: Company) -> None:
    found = pay.crm.client("ann").ask(STATEMENT, user=pay.ids["ann"])["commissionStatement"]
    assert (found["user"]["name"], found["total"]) == ("ann", "30.00")
    assert found["parts"] == [{"part": "performance", "amount": "30.00"}]
    assert found["lines"] == [{"rule": "deal", "amount": "30.00", "user": {"name": "ann"}}]
    (row,) = csv.DictReader(io.StringIO(found["csv"]))
    assert (row["rule"], row["amount"], row["occasion"]) == ("deal", "30.00", "earned")


def test_others_see_none_of_it(pay: Company) -> None:
    found = pay.crm.client("bob").ask(STATEMENT, user=pay.ids["ann"])["commissionStatement"]
    assert (found["lines"], found["total"], found["parts"]) == ([], "0.00", [])


RIGHTS = "commission_line: {read: {where: {user: $user.id}}, fields: {default: read}}"


def test_whose_the_lines_are_is_not_told_by_asking_for_somebody(database_url: str) -> None:
    app = APP.replace(RIGHTS, "commission_line: {read: true, fields: {amount: read}}")
    with company(database_url, app) as pay:
        pay.contract("ann", paid="1000.00")
        query = STATEMENT.replace("lines { rule amount user { name } }", "")
        with pytest.raises(Refused) as refused:
            pay.crm.client("bob").ask(query, user=pay.ids["ann"])
        assert refused.value.codes == ("BAD_REQUEST",)


def test_hidden_amounts_have_no_total(database_url: str) -> None:
    app = APP.replace(RIGHTS, "commission_line: {read: true, fields: {user: read}}")
    with company(database_url, app) as pay:
        pay.contract("ann", paid="1000.00")
        query = STATEMENT.replace("lines { rule amount user { name } }", "")
        found = pay.crm.client("bob").ask(query, user=pay.ids["ann"])["commissionStatement"]
        assert (found["total"], found["parts"]) == (None, [{"part": "performance", "amount": None}])


def test_a_correction_is_a_line_with_its_reason(pay: Company) -> None:
    found = pay.boss.ask(CORRECT, id=deal(pay), amount="-1.50", reason="Counted twice")["correctCommission"]
    assert (found["amount"], found["occasion"], found["by"]["name"]) == ("-1.50", "by_hand", "boss")
    assert found["reason"].endswith("Counted twice")
    assert pay.earned(rule="deal") == {"ann": Decimal("28.50")}


def test_a_correction_stands_when_the_record_changes(pay: Company) -> None:
    pay.boss.ask(CORRECT, id=deal(pay), amount="-1.50", reason="Counted twice")
    (contract,) = pay.crm.run(lambda desk: desk.read("contract", []))
    pay.make("payment", contract=contract["id"], amount=Decimal("100.00"))
    assert pay.earned(rule="deal") == {"ann": Decimal("31.50")}


@pytest.mark.parametrize(("amount", "reason"), [("0", "Nothing"), ("1", "  ")])
def test_a_correction_says_how_much_and_why(pay: Company, amount: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        pay.boss.ask(CORRECT, id=deal(pay), amount=amount, reason=reason)
    assert refused.value.codes == ("VALIDATION_FAILED",)


@pytest.mark.parametrize(
    ("amount", "code"), [("1.005", "too_many_places"), ("12345678901234567890", "out_of_range")]
)
def test_what_is_wrong_with_an_amount_is_told_of_the_argument(pay: Company, amount: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        pay.boss.ask(CORRECT, id=deal(pay), amount=amount, reason="Counted twice")
    assert [(each["path"], each["code"]) for each in refused.value.problems] == [(["amount"], code)]


def test_a_plan_that_is_not_there_is_told_of_the_argument(pay: Company) -> None:
    with pytest.raises(Refused) as refused:
        pay.boss.ask('mutation { runCommission(plan: "no", period: "2026-03-01") { id } }')
    assert [each["path"] for each in refused.value.problems] == [["plan"]]


def test_a_correction_tells_no_number_that_is_hidden(database_url: str) -> None:
    """Who corrects sees the reason of the new line, and would know by it what the old one is called."""
    everything = "commission_line: {read: true, fields: {default: read}}"
    app = APP.replace(everything, everything.replace("default: read", "amount: read, reason: read"))
    own = "  commission_line: {read: {where: {user: $user.id}}, fields: {default: read}}\n"
    app = app.replace(own, "")
    with company(database_url, app) as pay:
        pay.contract("ann", paid="1000.00")
        correct = CORRECT.replace("{ amount occasion reason by { name } }", "{ reason }")
        found = pay.boss.ask(correct, id=deal(pay), amount="1", reason="Counted twice")
        assert found["correctCommission"] == {"reason": "Counted twice"}


def test_a_line_is_explained(pay: Company) -> None:
    line = deal(pay)
    told = "\n".join(pay.crm.run(lambda desk: explain_line(desk, {"line": line})))
    assert "rule: deal" in told
    assert "plan_version: v1" in told
    assert "together 30.00" in told
    assert "30.00 of 1000" in told


def test_the_shell_prints_a_statement(pay: Company) -> None:
    lines = pay.crm.run(lambda desk: print_statement(desk, {"user": "ann", "period": "2026-03-01"}))
    assert len(lines) == 2
    assert lines[0].startswith("number,on,plan")
