"""The demo of iron_army_b2b: what people of that mode could have typed in, and what they did with it."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from salesmode.compiler import Compiled
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.demo.description import describe
from salesmode.demo.doing import carry_out
from salesmode.demo.generation import Records, generate
from salesmode.demo.loading import load
from salesmode.demo.population import Demo
from salesmode.model.app import Model
from salesmode.records import load_user_data
from salesmode.resources import presets_dir
from salesmode.tables import tables_of
from salesmode.testing import Clock, Running
from tests.cli.kit import serving
from tests.presets.compiled import compiled
from tests.presets.office import NOW
from tests.presets.rules import broken


def made() -> Compiled:
    return compiled("iron_army_b2b")


def model() -> Model:
    return made().model


@cache
def demo() -> Demo:
    return describe(made().layered.documents, model(), made().sources)


Rows = Mapping[str, tuple[Mapping[str, Any], ...]]


def drawn(locale: str) -> tuple[Records, ...]:
    return tuple(generate(demo(), model(), size="s", seed=1, now=NOW, locale=locale))


@pytest.fixture(scope="module")
def records() -> tuple[Records, ...]:
    return drawn("zh")


@pytest.fixture(scope="module")
def rows(records: tuple[Records, ...]) -> Rows:
    """Before anybody did anything."""
    return {each.of.name: each.rows for each in records}


@pytest.fixture(scope="module")
async def database(records: tuple[Records, ...], module_database_url: str) -> AsyncIterator[Database]:
    """With all that was done."""
    database = await connect(module_database_url)
    tables = tables_of(model(), database.dialect)
    clock = Clock(NOW)
    running = Running(tables, database, clock)
    await running.make_tables()
    await database.run(lambda: load_user_data(tables, running.environment))
    await load(database, tables, records, told=lambda _records, _done: None)
    await carry_out(demo(), records, database, tables, clock=clock, locale="zh")
    yield database
    await database.close()


async def data(database: Database, user: str, text: str) -> Any:
    running = Running(tables_of(model(), database.dialect), database, Clock(NOW))
    answer = await running.ask(user, text, locale="en")
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


@pytest.mark.anyio
async def test_no_record_breaks_a_rule(database: Database) -> None:
    assert await broken(database, model(), NOW) == {}


def values(rows: Rows, name: str, field: str) -> Counter[Any]:
    return Counter(row[field] for row in rows[name])


def test_an_administrator_a_leader_and_a_seller_of_one_team_sign_in(rows: Rows) -> None:
    people = {row["name"]: row for row in rows["user"]}
    assert demo().sign_in == ("admin", "zhao", "sun")
    assert [people[name]["roles"] for name in demo().sign_in] == [("admin",), ("team_leader",), ("sales",)]
    assert people["zhao"]["team"] == people["sun"]["team"]
    assert people["sun"]["manager"] == people["zhao"]["id"]


def test_every_role_of_the_preset_is_held_by_somebody(rows: Rows) -> None:
    held = {role for row in rows["user"] for role in row["roles"]}
    assert held == set(model().roles) - {"employee"} | {"admin"}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("customer", "state"),
        ("customer", "trade"),
        ("customer", "grade"),
        ("lead", "stage"),
        ("lead", "useless_reason"),
        ("lead", "rating"),
        ("opportunity", "pipeline"),
        ("opportunity", "stage"),
        ("opportunity", "status"),
        ("opportunity", "lost_reason"),
        ("activity", "kind"),
        ("activity", "outcome"),
    ],
)
def test_every_option_occurs(rows: Rows, name: str, field: str) -> None:
    options = {option.name for option in model().objects[name].fields[field].options}
    if field == "pipeline":
        options = {each.name for each in model().pipelines_of(name)}
    if field == "stage":
        options = {stage.name for each in model().pipelines_of(name) for stage in each.stages}
    assert options == set(values(rows, name, field)) - {None}


def test_a_member_has_signed_and_nobody_else(rows: Rows) -> None:
    signed = {row["customer"] for row in rows["opportunity"] if row["status"] == "won"}
    assert signed == {row["id"] for row in rows["customer"] if row["state"] == "signed"}


def test_a_shop_is_somebodys_or_lies_in_the_pool(rows: Rows) -> None:
    for name in ("customer", "lead"):
        where = Counter((row["owner"] is None, row["pool"]) for row in rows[name])
        pool = "customers" if name == "customer" else "leads"
        assert set(where) == {(False, None), (True, pool)}
        assert where[True, pool] > 0.03 * where.total()


def test_most_months_of_two_years_brought_something(rows: Rows) -> None:
    months = Counter(
        (row["close_date"].year, row["close_date"].month)
        for row in rows["opportunity"]
        if row["status"] == "won"
    )
    assert len(months) >= 22
    assert all(row["close_date"] <= NOW.date() for row in rows["opportunity"] if row["status"] != "open")


def test_spring_festival_is_quiet(rows: Rows) -> None:
    joined = Counter(
        row["close_date"].month
        for row in rows["opportunity"]
        if row["status"] == "won" and row["pipeline"] == "membership"
    )
    assert joined[2] < joined[3]


def test_what_was_sold_was_ordered_signed_and_paid(rows: Rows) -> None:
    won = {row["id"]: row["amount"] for row in rows["opportunity"] if row["status"] == "won"}
    assert {row["opportunity"]: row["amount"] for row in rows["contract"]} == won
    assert {row["opportunity"] for row in rows["order"]} == set(won)
    planned = Counter[str]()
    for row in rows["installment"]:
        planned[row["contract"]] += row["amount"]
    assert planned == {row["id"]: row["amount"] for row in rows["contract"]}
    assert 0.9 * len(rows["installment"]) < len(rows["payment"]) < len(rows["installment"])


def test_nothing_happened_in_the_future(rows: Rows) -> None:
    for name, fields in {"activity": ["at"], "task": ["done_at"], "lead": ["closed_at"]}.items():
        for field in ("created_at", "updated_at", *fields):
            assert all(at <= NOW for at in values(rows, name, field) if at is not None)
    assert all(row["paid_on"] <= NOW.date() for row in rows["payment"])


def test_who_left_did_nothing_afterwards(rows: Rows) -> None:
    people = {row["name"]: row["id"] for row in rows["user"]}
    ages = {"cao": 205, "dou": 165, "tan": 110, "qin": 40, "bai": 12}
    left = {people[name]: NOW - timedelta(days=days) for name, days in ages.items()}
    done = [row for row in rows["activity"] if row["user"] in left]
    assert len(done) > 10
    assert all(row["at"] <= left[row["user"]] for row in done)


def test_calls_are_effective_short_unanswered_or_void(rows: Rows) -> None:
    calls = [row for row in rows["activity"] if row["kind"] == "call"]
    void = [row for row in calls if row["voided"]]
    assert 0.01 * len(calls) < len(void) < 0.05 * len(calls)
    assert 0.2 * len(calls) < sum(row["outcome"] == "not_reached" for row in calls) < 0.5 * len(calls)
    assert all(row["duration"] == 0 for row in calls if row["outcome"] == "not_reached")


def test_targets_are_hit_and_missed(rows: Rows) -> None:
    reached = Counter[tuple[str, date]]()
    for row in rows["opportunity"]:
        if row["status"] == "won":
            reached[row["owner"], row["close_date"].replace(day=1)] += row["amount"]
    targets = [row for row in rows["quota"] if row["user"] and row["target"] == "won_amount"]
    hit = sum(reached[row["user"], row["starts_on"]] >= row["amount"] for row in targets)
    assert 0.03 * len(targets) < hit < 0.6 * len(targets)


def test_invented_addresses_lead_nowhere(rows: Rows) -> None:
    assert all(row["email"].endswith(".example") for row in rows["user"])
    links = [row["link"] for row in rows["script"] if row["link"]]
    assert all(".example/" in link for link in links)


def test_it_is_the_same_company_in_english(rows: Rows) -> None:
    english = {each.of.name: each.rows for each in drawn("en")}
    for name, told in english.items():
        assert [row["id"] for row in told] == [row["id"] for row in rows[name]]
    amounts = [row["amount"] for row in rows["opportunity"]]
    assert [row["amount"] for row in english["opportunity"]] == amounts
    assert all(str(row["name"]).isascii() for row in english["customer"])
    assert not any(str(row["name"]).isascii() for row in rows["customer"])


@pytest.mark.anyio
async def test_what_leavers_had_is_with_others(database: Database) -> None:
    found = await data(
        database,
        "admin",
        "{ handOvers(orderBy: [{at: ASC}]) { nodes { fromUser { name active } items { totalCount } } }"
        "  customers(where: {owner: {active: {eq: false}}}) { totalCount } }",
    )
    left = [each["fromUser"] for each in found["handOvers"]["nodes"]]
    assert left == [{"name": name, "active": False} for name in ("cao", "dou", "tan", "qin", "bai")]
    assert found["customers"]["totalCount"] == 0


@pytest.mark.anyio
async def test_pay_was_settled_month_by_month_and_the_last_one_is_a_draft(database: Database) -> None:
    text = "{ commissionRuns(orderBy: [{period: ASC}]) { nodes { period stage { name } total } } }"
    runs = (await data(database, "xia", text))["commissionRuns"]["nodes"]
    stages = {each["period"]: each["stage"]["name"] for each in runs}
    assert [each for each in stages if stages[each] == "paid"][-1] == "2026-04-01"
    assert len([each for each in stages if stages[each] == "paid"]) == 11
    assert stages["2026-05-01"] == "draft"
    assert all(Decimal(each["total"]) > 50_000 for each in runs if each["stage"]["name"] == "paid")


@pytest.mark.anyio
async def test_money_that_went_back_took_pay_with_it(database: Database) -> None:
    text = '{ commissionLines(where: {occasion: {eq: clawback}, rule: {eq: "deal"}}) { nodes { amount } } }'
    lines = (await data(database, "xia", text))["commissionLines"]["nodes"]
    assert "-160.00" in [each["amount"] for each in lines]


@pytest.mark.anyio
async def test_two_entries_of_a_shop_became_one(database: Database) -> None:
    text = (
        '{ customers(where: {wechat: {eq: "sunji_noodles"}}) { nodes { name } } recordMerges { totalCount } }'
    )
    found = await data(database, "admin", text)
    assert found["customers"]["nodes"] == [{"name": "孙记片儿川"}]
    assert found["recordMerges"]["totalCount"] == 1


@pytest.mark.anyio
async def test_the_pools_were_used(database: Database) -> None:
    text = "{ poolMoveAggregate(groupBy: [{field: action}]) { key { action } count } }"
    moves = (await data(database, "zhao", text))["poolMoveAggregate"]
    assert {each["key"]["action"]: each["count"] for each in moves} == {"claim": 2, "assign": 1, "release": 1}


@pytest.mark.anyio
async def test_the_day_of_the_seller_is_full(database: Database) -> None:
    text = "{ workQueue(name: work_pen, first: 200) { nodes { item } } }"
    items = {each["item"] for each in (await data(database, "sun", text))["workQueue"]["nodes"]}
    assert {"overdue_task", "close_today", "renew"} <= items
    assert len(items) >= 5


@pytest.mark.anyio
async def test_the_query_that_is_shown_answers_each_of_them(database: Database) -> None:
    text = (presets_dir() / "iron_army_b2b" / "demo" / "query.graphql").read_text("utf-8")
    counts = [(await data(database, name, text))["customers"]["totalCount"] for name in demo().sign_in]
    assert counts[0] > counts[1] >= counts[2] > 0


def test_the_demo_starts(tmp_path: Path) -> None:
    with serving(
        "demo", "iron_army_b2b", "--size", "s", "--locale", "en", ready="Ctrl+C", cwd=tmp_path
    ) as server:
        tokens = [server.said[at + 1].strip() for at, line in enumerate(server.said) if line == "sun (sales)"]
        (token,) = tokens
        assert server.answer("{ viewer { name } }", token) == {"data": {"viewer": {"name": "sun"}}}
