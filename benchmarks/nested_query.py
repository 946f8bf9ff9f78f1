"""20 customers × 5 opportunities × 3 activities: Salesmode beside graphene and SQLAlchemy with data loaders.

Both are asked the same text by the same client over HTTP on this machine, as the same user, on the same
database and with the same rights; the answers have to be equal. Run it by `make bench`.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.load import Measured, Request, ask, measure
from benchmarks.question import KEY_ACCOUNTS, QUERY
from benchmarks.servers import Running, by_hand, salesmode
from tests.support.postgres import serve

POSTGRES = "SALESMODE_BENCH_POSTGRES"
SIZE = "m"

Contestants = dict[str, Request]
Found = dict[str, list[Measured]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3, help="how long each run takes")
    parser.add_argument("--rounds", type=int, default=3, help="how many runs each has; the median counts")
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], help="only this one")
    given = parser.parse_args()
    for engine in [given.engine] if given.engine else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="salesmode-bench-") as name, _database(engine, name) as url:
            _compare(engine, url, Path(name), given.seconds, given.rounds)


@contextmanager
def _database(engine: str, folder: str) -> Iterator[str]:
    """An empty database: a file, or PostgreSQL's at SALESMODE_BENCH_POSTGRES, else of a throw-away server."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}/bench.db"
    elif POSTGRES in os.environ:
        yield os.environ[POSTGRES]
    else:
        with serve() as server, server.database() as url:
            yield url


def _compare(engine: str, url: str, folder: Path, seconds: float, rounds: int) -> None:
    with salesmode(url, folder, SIZE) as ours, by_hand(url, ours) as theirs:
        body = asyncio.run(_question(ours))
        contestants = {
            "salesmode": Request(ours.process, ours.port, "/graphql", ours.token, body),
            "by hand": Request(theirs.process, theirs.port, "/graphql", theirs.token, body),
            "by hand, documents kept": Request(theirs.process, theirs.port, "/prepared", theirs.token, body),
        }
        counts = asyncio.run(_equal(contestants))
        print(f"\n{engine}, demo of size {SIZE}: {counts}")
        for connections in (1, 8):
            _report(asyncio.run(_measured(contestants, seconds, rounds, connections)), connections)


async def _question(server: Running) -> bytes:
    """The question about the user's key accounts."""
    body = json.dumps({"query": KEY_ACCOUNTS}).encode()
    answer = json.loads(await ask(Request(server.process, server.port, "/graphql", server.token, body)))
    ids = [each["key"]["customer"]["id"] for each in answer["data"]["opportunityAggregate"]]
    return json.dumps({"query": QUERY, "variables": {"ids": ids}}).encode()


async def _equal(contestants: Contestants) -> str:
    """Every answer is the same; says how much is in it."""
    first, *others = [json.loads(await ask(request)) for request in contestants.values()]
    assert "errors" not in first, first["errors"]
    for other in others:
        assert other == first, f"the answers differ: {_difference(first, other)}"
    customers = first["data"]["customers"]["nodes"]
    deals = [deal for customer in customers for deal in customer["opportunities"]["nodes"]]
    talks = [talk for deal in deals for talk in deal["activities"]["nodes"]]
    masked = sum((customer["wechat"] or "").startswith("••••") for customer in customers)
    return (
        f"{len(customers)} customers ({masked} with a masked field), {len(deals)} opportunities, "
        f"{len(talks)} activities; the answers are equal"
    )


def _difference(one: object, other: object, path: str = "") -> str:
    """Where two answers differ first."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(name, one[name], other[name]) for name in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(str(at), each, other[at]) for at, each in enumerate(one)]
    else:
        return f"{path}: {one!r:.200} and {other!r:.200}"
    name, mine, theirs = next(pair for pair in pairs if pair[1] != pair[2])
    return _difference(mine, theirs, f"{path}.{name}")


async def _measured(contestants: Contestants, seconds: float, rounds: int, connections: int) -> Found:
    """In turns, so that a slow minute of the machine hits all of them; the first round warms up."""
    found: Found = {name: [] for name in contestants}
    for number in range(rounds + 1):
        for name, request in contestants.items():
            run = await measure(request, seconds=seconds if number else 1, connections=connections)
            if number:
                found[name].append(run)
    return found


def _report(found: Found, connections: int) -> None:
    rates = {name: median(run.per_second for run in runs) for name, runs in found.items()}
    work = {name: median(run.cpu_ms for run in runs) for name, runs in found.items()}
    first, least = rates["salesmode"], work["salesmode"]
    print(f"\n  {connections} connection{'s' if connections > 1 else ''}")
    print(f"  {'':26}{'requests/s':>11}{'':>8}{'CPU ms':>9}{'':>8}{'median ms':>11}{'p99 ms':>9}")
    for name, runs in found.items():
        middle, worst = median(run.median_ms for run in runs), median(run.p99_ms for run in runs)
        rate, cpu = (f"{times:.1f} ×" for times in (first / rates[name], work[name] / least))
        print(
            f"  {name:26}{rates[name]:>11.1f}{rate:>8}{work[name]:>9.2f}{cpu:>8}{middle:>11.2f}{worst:>9.2f}"
        )


if __name__ == "__main__":
    main()
