"""One process's server as an ASGI application that opens its own database, so that it can be made anywhere.

Its model can be replaced while it serves: a request that runs finishes on the old one, the next one meets the
new one, and subscriptions end, so that their clients ask again.
"""

import asyncio
import logging
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options
from salesmode.diagnostics import Refusal
from salesmode.jobs import Worker
from salesmode.model.app import Model
from salesmode.server.application import application, retire
from salesmode.server.settings import DEFAULTS, Settings
from salesmode.tables import tables_of

LOG = logging.getLogger("salesmode.server")


@dataclass(eq=False)
class Served:
    """`model` is the one that is served first; `url`, `secret` and `dev` are those of `application`.

    `works`: the process also does timed work and delivers events.
    """

    model: Model
    url: str
    secret: str | None
    dev: bool = False
    settings: Settings = DEFAULTS
    works: bool = False
    _working: asyncio.Task[None] | None = field(default=None, init=False)
    _current: Starlette | None = field(default=None, init=False)
    _database: Database | None = field(default=None, init=False)

    @property
    def database(self) -> Database:
        """What it is served from, once it has started."""
        assert self._database is not None, "the server has not started"
        return self._database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            assert self._current is not None, "the server has not started"
            await self._current(scope, receive, send)

    def replace(self, model: Model) -> None:
        """Serve another model from now on."""
        old, self.model = self._current, model
        self._current = application(
            model, self.database, secret=self.secret, dev=self.dev, settings=self.settings
        )
        if old is not None:
            retire(old, self.database)
        self._work()

    def _work(self) -> None:
        """For the model that is served now."""
        if self.works:
            self._stop_working()
            try:
                worker = Worker(tables_of(self.model, self.database.dialect), self.database)
            except Refusal as refusal:
                LOG.error("no work is done: %s", refusal)
            else:
                self._working = asyncio.create_task(worker.run())

    def _stop_working(self) -> None:
        if self._working is not None:
            self._working.cancel()

    async def _end_working(self) -> None:
        self._stop_working()
        if self._working is not None:
            with suppress(asyncio.CancelledError):
                await self._working

    async def _live(self, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as stack:
            await receive()
            self._database = await connect(
                self.url, Options(statement_timeout=self.settings.statement_timeout)
            )
            stack.push_async_callback(self._database.close)
            stack.push_async_callback(self._end_working)
            self.replace(self.model)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})
