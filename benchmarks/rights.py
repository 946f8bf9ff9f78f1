"""What value-dependent rights cost: one question asked with and without them, on both engines.

Each line is one thing that a question does with a field (shows it, filters by it, orders by it, adds it up),
asked by users of four roles who may read every row or some, and the field everywhere or on some rows. The
statements run in this process, warm, without HTTP. Run it by `make bench-rights`.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Options, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.unit import Step
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.records import create
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
name: deal
owned: true
fields:
  name: {type: text, required: true}
  amount: {type: money, index: true}
  grade: {type: choice, options: [a, b, c, d]}
"""
ROLE = """
---
kind: role
name: %s
objects:
  deal:
    read: %s
    fields: {name: read, grade: read, owner: read, amount: %s}
  user: {read: true, fields: {name: read}}
"""
OWN = "{where: {owner: $user.id}}"
PUBLIC = "{where: {or: [{owner: $user.id}, {grade: [a, b, c]}]}}"
ROLES: Mapping[str, tuple[str, str]] = {
    "no rights": ("true", "read"),
    "field": ("true", f"{{read: {OWN}}}"),
    "rows": (PUBLIC, "read"),
    "rows and field": (PUBLIC, f"{{read: {OWN}}}"),
}
QUESTIONS: Mapping[str, str] = {
    "show a page of 50": "{ deals(first: 50) { nodes { name amount } } }",
    "filter, page of 50": "{ deals(first: 50, where: {amount: {gt: 99000}}) { nodes { name } } }",
    "filter and count": "{ deals(first: 1, where: {amount: {gt: 50000}}) { totalCount } }",
    "order, page of 50": "{ deals(first: 50, orderBy: [{amount: DESC}]) { nodes { name } } }",
    "sum of all": "{ dealAggregate { sum { amount } } }",
    "sum by grade": "{ dealAggregate(groupBy: [{field: grade}]) { key { grade } sum { amount } } }",
}
OWNERS = 50
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SYSTEM = Environment({}, {}, NOW, ZoneInfo("UTC"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=50_000, help="how many deals there are")
    parser.add_argument("--times", type=int, default=30, help="how often each is asked; the median counts")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    given = parser.parse_args()
    for engine in [given.engine] if given.engine else ["sqlite", "postgresql"]:
        with _database(engine) as url:
            _report(engine, given.rows, asyncio.run(_measured(url, given.rows, given.times)))


@contextmanager
def _database(engine: str) -> Iterator[str]:
    """An empty one that is thrown away."""
    if engine == "sqlite":
        with tempfile.TemporaryDirectory(prefix="salesmode-bench-") as folder:
            yield f"sqlite:///{folder}/bench.db"
    else:
        with serve() as server, server.database() as url:
            yield url


async def _measured(url: str, rows: int, times: int) -> Mapping[str, Mapping[str, float]]:
    """Milliseconds by question and role."""
    roles = "".join(ROLE % (_name(name), *rights) for name, rights in ROLES.items())
    model = compile_texts({"app.yaml": APP + roles}).model
    database = await connect(url, Options(durable=False))
    try:
        tables = tables_of(model, database.dialect)
        await database.with_connection(tables.create)
        me = await database.run(lambda: _filled(tables, rows))
        endpoint, user = Endpoint(tables, database), {"id": me, "teams": ()}
        environment = Environment({}, user, NOW, ZoneInfo("UTC"))
        callers = {name: Caller(policy_of(model, {_name(name)}), environment) for name in ROLES}
        found: dict[str, dict[str, float]] = {}
        for title, text in QUESTIONS.items():
            found[title] = {name: await _time(endpoint, text, each, times) for name, each in callers.items()}
        return found
    finally:
        await database.close()


def _name(title: str) -> str:
    return title.replace(" ", "_")


def _filled(tables: Tables, rows: int) -> UnitOf[str]:
    """Deals of fifty people; gives the first of them, whose they are as often as any other's."""
    system, random = SystemScope(tables), Random(1)
    people = yield from create(system, "user", [{"name": f"user {at}"} for at in range(OWNERS)], SYSTEM)
    subject = subject_of(system, "deal")
    yield many(insertion(subject), [_deal(at, people, random) for at in range(rows)], SYSTEM)
    yield Step("ANALYZE", ())
    return people[0]


def _deal(number: int, people: tuple[str, ...], random: Random) -> Mapping[str, object]:
    at = NOW - timedelta(minutes=number)
    stamps = {"created_at": at, "updated_at": at, "created_by": None, "updated_by": None, "version": 1}
    return {
        "id": new_id(),
        "name": f"Deal {number}",
        "amount": Decimal(random.randrange(100_000)),
        "grade": random.choice("abcd"),
        "owner": random.choice(people),
        **stamps,
    }


async def _time(endpoint: Endpoint, text: str, caller: Caller, times: int) -> float:
    """Milliseconds of a warm answer, in the median."""
    spent = []
    for number in range(times + 3):
        start = perf_counter()
        answer = await endpoint.answer(Query(text, {}), caller)
        if number >= 3:
            spent.append(perf_counter() - start)
        assert b'"errors"' not in answer.body, answer.body
    return median(spent) * 1000


def _report(engine: str, rows: int, found: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n{engine}, {rows:,} rows, milliseconds")
    print(f"  {'':22}" + "".join(f"{name:>22}" for name in ROLES))
    for text, spent in found.items():
        plain = spent["no rights"]
        cells = [f"{plain:.2f}", *(f"{each:.2f} ({each / plain:.1f} ×)" for each in list(spent.values())[1:])]
        print(f"  {text:22}" + "".join(f"{cell:>22}" for cell in cells))


if __name__ == "__main__":
    main()
