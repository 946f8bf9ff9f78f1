"""Plugins' timed work, and what they hear of after a commit."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from salesmode.access.scope import SystemScope
from salesmode.diagnostics import Refusal
from salesmode.hookspecs import Desk, Event, TimedWork, hookimpl
from salesmode.jobs import Outbox
from salesmode.jobs.delivery import MOST_ATTEMPTS, pause
from salesmode.jobs.plugin_events import Telling
from salesmode.plugins import provided
from salesmode.records import delete, tag, untag
from tests.jobs.crm import NOON, crm
from tests.support.small_api import SYSTEM

pytestmark = pytest.mark.anyio

TASTE = """
kind: object
name: taste
fields:
  name: {type: text}
  price: {type: money}
  day: {type: date}
  moment: {type: datetime}
  many: {type: big_integer}
  kinds: {type: multi_choice, options: [x, y]}
  sure: {type: boolean}
  more: {type: json}
"""


def hearing(told: Callable[..., Any]) -> object:
    """A plugin that hears of what was committed."""

    @hookimpl
    def after_commit(events: Sequence[Event], desk: Desk) -> Any:
        return told(events, desk)

    return SimpleNamespace(after_commit=after_commit)


def working(run: Callable[[Desk], Any], schedule: str = "0 2 * * *") -> object:
    """A plugin with timed work."""

    @hookimpl
    def jobs(model: Any) -> Any:
        return [TimedWork(name="tidy", schedule=schedule, run=run)]

    return SimpleNamespace(jobs=jobs)


def listening(database_url: str, *documents: str) -> Any:
    return crm(database_url, *documents, app="plugins: [ear]")


async def test_events_hold_canonical_values(database_url: str) -> None:
    heard: list[Event] = []
    with provided(ear=hearing(lambda events, desk: heard.extend(events))):
        async with listening(database_url, TASTE) as found:
            await found.new(
                "taste",
                name="T",
                price=Decimal("12.50"),
                day=NOON.date(),
                moment=NOON,
                many=2**60,
                kinds=("x", "y"),
                sure=False,
                more={"a": [1]},
            )
            await found.worker().once()
    (event,) = heard
    assert (event.object, event.operation, event.version) == ("taste", "created", 1)
    assert event.at == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert event.new == {
        "name": "T",
        "price": Decimal("12.50"),
        "day": NOON.date(),
        "moment": NOON,
        "many": 2**60,
        "kinds": ("x", "y"),
        "sure": False,
        "more": {"a": [1]},
    }


async def test_each_kind_of_write_is_heard_in_order(database_url: str) -> None:
    heard: list[Event] = []
    mark = "kind: tag\nname: hot\nobject: deal"
    with provided(ear=hearing(lambda events, desk: heard.extend(events))):
        async with listening(database_url, mark) as found:
            scope, run = SystemScope(found.api.tables), found.api.database.run
            deal = await found.new("deal", name="D")
            await found.api.move("deal", deal, "offer")
            await run(lambda: tag(scope, "deal", {"id": deal, "tag": "hot"}, None, SYSTEM))
            await run(lambda: untag(scope, "deal", {"id": deal, "tag": "hot"}, SYSTEM))
            await run(lambda: delete(scope, "deal", [deal], SYSTEM))
            await found.worker().once()
    own = [each for each in heard if each.object == "deal"]
    assert [(each.operation, each.version) for each in own] == [
        ("created", 1),
        ("moved", 2),
        ("tagged", 3),
        ("untagged", 4),
        ("deleted", 5),
    ]
    assert own[1].move == ("talk", "offer")


async def test_what_a_plugin_writes_is_written_once_with_the_delivery(database_url: str) -> None:
    attempts = []

    def told(events: Sequence[Event], desk: Desk) -> Any:
        customers = [each for each in events if each.object == "customer"]
        attempts.append(len(customers))
        for each in customers:
            yield from desk.create("task", [{"subject": f"Welcome {each.new['name']}"}])
        if len(attempts) == 1:
            raise ValueError("not yet")

    with provided(ear=hearing(told)):
        async with listening(database_url) as found:
            await found.new("customer", name="C")
            await found.worker().once()
            assert await found.rows("SELECT count(*) FROM tasks") == [(0,)], "it was taken back"
            found.now += pause(1, 0.5)
            await found.worker().once()
            assert await found.rows("SELECT subject FROM tasks") == [("Welcome C",)]
            assert await found.rows("SELECT count(*) FROM sm_outbox") == [(0,)]


async def test_what_was_told_is_not_told_again_though_the_worker_died_right_after(database_url: str) -> None:
    heard: list[str] = []
    with provided(ear=hearing(lambda events, desk: heard.extend(each.id for each in events))):
        async with listening(database_url) as found:
            await found.new("customer", name="C")
            tables, database = found.api.tables, found.api.database
            until = found.now + timedelta(minutes=1)
            claim = Outbox(tables).claimed("plugin ear", found.now, until, 10)
            parcels = await database.run(lambda: claim)
            telling = Telling(tables, database, lambda: found.now)
            for _ in range(2):
                await telling.deliver("ear", parcels)
            assert heard == [each.id for each in parcels]


async def test_one_event_that_is_not_taken_keeps_no_other(database_url: str) -> None:
    taken: list[str] = []

    def told(events: Sequence[Event], desk: Desk) -> None:
        names = [str(each.new.get("name")) for each in events]
        if "Bad" in names:
            raise Refusal("CONFLICT")
        taken.extend(names)

    with provided(ear=hearing(told)):
        async with listening(database_url) as found:
            for name in ("One", "Bad", "Two"):
                await found.new("customer", name=name)
            for _ in range(MOST_ATTEMPTS):
                await found.worker().once()
                found.now += timedelta(hours=8)
            assert taken == ["One", "Two"]
            (dead,) = await Outbox(found.api.tables).dead(found.api.database)
            assert dead.listener == "plugin ear"


async def test_a_coroutine_does_its_own_waiting(database_url: str) -> None:
    heard: list[str] = []

    @hookimpl
    async def after_commit(events: Sequence[Event], desk: Desk) -> None:
        heard.extend(each.record for each in events)

    with provided(ear=SimpleNamespace(after_commit=after_commit)):
        async with listening(database_url) as found:
            customer = await found.new("customer", name="C")
            await found.worker().once()
            assert heard == [customer]
            assert await found.rows("SELECT count(*) FROM sm_outbox") == [(0,)]


async def test_a_coroutine_that_hangs_is_cancelled_and_called_again(database_url: str) -> None:
    heard: list[str] = []

    @hookimpl
    async def after_commit(events: Sequence[Event], desk: Desk) -> None:
        heard.append(events[0].record)
        if len(heard) == 1:
            await asyncio.Event().wait()

    with provided(ear=SimpleNamespace(after_commit=after_commit)):
        async with crm(database_url, app="plugins: [ear]\nplugin_timeout: 0.2") as found:
            customer = await found.new("customer", name="C")
            await found.worker().once()
            assert await found.rows("SELECT error FROM sm_outbox") == [("it took more than 0.2 seconds",)]
            found.now += pause(1, 0.5)
            await found.worker().once()
            assert heard == [customer, customer]
            assert await found.rows("SELECT count(*) FROM sm_outbox") == [(0,)]


async def test_timed_work_is_called_until_it_finds_nothing(database_url: str) -> None:
    calls = []

    def run(desk: Desk) -> Any:
        rows = yield from desk.read("customer", ["grade"], where={"grade": {"isNull": True}}, first=2)
        yield from desk.update("customer", {str(each["id"]): {"grade": "b"} for each in rows})
        calls.append(len(rows))
        return len(rows)

    with provided(ear=working(run)):
        async with listening(database_url) as found:
            for number in range(5):
                await found.new("customer", name=f"C{number}")
            worker = found.worker()
            await worker.timetable.begin()
            assert sum(await found.days(2, worker)) == 5
            assert calls == [2, 2, 1, 0, 0]


async def test_work_that_fails_is_told_and_done_at_its_next_time(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    def run(desk: Desk) -> Any:
        calls.append(desk.now)
        yield from desk.create("task", [{"subject": "Half"}])
        if len(calls) == 1:
            raise ValueError("broken")
        return 0

    with provided(ear=working(run)):
        async with listening(database_url) as found:
            worker = found.worker()
            await worker.timetable.begin()
            with caplog.at_level(logging.ERROR):
                await found.days(1, worker)
            assert "plugin ear: tidy" in caplog.text
            assert await found.rows("SELECT count(*) FROM tasks") == [(0,)]
            await found.days(1, worker)
            assert len(calls) == 2


def jobs_giving(answer: Any) -> Callable[[Any], Any]:
    def jobs(model: Any) -> Any:
        return answer

    return jobs
