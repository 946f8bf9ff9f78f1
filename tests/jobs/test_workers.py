"""Several workers at once, in several processes, some of which are killed: everything once, nothing lost."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from salesmode.access.scope import SystemScope
from salesmode.database.driver import Ending, Hear
from salesmode.jobs import Timetable, working
from salesmode.jobs.leases import LeaseLost, Leases
from salesmode.jobs.work import TERM, Hand, Work
from salesmode.jobs.worker import LOOK_EVERY
from salesmode.records import create
from tests.jobs.crm import NOON, Crm, crm
from tests.jobs.process import HOOK, REMIND
from tests.jobs.receiver import Receiver, receiving
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
MORNING = NOON + timedelta(hours=20)


def started(
    url: str, now: datetime, *death: str, receiver: Receiver | None = None
) -> "subprocess.Popen[str]":
    known = {} if receiver is None else {"ERP_URL": receiver.url, "ERP_SECRET": "secret"}
    command = [sys.executable, "-m", "tests.jobs.process", url, now.isoformat(), *death]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | known, stdout=subprocess.PIPE, text=True)


@asynccontextmanager
async def customers(url: str, number: int, *documents: str) -> AsyncIterator[Crm]:
    """An app with so many customers, whose timed work is known since noon."""
    async with crm(url, *documents) as found:
        scope = SystemScope(found.api.tables)
        for at in range(0, number, 1000):
            rows = [{"name": f"C{each}"} for each in range(at, min(at + 1000, number))]
            await found.api.database.run(lambda rows=rows: create(scope, "customer", rows, SYSTEM))
        await found.worker().timetable.begin()
        yield found


async def reminded(found: Crm) -> Counter[int]:
    """How many customers have how many tasks."""
    rows = await found.rows(
        "SELECT count(tasks.id) FROM customers LEFT JOIN tasks ON customer_id = customers.id"
        " GROUP BY customers.id"
    )
    return Counter(row[0] for row in rows)


def timetable(found: Crm, *works: Work) -> Timetable:
    return Timetable(found.api.tables, found.api.database, works, lambda: found.now)


async def test_processes_that_begin_at_once_share_and_do_nothing_twice(database_url: str) -> None:
    with receiving() as receiver:
        async with customers(database_url, 300, REMIND, HOOK) as found:
            processes = [started(database_url, MORNING, receiver=receiver) for _ in range(3)]
            for each in processes:
                output, _ = await asyncio.to_thread(each.communicate)
                assert each.returncode == 0, output
            assert await reminded(found) == {1: 300}
            told = Counter(each.told["id"] for each in receiver.requests)
            assert (len(told), set(told.values())) == (300, {1})


@pytest.mark.parametrize("death", [("INSERT INTO tasks", "2"), ("INSERT INTO sm_handled", "1")])
async def test_a_worker_that_is_killed_in_the_middle_is_made_up_for(
    database_url: str, death: tuple[str, str]
) -> None:
    async with customers(database_url, 700, REMIND, HOOK) as found:
        process = started(database_url, MORNING, *death)
        await asyncio.to_thread(process.communicate)
        assert process.returncode == -signal.SIGKILL, "it died by itself, in the middle"
        found.now = MORNING + timedelta(seconds=30)
        worker = found.worker()
        assert await worker.timetable.run() == 0, "it counts as working"
        found.now = MORNING + TERM + timedelta(seconds=1)
        await worker.timetable.run()
        assert await reminded(found) == {1: 700}


async def test_an_event_that_was_on_its_way_when_the_worker_died_is_delivered(database_url: str) -> None:
    with receiving() as receiver:
        async with customers(database_url, 100, REMIND, HOOK) as found:
            process = started(database_url, NOON, "DELETE FROM sm_outbox", "2", receiver=receiver)
            await asyncio.to_thread(process.communicate)
            assert process.returncode == -signal.SIGKILL
            assert len(receiver.requests) == 100, "the second parcel was delivered, and not yet done with"
            found.variables |= {"ERP_URL": receiver.url, "ERP_SECRET": "secret"}
            found.now = NOON + timedelta(seconds=30)
            await found.worker().once()
            found.now = NOON + TERM
            await found.worker().once()
            told = Counter(each.told["id"] for each in receiver.requests)
            assert len(told) == 100
            assert max(told.values()) == 2, "at least once"


async def test_two_workers_and_forty_days(database_url: str) -> None:
    async with customers(database_url, 3, REMIND) as found:
        workers = [found.worker(), found.worker()]
        for _ in range(40 * 2):
            found.now += timedelta(hours=12)
            await asyncio.gather(*(each.timetable.run() for each in workers))
        assert await reminded(found) == {40: 3}


async def test_events_are_shared_by_workers_and_each_is_delivered_once(database_url: str) -> None:
    with receiving() as receiver:
        async with customers(database_url, 100, HOOK) as found:
            found.variables |= {"ERP_URL": receiver.url, "ERP_SECRET": "secret"}
            await asyncio.gather(*(found.worker().once() for _ in range(3)))
            told = Counter(each.told["id"] for each in receiver.requests)
            assert (len(told), set(told.values())) == (100, {1})


async def test_missed_times_are_made_up_for_once_and_the_past_is_not(database_url: str) -> None:
    async with customers(database_url, 2, REMIND.replace("{in: day}", "{per: updated_at}")) as found:
        found.now += timedelta(days=10)
        runs: list[datetime] = []

        async def run(hand: Hand) -> int:
            runs.append(hand.environment.now)
            return 0

        table = timetable(found, Work("new", "0 * * * *", run))
        await table.begin()
        await table.run()
        assert runs == []
        found.now += timedelta(hours=5)
        await table.run()
        await table.run()
        assert runs == [found.now]


async def test_who_lost_the_lease_writes_nothing(database_url: str) -> None:
    async with customers(database_url, 1, REMIND) as found:
        order: list[str] = []

        async def too_slow(hand: Hand) -> int:
            found.now += TERM + timedelta(seconds=1)
            await quick.run()
            with pytest.raises(LeaseLost):
                await hand.do(lambda: create(SystemScope(hand.tables), "task", [{"subject": "x"}], SYSTEM))
            order.append("slow")
            raise LeaseLost("work")

        async def at_once(hand: Hand) -> int:
            order.append("quick")
            return 1

        slow, quick = (timetable(found, Work("work", "0 8 * * *", run)) for run in (too_slow, at_once))
        await slow.begin()
        found.now = MORNING
        assert await slow.run() == 0
        assert order == ["quick", "slow"]
        assert await found.rows("SELECT count(*) FROM tasks") == [(0,)]
        found.now += timedelta(minutes=5)
        assert await quick.run() == 0, "it is done"


async def test_what_another_worker_has_done_is_not_taken(database_url: str) -> None:
    async with customers(database_url, 0, REMIND) as found:
        leases, run = Leases(found.api.tables), found.api.database.run
        later, due = NOON + TERM, NOON + timedelta(seconds=1)
        await run(lambda: leases.made(["work"], NOON))
        assert await run(lambda: leases.taken("work", "one", due, due, later))
        assert not await run(lambda: leases.taken("work", "other", due, due, later)), "it is being done"
        await run(lambda: leases.given_back("work", "one", due, due))
        assert not await run(lambda: leases.taken("work", "other", due, due, later)), "it is done"
        assert await run(lambda: leases.taken("work", "other", later, later, later + TERM))


async def test_postgresql_says_when_something_is_there(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LOOK_EVERY, "postgresql", 3600.0)
    with receiving() as receiver:
        async with customers(postgresql_url, 0, HOOK) as found:
            found.variables |= {"ERP_URL": receiver.url, "ERP_SECRET": "secret"}
            listens, listen = asyncio.Event(), found.api.database.listen

            async def listened(channel: str, hear: Hear) -> Ending:
                ending = await listen(channel, hear)
                listens.set()
                return ending

            monkeypatch.setattr(found.api.database, "listen", listened)
            async with working(found.worker()):
                await listens.wait()
                await found.new("customer", name="C")
                await asyncio.to_thread(receiver.came.acquire, timeout=30)
        assert len(receiver.requests) == 1
