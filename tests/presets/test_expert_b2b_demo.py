"""The demo data is what people of the preset could have typed in, and shows what the preset is for."""

import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from salesmode.compiler import Compiled
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.demo.description import describe
from salesmode.demo.doing import carry_out
from salesmode.demo.generation import Records
from salesmode.demo.loading import load
from salesmode.demo.population import Demo
from salesmode.model.app import Model
from salesmode.tables import tables_of
from salesmode.testing import Clock, Running
from tests.presets.compiled import compiled
from tests.presets.office import NOW, company
from tests.presets.rules import broken


def made() -> Compiled:
    return compiled("expert_b2b")


def model() -> Model:
    return made().model


@cache
def demo() -> Demo:
    return describe(made().layered.documents, model(), made().sources)


@pytest.fixture(scope="module")
def records() -> Mapping[str, Records]:
    """Before anybody did anything."""
    return {each.of.name: each for each in company(made())}


@pytest.fixture(scope="module")
async def database(records: Mapping[str, Records], module_database_url: str) -> AsyncIterator[Database]:
    """With all that was done."""
    database = await connect(module_database_url)
    tables = tables_of(model(), database.dialect)
    await database.with_connection(tables.create)
    await load(database, tables, list(records.values()), told=lambda _records, _done: None)
    await carry_out(demo(), list(records.values()), database, tables, clock=Clock(NOW), locale="zh")
    yield database
    await database.close()


async def data(database: Database, user: str, text: str, **variables: Any) -> Any:
    running = Running(tables_of(model(), database.dialect), database, Clock(NOW))
    answer = await running.ask(user, text, variables, locale="en")
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


@pytest.mark.anyio
async def test_no_record_breaks_a_rule(database: Database) -> None:
    assert await broken(database, model(), NOW) == {}


def values(records: Mapping[str, Records], name: str, field: str) -> Counter[Any]:
    return Counter(row[field] for row in records[name].rows)


def test_the_people_who_sign_in_are_there_with_their_roles(records: Mapping[str, Records]) -> None:
    roles = {row["name"]: row["roles"] for row in records["user"].rows}
    assert demo().sign_in == ("admin", "chen", "lin")
    assert (roles["admin"], roles["chen"], roles["lin"]) == (("admin",), ("sales_manager",), ("sales",))


def test_every_role_of_the_preset_is_held_by_somebody(records: Mapping[str, Records]) -> None:
    held = {role for row in records["user"].rows for role in row["roles"]}  # type: ignore[attr-defined]
    assert held == set(model().roles) - {"employee"} | {"admin"}


def test_each_team_that_sells_owns_customers_of_its_territory(records: Mapping[str, Records]) -> None:
    team = {row["id"]: row["team"] for row in records["user"].rows}
    of_territory = {row["id"]: row["team"] for row in records["territory"].rows}
    owners = [(team[row["owner"]], of_territory[row["territory"]]) for row in records["customer"].rows]
    assert {own for own, _ in owners} == {each for each in of_territory.values() if each is not None}
    assert sum(own == its for own, its in owners) > 0.9 * len(owners)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("customer", "level"),
        ("customer", "state"),
        ("customer", "grade"),
        ("customer", "account_class"),
        ("contact", "role"),
        ("opportunity", "line"),
        ("opportunity", "pipeline"),
        ("opportunity", "stage"),
        ("opportunity", "status"),
        ("opportunity", "lost_reason"),
        ("lead", "stage"),
        ("lead", "useless_reason"),
        ("stakeholder", "side"),
        ("presales_request", "kind"),
        ("approval", "stage"),
        ("account_plan", "priority"),
        ("appraisal", "about"),
        ("activity", "kind"),
        ("activity", "outcome"),
    ],
)
def test_every_option_occurs(records: Mapping[str, Records], name: str, field: str) -> None:
    options = {option.name for option in model().objects[name].fields[field].options}
    assert options == set(values(records, name, field)) - {None}


def test_groups_are_several_levels_deep(records: Mapping[str, Records]) -> None:
    parents = {row["id"]: row["parent"] for row in records["customer"].rows}

    def depth(id_: object) -> int:
        return 0 if id_ is None else 1 + depth(parents[id_])

    assert max(map(depth, parents)) >= 4


def test_deals_were_closed_all_over_the_last_two_years(records: Mapping[str, Records]) -> None:
    closed = [row for row in records["opportunity"].rows if row["status"] == "won"]
    months = {(row["close_date"].year, row["close_date"].month) for row in closed}  # type: ignore[attr-defined]
    assert len(months) >= 20
    assert all(row["close_date"] <= NOW.date() for row in closed)  # type: ignore[operator]


def test_nothing_happened_in_the_future(records: Mapping[str, Records]) -> None:
    for name, fields in {"activity": ["at"], "task": ["done_at"]}.items():
        for field in ("created_at", "updated_at", *fields):
            assert all(at <= NOW for at in values(records, name, field) if at is not None)


def test_the_next_thing_to_do_is_partly_overdue(records: Mapping[str, Records]) -> None:
    open_tasks = [row["due"] for row in records["task"].rows if row["done_at"] is None]
    overdue = sum(due < NOW for due in open_tasks)  # type: ignore[operator]
    assert 0.1 * len(open_tasks) < overdue < 0.6 * len(open_tasks)


def test_invented_addresses_lead_nowhere(records: Mapping[str, Records]) -> None:
    for name in ("user", "customer", "contact"):
        assert all(mail.endswith(".example") for mail in values(records, name, "email") if mail is not None)


def test_every_deal_came_to_its_stage_on_a_way_that_there_is(records: Mapping[str, Records]) -> None:
    """One stay after the other, from the creation to where the deal stands."""
    passed: dict[object, list[Mapping[str, Any]]] = {}
    for stay in records["stage_change"].rows:
        passed.setdefault(stay["opportunity"], []).append(stay)
    for deal in records["opportunity"].rows:
        stayed = passed[deal["id"]]
        assert stayed[0]["direction"] == "start"
        assert stayed[0]["entered_at"] == deal["created_at"]
        assert [each["left_at"] for each in stayed[:-1]] == [each["entered_at"] for each in stayed[1:]]
        last = stayed[-1]
        assert (last["stage"], last["status"], last["left_at"]) == (deal["stage"], deal["status"], None)
        assert last["entered_at"] == deal["stage_since"]


def test_a_deal_stands_where_its_pipeline_has_a_place(records: Mapping[str, Records]) -> None:
    for deal in records["opportunity"].rows:
        pipeline = model().pipelines[str(deal["pipeline"])]
        if pipeline.staged:
            assert pipeline.stage(str(deal["stage"])).status == deal["status"]
        else:
            assert deal["stage"] is None
        assert (deal["closed_at"] is None) == (deal["status"] == "open")


def test_quotas_are_hit_by_some_and_missed_by_others(records: Mapping[str, Records]) -> None:
    won: dict[tuple[object, int, int], Decimal] = defaultdict(Decimal)
    for deal in records["opportunity"].rows:
        if deal["status"] == "won":
            day: Any = deal["close_date"]
            won[deal["owner"], day.year, day.month] += deal["amount"]  # type: ignore[operator]
    hit = Counter(
        won[quota["user"], quota["starts_on"].year, quota["starts_on"].month] >= quota["amount"]  # type: ignore[attr-defined, operator]
        for quota in records["quota"].rows
        if quota["user"] is not None
    )
    assert hit[True] > 5
    assert hit[False] > 5


def test_a_quote_comes_to_what_the_deal_is_worth(records: Mapping[str, Records]) -> None:
    lines = {line["quote"]: line for line in records["quote_line"].rows}
    deals = {deal["id"]: deal for deal in records["opportunity"].rows}
    for quote in records["quote"].rows:
        total: Any = lines[quote["id"]]["price"] * (100 - quote["discount"]) / 100  # type: ignore[operator]
        amount: Any = deals[quote["opportunity"]]["amount"]
        assert abs(total - amount) <= amount / 1000


def test_what_a_contract_is_paid_in_comes_to_its_amount(records: Mapping[str, Records]) -> None:
    planned: dict[object, Decimal] = defaultdict(Decimal)
    for part in records["installment"].rows:
        planned[part["contract"]] += part["amount"]  # type: ignore[operator]
    for contract in records["contract"].rows:
        assert abs(planned[contract["id"]] - contract["amount"]) <= 1  # type: ignore[operator]


def test_it_is_the_same_company_in_english(records: Mapping[str, Records]) -> None:
    english = {each.of.name: each.rows for each in company(made(), locale="en")}
    for name, each in records.items():
        for row, same in zip(each.rows, english[name], strict=True):
            assert (row["id"], row.get("amount")) == (same["id"], same.get("amount"))
            chinese = {field: text for field, text in same.items() if re.search("[\u4e00-\u9fff]", str(text))}
            assert not chinese


@pytest.mark.anyio
async def test_pay_was_settled_month_by_month(database: Database) -> None:
    text = "{ commissionRuns(orderBy: [{period: ASC}]) { nodes { period total stage { name } } } }"
    runs = (await data(database, "he", text))["commissionRuns"]["nodes"]
    by_month = {run["period"]: run for run in runs}
    assert by_month["2026-05-01"]["stage"]["name"] == "draft"
    paid = [run for month, run in by_month.items() if month < "2026-05-01"]
    assert {run["stage"]["name"] for run in paid} == {"paid"}
    assert sum(Decimal(run["total"] or 0) for run in paid) > 0


@pytest.mark.anyio
@pytest.mark.parametrize(("leaver", "manager"), [("ding", "chen"), ("song", "chen"), ("yu", "gao")])
async def test_who_left_has_handed_over_everything(database: Database, leaver: str, manager: str) -> None:
    text = """query ($who: String!) {
        users(where: {name: {eq: $who}}) { nodes { active } }
        customers(where: {owner: {name: {eq: $who}}}) { totalCount }
        opportunities(where: {owner: {name: {eq: $who}}}) { totalCount }
        handOvers(where: {fromUser: {name: {eq: $who}}}) {
            nodes { actor { name } items { totalCount } } } }"""
    found = await data(database, "emma", text, who=leaver)
    assert found["users"]["nodes"] == [{"active": False}]
    assert found["customers"]["totalCount"] == found["opportunities"]["totalCount"] == 0
    (over,) = found["handOvers"]["nodes"]
    assert over["actor"]["name"] == manager
    assert over["items"]["totalCount"] > 10


@pytest.mark.anyio
async def test_one_of_three_twins_was_merged(database: Database) -> None:
    text = """{ recordMerges { totalCount }
        customers(where: {phone: {eq: "+862161234567"}}) { totalCount } }"""
    found = await data(database, "admin", text)
    assert (found["recordMerges"]["totalCount"], found["customers"]["totalCount"]) == (1, 2)


@pytest.mark.anyio
async def test_the_stock_taking_of_last_quarter_shows_what_moved(database: Database) -> None:
    snapshots = "{ snapshots(orderBy: [{createdAt: ASC}]) { nodes { id } } }"
    (first, *_) = (await data(database, "zhou", snapshots))["snapshots"]["nodes"]
    text = """query ($from: ID!) {
        opportunitySnapshotComparison(from: $from) { key { group } count } }"""
    found = (await data(database, "zhou", text, **{"from": first["id"]}))["opportunitySnapshotComparison"]
    groups = {each["key"]["group"] for each in found}
    assert groups >= {"new", "won", "lost", "forward", "slipped", "amount_changed", "unchanged"}
