"""What looking at pipelines as a whole costs: funnel, forecast, rate of wins and comparison with a snapshot
over 100,000 opportunities with the history of their stages, beside the same question in SQL by hand where
somebody wrote it, on both engines; and what it costs to take the snapshot.

Each question is one data statement under the rights of its caller, warm and without HTTP; by hand it is the
bare SQL, without rights. Run it by `make bench-analysis`.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.records import create, take_snapshot
from salesmode.records.binding import many
from salesmode.records.creation import insertion
from salesmode.records.filling import new_id
from salesmode.records.subject import subject_of
from salesmode.tables import Tables, tables_of
from tests.support.postgres import serve

APP = """
kind: app
name: bench
currency: EUR
---
kind: object
name: customer
fields: {name: {type: text, required: true}}
---
kind: object
name: opportunity
plural: opportunities
owned: true
fields:
  name: {type: text, required: true}
  customer: {type: reference, to: customer, inverse: opportunities}
  amount: {type: money}
  close_date: {type: date}
---
kind: pipeline
name: direct
object: opportunity
customer: customer
skip: true
stages:
  - {name: qualify, probability: 10}
  - {name: solution, probability: 30}
  - {name: proposal, probability: 50, forecast: best_case}
  - {name: negotiate, probability: 80, forecast: commit}
  - {name: won, closes: won}
  - {name: lost, closes: lost}
---
kind: role
name: manager
objects:
  opportunity: {read: true, fields: {default: read}}
  customer: {read: true, fields: {default: read}}
  user: {read: true, fields: {name: read}}
---
kind: role
name: seller
objects:
  opportunity:
    read: {where: {or: [{owner: $user.id}, {amount: {lt: 50000}}]}}
    fields: {default: read, amount: {read: {where: {owner: $user.id}}}}
  customer: {read: true, fields: {default: read}}
  user: {read: true, fields: {name: read}}
"""
ROLES = ("manager", "seller")
STAGES = ("qualify", "solution", "proposal", "negotiate", "won")
FUNNEL = """{ opportunityFunnel(pipeline: direct) { entered open won lost conversion
  stages { stage entered passed conversion medianDays meanDays } } }"""
FORECAST = """{ opportunityForecast(by: [CATEGORY, MONTH], from: "2026-01-01", to: "2026-12-31") {
  key { category month } count amount weighted } }"""
WIN_RATE = """{ opportunityWinRate(pipeline: direct, by: STAGE) {
  key { stage } won closed rate low high enough } }"""
VIEW = """{ customers(first: 50) { nodes { opportunityView(first: 5) {
  totals { granularity amount } nodes { label stage amount closeDate } } } } }"""
COMPARISON = """query ($since: ID!) { opportunitySnapshotComparison(from: $since, by: [CATEGORY]) {
  key { group category } count amountThen amountNow } }"""
QUESTIONS: Mapping[str, str] = {
    "funnel": FUNNEL,
    "forecast": FORECAST,
    "win rate by stage": WIN_RATE,
    "view of 50 customers": VIEW,
    "snapshot comparison": COMPARISON,
}

_PLACES = " ".join(f"WHEN '{stage}' THEN {place}" for place, stage in enumerate(STAGES))
_LIKELY = "CASE stage WHEN 'qualify' THEN 10 WHEN 'solution' THEN 30 WHEN 'proposal' THEN 50 " + (
    "WHEN 'negotiate' THEN 80 ELSE 100 END"
)
_CATEGORY = "CASE stage WHEN 'proposal' THEN 'best_case' WHEN 'negotiate' THEN 'commit' " + (
    "WHEN 'won' THEN 'closed' ELSE 'pipeline' END"
)
_SECONDS = {
    "sqlite": "strftime('%s', s.left_at) - strftime('%s', s.entered_at)",
    "postgresql": "extract(epoch FROM s.left_at - s.entered_at)",
}
_DAY = "coalesce(CASE WHEN status = 'won' THEN closed_at END, close_date)"
_MONTH = {
    "sqlite": f"substr({_DAY}, 1, 7)",
    "postgresql": f"date_trunc('month', {_DAY})",
}


def by_hand(question: str, engine: str) -> str | None:
    """The same question as somebody who knows the tables would write it; None where nobody did."""
    if question == "funnel":
        return f"""
            WITH visits AS (
              SELECT s.opportunity_id AS id, s.stage, CASE s.stage {_PLACES} END AS place,
                {_SECONDS[engine]} AS seconds
              FROM sm_stage_change s JOIN opportunities o ON o.id = s.opportunity_id
              WHERE o.pipeline = 'direct' AND o.deleted_at IS NULL AND s.deleted_at IS NULL),
            furthest AS (SELECT id, max(place) AS place FROM visits GROUP BY id),
            ranked AS (
              SELECT stage, seconds, row_number() OVER (PARTITION BY stage ORDER BY seconds) AS number,
                count(*) OVER (PARTITION BY stage) AS size FROM visits WHERE seconds IS NOT NULL),
            days AS (
              SELECT stage, avg(seconds) AS mean,
                avg(CASE WHEN number IN ((size + 1) / 2, size / 2 + 1) THEN seconds END) AS median
              FROM ranked GROUP BY stage)
            SELECT v.stage, count(DISTINCT v.id) AS entered,
              count(DISTINCT CASE WHEN f.place > v.place THEN v.id END) AS passed, max(d.mean), max(d.median)
            FROM visits v JOIN furthest f ON f.id = v.id LEFT JOIN days d ON d.stage = v.stage
            GROUP BY v.stage"""
    if question == "snapshot comparison":
        return """
            SELECT CASE WHEN i.id IS NULL THEN 'new' WHEN o.deleted_at IS NOT NULL THEN 'gone'
                WHEN o.status <> 'open' THEN o.status WHEN o.close_date > i.close_date THEN 'slipped'
                WHEN o.amount <> i.amount THEN 'changed' ELSE 'unchanged' END AS became,
              i.category, count(*), sum(i.amount), sum(o.amount)
            FROM opportunities o LEFT JOIN sm_snapshot_item i ON i.opportunity_id = o.id
            WHERE NOT (i.status <> 'open' AND o.status = i.status)
            GROUP BY 1, 2"""
    if question == "forecast":
        return f"""
            SELECT {_CATEGORY} AS category, {_MONTH[engine]} AS month, count(*), sum(amount),
              sum(amount * {_LIKELY}) / 100
            FROM opportunities
            WHERE deleted_at IS NULL AND status IN ('open', 'won')
              AND {_DAY} >= '2026-01-01' AND {_DAY} < '2027-01-01'
            GROUP BY 1, 2"""
    return None


OWNERS, CUSTOMERS = 50, 5_000
_PATIENCE = 120.0  # seconds; as served, a statement may take five
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SYSTEM = Environment({}, {}, NOW, ZoneInfo("UTC"))

Row = dict[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, help="how many opportunities there are")
    parser.add_argument("--times", type=int, default=5, help="how often each is asked; the median counts")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    given = parser.parse_args()
    for engine in [given.engine] if given.engine else ["sqlite", "postgresql"]:
        with _database(engine) as url:
            asyncio.run(_report(engine, url, given.rows, given.times))


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """An empty one that is thrown away."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="salesmode-bench-") as folder:
            yield f"sqlite:///{folder}/bench.db"
    else:
        with serve() as server, server.database() as url:
            yield url


async def _report(engine: str, url: str, rows: int, times: int) -> None:
    model = compile_texts({"app.yaml": APP}).model
    database = await connect(url, Options(durable=False, statement_timeout=_PATIENCE))
    try:
        tables = tables_of(model, database.dialect)
        await database.with_connection(tables.create)
        me = await database.run(lambda: _filled(tables, rows))
        start = perf_counter()
        (snapshot,) = await database.run(
            lambda: take_snapshot(SystemScope(tables), "opportunity", "bench", SYSTEM)
        )
        taking = f"{(perf_counter() - start) * 1000:.1f}"
        await database.run(_later)
        environment = Environment({}, {"id": me, "teams": ()}, NOW, ZoneInfo("UTC"))
        endpoint = Endpoint(tables, database)
        print(f"\n{engine}, {rows:,} opportunities, milliseconds")
        print(f"  {'':22}{'by hand':>12}" + "".join(f"{name:>12}" for name in ROLES))
        for title, text in QUESTIONS.items():
            cells = [await _by_hand(database, by_hand(title, engine), times)]
            for name in ROLES:
                caller = Caller(policy_of(model, {name}), environment)
                cells.append(
                    await _asked(endpoint, database, Query(text, {"since": snapshot}), caller, times)
                )
            print(f"  {title:22}" + "".join(f"{cell:>12}" for cell in cells))
        print(f"  {'taking a snapshot':22}{taking:>24}")
    finally:
        await database.close()


def _later() -> UnitOf[None]:
    """What became of the records since the snapshot: a tenth was won, another one is expected later."""
    yield Step("UPDATE opportunities SET stage = 'won', status = 'won' WHERE amount < 10000", ())
    yield Step("UPDATE opportunities SET close_date = '2027-02-01' WHERE amount > 90000", ())
    yield Step("ANALYZE", ())


async def _by_hand(database: Database, sql: str | None, times: int) -> str:
    if sql is None:
        return ""
    step = Step(sql, ())
    return await _time(lambda: database.fetch(step), times)


async def _asked(endpoint: Endpoint, database: Database, query: Query, caller: Caller, times: int) -> str:
    """Milliseconds of a warm answer; it is one data statement."""
    heard: list[str] = []
    database.listeners.append(heard.append)
    answer = await endpoint.answer(query, caller)
    database.listeners.remove(heard.append)
    assert b'"errors"' not in answer.body, answer.body
    assert len(heard) == 1, heard
    return await _time(lambda: endpoint.answer(query, caller), times)


async def _time(ask: Callable[[], Awaitable[Any]], times: int) -> str:
    """Milliseconds, in the median."""
    spent = []
    for _ in range(times + 1):
        start = perf_counter()
        await ask()
        spent.append(perf_counter() - start)
    return f"{median(spent[1:]) * 1000:.1f}"


def _filled(tables: Tables, rows: int) -> UnitOf[str]:
    """Opportunities on their way, with every stay; gives the first of the people."""
    system, random = SystemScope(tables), Random(1)
    people = yield from create(system, "user", [{"name": f"user {at}"} for at in range(OWNERS)], SYSTEM)
    names = [{"name": f"customer {at}"} for at in range(min(CUSTOMERS, rows))]
    customers: list[str] = []
    for at in range(0, len(names), 1000):
        customers += yield from create(system, "customer", names[at : at + 1000], SYSTEM)
    records, stays = subject_of(system, "opportunity"), subject_of(system, "stage_change")
    blank = [dict.fromkeys(each.name for each in subject.stored) for subject in (records, stays)]
    for _ in range(0, rows, 10_000):
        sold = [_sold(people, customers, random) for _ in range(min(rows, 10_000))]
        yield many(insertion(records), [{**blank[0], **record} for record, _ in sold], SYSTEM)
        history = [{**blank[1], **stay} for _, found in sold for stay in found]
        yield many(insertion(stays), history, SYSTEM)
    yield Step("ANALYZE", ())
    return people[0]


def _sold(people: tuple[str, ...], customers: list[str], random: Random) -> tuple[Row, list[Row]]:
    """One opportunity and its stays: some steps forward, and perhaps lost."""
    id_, at = new_id(), NOW - timedelta(minutes=random.randrange(400 * 24 * 60))
    way = [*STAGES[: random.randrange(1, len(STAGES) + 1)]]
    way += ["lost"] if way[-1] != "won" and random.random() < 0.4 else []
    stays: list[Row] = []
    for before, stage in zip((None, *way), way, strict=False):
        entered, at = at, at + timedelta(minutes=random.randrange(1, 60 * 24 * 40))
        place = {"pipeline": "direct", "stage": stage, "from_stage": before, "status": _status(stage)}
        stay = {
            "id": new_id(),
            "opportunity": id_,
            "entered_at": entered,
            "left_at": at,
            "direction": "forward",
        }
        stays.append({**place, **stay, **_stamps(entered)})
    stays[-1]["left_at"] = None
    since, status = stays[-1]["entered_at"], _status(way[-1])
    record: Row = {
        "id": id_,
        "name": "Opportunity",
        "owner": random.choice(people),
        "customer": random.choice(customers),
        "amount": Decimal(random.randrange(100_000)),
        "close_date": date(2026, 1, 1) + timedelta(random.randrange(365)),
        "pipeline": "direct",
        "stage": way[-1],
        "status": status,
        "stage_since": since,
        "closed_at": None if status == "open" else since,
        **_stamps(NOW),
    }
    return record, stays


def _status(stage: str) -> str:
    return stage if stage in ("won", "lost") else "open"


def _stamps(at: datetime) -> Row:
    return {"created_at": at, "updated_at": at, "created_by": None, "updated_by": None, "version": 1}


if __name__ == "__main__":
    main()
