"""What is written to the database, by whichever process, handed to the followers in this one.

PostgreSQL says which records were written when their transaction is committed. On SQLite, which has no
notices between processes, `sm_change` is looked at when this process has written and every `POLL` seconds.
Nothing is read while nobody follows.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import groupby

from salesmode.database.driver import Database
from salesmode.database.unit import Row, Step
from salesmode.graph.change import Change
from salesmode.graph.follower import Follower
from salesmode.records.notices import CHANNEL, Named, read_notice

LOG = logging.getLogger("salesmode.graph")

POLL = 0.25
PENDING = 2_000  # changes that one follower may be behind; a bulk mutation writes at most half as many

_MOST = 20_000
_LATEST = "SELECT coalesce(max(rowid), 0) FROM sm_change"
_AFTER = (
    "SELECT object, record_id, version, operation, field, old, rowid FROM sm_change"
    " WHERE rowid > ? ORDER BY rowid LIMIT ?"
)
_NAMED = (
    "SELECT object, record_id, version, operation, field, old FROM sm_change"
    " WHERE object = ANY($1::text[]) AND record_id = ANY($2::uuid[]) AND version = ANY($3::int[])"
)


class Feed:
    """The changes of one database."""

    def __init__(self, database: Database, *, pending: int = PENDING) -> None:
        self._database = database
        self._pending = pending
        self._followers: set[Follower] = set()
        self._news = asyncio.Event()
        self._told: list[str | None] = []
        self._running: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """This process has written."""
        self._news.set()

    @asynccontextmanager
    async def follow(self, objects: Iterable[str]) -> AsyncIterator[Follower]:
        """Changes of these objects that are committed from now on."""
        follower = Follower(frozenset(objects), self._pending)
        self._followers.add(follower)
        try:
            await self._started()
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers:
                await self._stop()

    def give_up(self) -> None:
        """All followers get Lost."""
        for each in list(self._followers):
            each.give_up()

    async def _started(self) -> None:
        if self._running is None or self._running.done():
            self._ready = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._ready))
        assert self._ready is not None
        await asyncio.shield(self._ready)

    async def _stop(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def _run(self, ready: asyncio.Future[None]) -> None:
        try:
            await (self._poll(ready) if self._database.dialect == "sqlite" else self._listen(ready))
        except Exception as error:
            LOG.warning("subscriptions end: changes cannot be heard (%s)", type(error).__name__)
            if not ready.done():
                ready.set_exception(error)
            self.give_up()

    async def _poll(self, ready: asyncio.Future[None]) -> None:
        ((latest,),) = await self._database.fetch(Step(_LATEST, ()))
        ready.set_result(None)
        while True:
            self._news.clear()
            rows = await self._database.fetch(Step(_AFTER, (latest, _MOST)))
            groups = _groups(rows)
            if len(rows) == _MOST and len(groups) > 1:
                groups.pop()  # perhaps not whole
            if groups:
                latest = groups[-1][-1][-1]
                self._tell(groups)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), POLL)

    async def _listen(self, ready: asyncio.Future[None]) -> None:
        self._told.clear()
        end = await self._database.listen(CHANNEL, self._hear)
        try:
            ready.set_result(None)
            while True:
                await self._news.wait()
                self._news.clear()
                told, self._told = self._told, []
                if None in told:
                    raise ConnectionError
                named = [each for text in told if text for each in read_notice(text)]
                await self._fetch(named)
        finally:
            await end()

    def _hear(self, text: str | None) -> None:
        self._told.append(text)
        self._news.set()

    async def _fetch(self, named: Sequence[Named]) -> None:
        followed = frozenset[str]().union(*(each.objects for each in self._followers))
        wanted = [each for each in named if each[0] in followed]
        if not wanted:
            return
        rows = await self._database.fetch(
            Step(_NAMED, [list(set(column)) for column in zip(*wanted, strict=True)])
        )
        found = {key: list(group) for key, group in groupby(sorted(rows, key=_key), key=_key)}
        self._tell(found[each] for each in wanted if each in found)

    def _tell(self, groups: Iterable[Sequence[Row]]) -> None:
        for group in groups:
            change = _change(group)
            for each in list(self._followers):
                each.tell(change)


def _key(row: Row) -> Named:
    name, id_, version = row[:3]
    return str(name), str(id_), int(str(version))


def _groups(rows: Iterable[Row]) -> list[list[Row]]:
    return [list(group) for _, group in groupby(rows, key=_key)]


def _change(group: Sequence[Row]) -> Change:
    name, id_, version = _key(group[0])
    return Change(group[0][3], name, id_, version, dict(_old(group)))  # type: ignore[arg-type]


def _old(group: Sequence[Row]) -> Iterator[tuple[str, str | None]]:
    for row in group:
        field, old = row[4], row[5]
        if field is not None:
            yield str(field), None if old is None else str(old)
