"""The demo data of families: what people of the preset could have typed in, and what they did with it."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from salesmode.compiler import Compiled
from salesmode.database.connect import connect
from salesmode.demo.description import describe
from salesmode.demo.doing import carry_out
from salesmode.demo.loading import load
from salesmode.model.app import Model
from salesmode.resources import presets_dir
from salesmode.tables import tables_of
from salesmode.testing import Clock, Running
from tests.presets.compiled import compiled
from tests.presets.office import NOW, Row, company
from tests.presets.rules import broken


def made() -> Compiled:
    return compiled("big_c_household")


def model() -> Model:
    return made().model


OVERLAYS = ("household_education", "household_property", "household_car")

Rows = Mapping[str, tuple[Row, ...]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """What is drawn, by object."""
    return {each.of.name: each.rows for each in company(made())}


async def demo_of(preset: str, url: str) -> Running:
    """The demo of the small size on an empty database, its steps done."""
    app = compiled(preset)
    database = await connect(url)
    tables = tables_of(app.model, database.dialect)
    running = Running(tables, database, Clock(NOW))
    await running.make_tables()
    records = company(app)
    await load(database, tables, records, told=lambda _records, _done: None)
    demo = describe(app.layered.documents, app.model, app.sources)
    await carry_out(demo, records, database, tables, clock=Clock(NOW), locale="zh")
    return running


@pytest.fixture(scope="module")
async def running(module_database_url: str) -> AsyncIterator[Running]:
    found = await demo_of("big_c_household", module_database_url)
    yield found
    await found.database.close()


async def asked(running: Running, query: str, *, user: str = "admin") -> Any:
    answer = await running.ask(user, query)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def greeting(preset: str) -> str:
    """What `salesmode demo` offers to paste."""
    return (presets_dir() / preset / "demo" / "query.graphql").read_text(encoding="utf-8")


@pytest.mark.anyio
async def test_no_record_breaks_a_rule(running: Running) -> None:
    assert await broken(running.database, model(), NOW) == {}


@pytest.mark.anyio
@pytest.mark.parametrize("preset", OVERLAYS)
async def test_an_overlay_has_a_demo_of_its_own(preset: str, tmp_path: Any) -> None:
    running = await demo_of(preset, f"sqlite:///{tmp_path}/demo.db")
    try:
        assert await broken(running.database, compiled(preset).model, NOW) == {}
        said = await asked(running, "{ products { nodes { name } } }")
        for user in ("admin", "lin", "qiao"):
            assert (await asked(running, greeting(preset), user=user))["households"]["nodes"]
    finally:
        await running.database.close()
    sold = {each["name"] for each in said["products"]["nodes"]}
    assert len(sold) >= 3
    assert sold.isdisjoint(row["name"] for row in company(made())[0].rows)


def test_who_signs_in_administers_sells_and_serves(rows: Rows) -> None:
    roles = {row["name"]: row["roles"] for row in rows["user"]}
    people = describe(made().layered.documents, model(), made().sources).sign_in
    assert [roles[name] for name in people] == [("admin",), ("sales",), ("service",)]
    assert people[0] == "admin"


def test_every_role_of_the_preset_is_held_by_somebody(rows: Rows) -> None:
    held = {role for row in rows["user"] for role in row["roles"]}
    assert held == set(model().roles) - {"employee"} | {"admin"}


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("household", "state"),
        ("household", "grade"),
        ("member", "relation"),
        ("opportunity", "pipeline"),
        ("opportunity", "stage"),
        ("opportunity", "lost_reason"),
        ("lead", "stage"),
        ("lead", "useless_reason"),
        ("approval", "stage"),
        ("activity", "kind"),
        ("activity", "outcome"),
        ("tag", "state"),
    ],
)
def test_every_option_occurs(rows: Rows, name: str, field: str) -> None:
    options = {option.name for option in model().objects[name].fields[field].options}
    assert options - {"promoted"} == {row[field] for row in rows[name]} - {None}


def by(rows: Iterator[Row] | tuple[Row, ...], field: str) -> Mapping[object, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[field]].append(row)
    return found


def test_who_registers_who_pays_and_who_uses_are_often_different_people(rows: Rows) -> None:
    families = by(rows["member"], "household").values()
    roles = [{role: each["id"] for each in family for role in each["roles"]} for family in families]
    assert all({"registrant", "decision_maker", "buyer"} <= found.keys() for found in roles)
    different = sum(len({found["registrant"], found["buyer"], found.get("user")}) == 3 for found in roles)
    assert 0.3 * len(roles) < different < 0.8 * len(roles)


def test_a_family_that_signed_has_bought_and_no_other_one_has(rows: Rows) -> None:
    won = {row["household"] for row in rows["opportunity"] if row["status"] == "won"}
    assert won == {row["id"] for row in rows["household"] if row["state"] == "signed"}


def test_a_deal_that_was_won_has_one_order_one_contract_and_a_plan_for_all_of_it(rows: Rows) -> None:
    won = Counter(row["id"] for row in rows["opportunity"] if row["status"] == "won")
    assert Counter(row["opportunity"] for row in rows["order"]) == won
    assert Counter(row["opportunity"] for row in rows["contract"]) == won
    planned = by(rows["installment"], "contract")
    for contract in rows["contract"]:
        assert sum((each["amount"] for each in planned[contract["id"]]), Decimal(0)) == contract["amount"]


def test_some_money_is_late_and_some_went_back(rows: Rows) -> None:
    paid = {row["installment"] for row in rows["payment"]}
    due = [row for row in rows["installment"] if row["due_on"] < NOW.date()]
    late = sum(row["id"] not in paid for row in due)
    assert 0 < late < 0.15 * len(due)
    assert 0 < len(rows["refund"]) < 0.15 * len(rows["contract"])


def test_families_came_all_over_two_years_and_most_in_summer(rows: Rows) -> None:
    won = [row["close_date"] for row in rows["opportunity"] if row["status"] == "won"]
    assert len({(day.year, day.month) for day in won}) >= 22
    came = Counter(row["created_at"].month for row in rows["household"] if row["state"] == "signed")
    assert came[7] + came[8] > came[4] + came[5] > 0


def test_nothing_happened_in_the_future(rows: Rows) -> None:
    happened = {"activity": "at", "redemption": "at", "task": "done_at", "service_handover": "accepted_at"}
    for name, each in rows.items():
        for field in ("created_at", happened.get(name, "created_at")):
            late = [row[field] for row in each if isinstance(row[field], datetime) and row[field] > NOW]
            assert not late, (name, field)


def test_a_year_of_targets_is_hit_and_missed(rows: Rows) -> None:
    won: Counter[tuple[object, int, int]] = Counter()
    for row in rows["opportunity"]:
        if row["status"] == "won":
            won[row["owner"], row["close_date"].year, row["close_date"].month] += row["amount"]
    quotas = [row for row in rows["quota"] if row["target"] == "won_amount" and row["user"]]
    hit = sum(
        won[row["user"], row["starts_on"].year, row["starts_on"].month] >= row["amount"] for row in quotas
    )
    assert all(row["starts_on"].day == 1 for row in quotas)
    assert 0.05 * len(quotas) < hit < 0.7 * len(quotas)


def test_some_families_are_there_twice(rows: Rows) -> None:
    phones = Counter(row["phone"] for row in rows["household"])
    twice = [phone for phone, count in phones.items() if count > 1]
    assert 3 < len(twice) < 0.1 * len(phones)


def test_people_have_left_and_own_nothing_any_more(rows: Rows) -> None:
    left = {row["id"] for row in rows["user"] if not row["active"]}
    assert len(left) >= 3
    assert left.isdisjoint(row["owner"] for row in rows["household"])
    assert not left.isdisjoint(row["user"] for row in rows["activity"]), "what they did stays theirs"


@pytest.mark.parametrize("preset", ["big_c_household", *OVERLAYS])
def test_the_company_speaks_english_too(preset: str) -> None:
    english = [row for each in company(compiled(preset), locale="en") for row in each.rows]
    texts = {value for row in english for value in row.values() if isinstance(value, str)}
    assert [text for text in texts if max(text, default="") >= "一"] == []


def test_it_is_the_same_company_in_each_language(rows: Rows) -> None:
    english = {each.of.name: each.rows for each in company(made(), locale="en")}
    for name in ("household", "opportunity", "payment"):
        assert [row["id"] for row in english[name]] == [row["id"] for row in rows[name]]


@pytest.mark.anyio
async def test_past_months_are_paid_and_the_last_one_is_a_draft(running: Running) -> None:
    query = "{ commissionRuns(orderBy: [{period: ASC}]) { nodes { period total stage { name } } } }"
    runs = (await asked(running, query))["commissionRuns"]["nodes"]
    stages = {each["period"]: each["stage"]["name"] for each in runs}
    assert stages["2026-05-01"] == "draft"
    before = [stage for period, stage in stages.items() if period < "2026-05-01"]
    assert before == ["paid"] * len(before)
    assert len(before) >= 4
    query = '{ commissionLines(where: {rule: {eq: "new_purchase"}}) { totalCount } }'
    assert (await asked(running, query))["commissionLines"]["totalCount"] > 10


@pytest.mark.anyio
async def test_what_people_did_is_there(running: Running) -> None:
    query = """{
      merges: recordMerges { totalCount }
      rulings: ownershipRulings(where: {current: {eq: true}}) { nodes { clause } }
      handOvers { nodes { fromUser { name active } items { totalCount } } }
      moves: poolMoves { totalCount }
      referred: households(where: {tags: {has: referral}}) { totalCount }
      due: households(where: {tags: {has: to_renew}}) { totalCount }
      snapshots { totalCount }
    }"""
    found = await asked(running, query)
    assert found["merges"]["totalCount"] == 2  # the family, and who registered it
    assert {each["clause"] for each in found["rulings"]["nodes"]} == {"first", "by_hand"}
    (over,) = found["handOvers"]["nodes"]
    assert over["fromUser"] == {"name": "sun", "active": False}
    assert over["items"]["totalCount"] > 3
    assert found["moves"]["totalCount"] >= 2
    assert found["referred"]["totalCount"] > 5
    assert found["due"]["totalCount"] > 3
    assert found["snapshots"]["totalCount"] == 1


@pytest.mark.anyio
@pytest.mark.parametrize("user", ["lin", "qiao"])
async def test_who_sells_and_who_serves_find_work_and_the_greeting_answers(
    running: Running, user: str
) -> None:
    found = await asked(running, "{ workQueue(name: work_pen) { totalCount } }", user=user)
    assert found["workQueue"]["totalCount"] > 3
    assert (await asked(running, greeting("big_c_household"), user=user))["households"]["nodes"]
