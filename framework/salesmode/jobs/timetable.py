"""All timed work of an app, done when it is due, by whichever worker comes first."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeAlias
from uuid import uuid4
from zoneinfo import ZoneInfo

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.errors import DatabaseError
from salesmode.jobs.leases import LeaseLost, Leases
from salesmode.jobs.schedule import following, latest
from salesmode.jobs.sweeps import SWEEPS
from salesmode.jobs.work import TERM, Clock, Hand, Work
from salesmode.tables import Tables

LOG = logging.getLogger("salesmode.jobs")

_FEW_STOPS, _MOST_STOPS = 24, 100
_FEW_DAYS = 10
_AT_ONCE = 8
_PAUSE = timedelta(seconds=30)
"""How long work that the database refused waits."""

Ended: TypeAlias = Callable[[], UnitOf[None]]


def _nothing() -> UnitOf[None]:
    yield from ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One work: when it was done last (None: it is not known yet), when it is due next, and who does it."""

    name: str
    schedule: str
    last: datetime | None
    next: datetime
    worker: str | None


@dataclass(frozen=True, eq=False)
class Timetable:
    """The work of one app on one database, as one worker does it.

    A time that passed while nobody worked is made up for once. What was due before the work was first known
    is not.
    """

    tables: Tables
    database: Database
    works: Sequence[Work]
    clock: Clock
    holder: str = field(default_factory=lambda: uuid4().hex)

    async def begin(self) -> None:
        """From now on, times count."""
        known = await self._leases.known(self.database)
        new = [each.name for each in self.works if each.name not in known]
        await self.database.run(lambda: self._leases.made(new, self.clock()))

    async def run(self, works: Sequence[Work] | None = None) -> int:
        """Do all that is due (of these works), in the order of time; gives how many records were changed.

        Most work finds nothing to do, so that its leases are most of what it writes: several are taken at
        once, and given back together with taking the next.
        """
        count, ended = 0, list[Ended]()
        due = [each for each in await self.due() if works is None or each[1] in works]
        for at in range(0, len(due), _AT_ONCE):
            taken = await self._taken(due[at : at + _AT_ONCE], ended)
            ended = []
            for since, work in taken:
                changed, end = await self._do(work, since)
                count += changed
                ended.append(end)
        if ended:
            await self._taken([], ended)
        return count

    async def due(self) -> list[tuple[datetime, Work]]:
        """What is to be done now, and since when."""
        known, now = await self._leases.known(self.database), self.clock()
        times = [(latest(each.schedule, now, self._zone), each) for each in self.works if each.name in known]
        found = [(due, each) for due, each in times if known[each.name].done_at < due]
        return sorted(found, key=lambda each: each[0])

    def next(self, after: datetime) -> datetime | None:
        """When something is due next; None without any work."""
        return min((following(each.schedule, after, self._zone) for each in self.works), default=None)

    def stops(self, start: datetime, end: datetime) -> list[tuple[datetime, Sequence[Work]]]:
        """The times between at which somebody's work is due, and the end, each with the work to do then; what
        is due more often than once a day, and too often to wait for, is done at those times, like the
        engine's own sweeps. Where many days pass, it is done at the last of each day.
        """
        days = (end - start).days + 1
        found, most = dict[datetime, list[Work]]({end: []}), min(max(days, _FEW_STOPS), _MOST_STOPS)
        for each in self.works:
            times = [] if each in SWEEPS else list(islice(self._times(each, start, end), most + 1))
            for time in times if len(times) <= most else ():
                found.setdefault(time, []).append(each)
        last = {time.astimezone(self._zone).date(): time for time in sorted(found)}
        whole = set(found if days <= _FEW_DAYS else last.values())
        return [(time, self.works if time in whole else found[time]) for time in sorted(found)]

    def _times(self, work: Work, start: datetime, end: datetime) -> Iterator[datetime]:
        due = following(work.schedule, start, self._zone)
        while due <= end:
            yield due
            due = following(work.schedule, due, self._zone)

    async def entries(self) -> list[Entry]:
        """All work, what is done next first."""
        known, now = await self._leases.known(self.database), self.clock()
        found = []
        for each in self.works:
            lease = known.get(each.name)
            due = following(each.schedule, lease.done_at if lease else now, self._zone)
            working = lease.holder if lease and lease.holder and lease.until > now else None
            found.append(Entry(each.name, each.schedule, lease.done_at if lease else None, due, working))
        return sorted(found, key=lambda each: each.next)

    @property
    def _leases(self) -> Leases:
        return Leases(self.tables)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.tables.model.app.timezone)

    async def _taken(
        self, wanted: Sequence[tuple[datetime, Work]], ended: Sequence[Ended]
    ) -> list[tuple[datetime, Work]]:
        """What of it nobody else does, once what ended is given back."""
        now = self.clock()

        def unit() -> UnitOf[list[tuple[datetime, Work]]]:
            for each in ended:
                yield from each()
            found = []
            for due, work in wanted:
                if (yield from self._leases.taken(work.name, self.holder, due, now, now + TERM)):
                    found.append((due, work))
            return found

        return await self.database.run(unit)

    async def _do(self, work: Work, due: datetime) -> tuple[int, Ended]:
        """How many records were changed, and what gives the work back."""
        try:
            return await self._done(work), self._given_back(work, due)
        except LeaseLost:
            LOG.warning("'%s' took so long that another worker does it now", work.name)
            return 0, _nothing
        except DatabaseError as error:
            LOG.warning("'%s' is tried again: %s", work.name, error)
            return 0, self._given_back(work, None)

    async def _done(self, work: Work) -> int:
        try:
            return await work.run(self._hand(work))
        except (LeaseLost, DatabaseError):
            raise
        except Exception:
            LOG.exception("'%s' failed; it is tried again when it is due next", work.name)
            return 0

    def _given_back(self, work: Work, done: datetime | None) -> Ended:
        until = self.clock() + (_PAUSE if done is None else timedelta())
        return lambda: self._leases.given_back(work.name, self.holder, until, done)

    def _hand(self, work: Work) -> Hand:
        app = self.tables.model.app
        environment = Environment({}, {}, self.clock(), self._zone, app.fiscal_year_start)
        return Hand(self.tables, self.database, environment, work.name, self.holder, self.clock)
