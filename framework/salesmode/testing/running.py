"""An app on a database: its tables, its user data, and its API for each of its users."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson
import sqlalchemy as sa

from salesmode.access.scope import SystemScope
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.graph.endpoint import Endpoint, Query, refused
from salesmode.jobs import Settings, Worker
from salesmode.jobs.work import Work
from salesmode.model.app import UserData
from salesmode.model.object import Object
from salesmode.records import load_user_data, upsert
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import Tables
from salesmode.testing.clock import Clock, duration_of

ADMINISTRATOR = "admin"
T = TypeVar("T")


class Running:
    """One app in one database of its own; whoever asks first calls `begin`.

    `clock` is the time of every request. There is always an administrator of the name `admin`. Plugins hear
    of what was committed (`after_commit`) before the answer is given. `heard`: the SQL of the statements on
    data that the last answer or unit of work took.
    """

    def __init__(self, tables: Tables, database: Database, clock: Clock | None = None) -> None:
        self.tables = tables
        self.database = database
        self.clock = clock or Clock()
        self._endpoint = Endpoint(tables, database)
        self._callers = Callers(tables, database, now=self.clock)
        self._worker = self._new_worker()
        self.heard: list[str] = []

    def _new_worker(self) -> Worker:
        """It knows no secrets, so it tells webhooks nothing."""
        return Worker(self.tables, self.database, Settings(clock=self.clock, variables={}))

    @property
    def environment(self) -> Environment:
        """For the system's own work."""
        app = self.tables.model.app
        return Environment({}, {}, self.clock(), ZoneInfo(app.timezone), app.fiscal_year_start)

    async def make_tables(self) -> None:
        """The app's tables in an empty database."""
        await self.database.with_connection(self.tables.create)

    async def drop_tables(self) -> None:
        """The database is empty again."""
        await self.database.with_connection(self.tables.drop)

    async def begin(self, clock: Clock | None = None, *, data: Iterable[UserData] | None = None) -> None:
        """As after the first `apply`: nothing but the metadata's own records (all unless said which) and the
        administrator.
        """
        self.clock = clock or Clock()
        self._callers = Callers(self.tables, self.database, now=self.clock)
        self._worker = self._new_worker()
        await self.database.with_connection(self.tables.empty)
        await self.database.run(lambda: load_user_data(self.tables, self.environment, data))
        await self.database.run(self._administrator)
        await self._worker.timetable.begin()

    def _administrator(self) -> UnitOf[tuple[str, ...]]:
        row = {"name": ADMINISTRATOR, "active": True, "roles": ["admin"]}
        return upsert(SystemScope(self.tables), "user", ("name",), [row], self.environment)

    async def pass_time(self, duration: str) -> None:
        """The clock moves by `+40d`, `+2h` …; what is due meanwhile is done at its times."""
        start, end = self.clock(), self.clock.after(*duration_of(duration))
        for moment, works in self._worker.timetable.stops(start, end):
            self.clock.move(moment)
            await self.work(works)

    async def do(self, unit: Callable[[], UnitOf[T]]) -> T:
        """A unit of work of the system; plugins hear of it too."""
        with self._hearing():
            result = await self.database.run(unit)
        await self._worker.tell_plugins()
        return result

    async def work(self, works: Sequence[Work] | None = None) -> None:
        """What is due now (of these works) is done, and plugins hear of what was committed."""
        await self._worker.timetable.run(works)
        await self._worker.tell_plugins()
        await self._worker.tell_plugins()

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        self.heard = []
        hear = self.heard.append
        self.database.listeners.append(hear)
        try:
            yield
        finally:
            self.database.listeners.remove(hear)

    async def names(self, object_: Object) -> list[tuple[str, str]]:
        """The id and the name of every record of an object that has names."""
        table = self.tables.table(object_.name)
        query = sa.select(table.c.id, table.c[object_.fields["name"].column]).where(
            table.c.deleted_at.is_(None)
        )
        statement = render(query, self.tables.dialect)
        rows = await self.database.fetch(Step(statement.sql, statement.bind(self.environment)))
        return [(str(id), str(name)) for id, name in rows]

    async def ask(
        self, user: str, text: str, variables: Mapping[str, Any] | None = None, *, locale: str | None = None
    ) -> dict[str, Any]:
        """The whole answer to that user: `data`, `errors`. A user who is not there is UNAUTHENTICATED."""
        language = locale or self.tables.model.app.locales[0]
        try:
            caller = await self._callers.caller(Identity(user), language)
        except Refusal as refusal:
            return {"errors": orjson.loads(refused(refusal, language))}
        with self._hearing():
            answer = await self._endpoint.answer(Query(text, variables or {}), caller)
        await self._worker.tell_plugins()
        found: dict[str, Any] = orjson.loads(answer.body)
        return found
