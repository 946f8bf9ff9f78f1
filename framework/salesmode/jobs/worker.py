"""One worker: timed work when it is due, and events as soon as they are there."""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from salesmode.database.driver import Database
from salesmode.jobs.delivery import Delivery
from salesmode.jobs.outbox import Outbox
from salesmode.jobs.timetable import Timetable
from salesmode.jobs.webhooks import WITHIN, Messenger
from salesmode.jobs.work import Clock
from salesmode.jobs.works import works_of
from salesmode.records.listening import listeners_of
from salesmode.records.notices import CHANNEL
from salesmode.tables import Tables

LOG = logging.getLogger("salesmode.jobs")

LOOK_EVERY = {"sqlite": 1.0, "postgresql": 5.0}
"""Seconds between two looks at the outbox; PostgreSQL also says when there is something."""

_LONGEST_SLEEP = 30.0
_AFTER_TROUBLE = 5.0


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`private`: webhooks may ask addresses that are not public. `variables`: of the environment. `within`:
    seconds that a webhook has to answer.
    """

    private: bool = False
    variables: Mapping[str, str] = field(default_factory=lambda: os.environ)
    clock: Clock = _now
    chance: Callable[[], float] = random.random
    within: float = WITHIN


DEFAULTS = Settings()


class Worker:
    """Works for one app on one database; as many at once as wanted."""

    def __init__(self, tables: Tables, database: Database, settings: Settings = DEFAULTS) -> None:
        self._tables = tables
        self._database = database
        self._clock = settings.clock
        self._messenger = Messenger(settings.variables, settings.clock, settings.private, settings.within)
        self._delivery = Delivery(tables, database, settings.clock, self._messenger, settings.chance)
        self._news = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}
        self.timetable = Timetable(tables, database, works_of(tables), settings.clock)

    async def once(self) -> int:
        """Do what is due now and deliver what waits; gives how many records and events that were."""
        await self.timetable.begin()
        return await self.timetable.run() + await self._drained(self._names)

    async def tell_plugins(self) -> None:
        """Let plugins hear of what waits for them, and webhooks not."""
        await self._drained([each.name for each in listeners_of(self._tables) if each.webhook is None])

    async def _drained(self, names: Sequence[str]) -> int:
        count = 0
        while delivered := sum([await self._delivery.deliver(each) for each in await self._waiting(names)]):
            count += delivered
        return count

    @property
    def _names(self) -> Sequence[str]:
        return [each.name for each in listeners_of(self._tables)]

    async def _waiting(self, names: Sequence[str]) -> Sequence[str]:
        """Those of the listeners for whom something waits."""
        return await Outbox(self._tables).due(self._database, names, self._clock()) if names else ()

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._again(self._timed))
                if listeners_of(self._tables):
                    group.create_task(self._again(self._delivering))
                    if not self._database.options.pgbouncer:
                        group.create_task(self._again(self._hearing))
        finally:
            for each in self._busy.values():
                each.cancel()
            self._messenger.close()

    async def _again(self, part: Callable[[], Awaitable[None]]) -> None:
        """Whatever goes wrong, a database that is away comes back."""
        while True:
            try:
                await part()
            except Exception as error:
                LOG.warning("the worker goes on after %s: %s", type(error).__name__, error)
                await asyncio.sleep(_AFTER_TROUBLE)

    async def _timed(self) -> None:
        await self.timetable.begin()
        while True:
            await self.timetable.run()
            await asyncio.sleep(self._until_next())

    def _until_next(self) -> float:
        now = self._clock()
        due = self.timetable.next(now) or now + timedelta(days=1)
        return min((due - now).total_seconds(), _LONGEST_SLEEP)

    async def _delivering(self) -> None:
        while True:
            self._news.clear()
            for name in await self._waiting(self._names):
                if name not in self._busy:
                    self._busy[name] = asyncio.create_task(self._drain(name))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_EVERY[self._database.dialect])

    async def _drain(self, name: str) -> None:
        try:
            while await self._delivery.deliver(name):
                pass
        except Exception as error:
            LOG.warning("delivering to %s goes on after %s: %s", name, type(error).__name__, error)
        finally:
            del self._busy[name]

    async def _hearing(self) -> None:
        """Wait for notices; where none can be heard, looking now and then is enough."""
        lost = asyncio.Event()

        def hear(text: str | None) -> None:
            (self._news if text is not None else lost).set()

        end = await self._database.listen(CHANNEL, hear)
        try:
            await lost.wait()
        finally:
            await end()
        raise ConnectionError("the connection that hears of changes was lost")


@asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    """The worker works beside what is done meanwhile."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
