"""An app from texts, on a database of its own, in the test's own process."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import sqlalchemy as sa
from anyio.from_thread import BlockingPortal, start_blocking_portal

from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_app, compile_texts
from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options, UnitOf as EngineUnit
from salesmode.hooks.desk import Desk, UnitOf
from salesmode.model.app import Model
from salesmode.plugins import provided, stand_ins
from salesmode.records import upsert
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from salesmode.tables import tables_of
from salesmode.testing.client import Client
from salesmode.testing.running import ADMINISTRATOR, Running

T = TypeVar("T")
App = str | Path | Mapping[str, str]
"""A text of YAML, a folder, or texts by the names of files."""

_PATIENCE = 60.0  # seconds for a test's own code at a desk


class Crm:
    """An app that runs; made by `crm(…)`. The clock stands still until it is moved."""

    def __init__(self, running: Running, portal: BlockingPortal) -> None:
        self._running = running
        self._portal = portal

    @property
    def model(self) -> Model:
        return self._running.tables.model

    @property
    def now(self) -> datetime:
        return self._running.clock()

    @property
    def admin(self) -> Client:
        """The administrator, who may do everything."""
        return self.client(ADMINISTRATOR)

    def client(self, user: str) -> Client:
        """A user of the app, by name."""
        return Client(user, self.model, self._send)

    def user(self, name: str, *roles: str, **values: Any) -> Client:
        """A user with these roles and fields, who is made or changed; written by the system."""
        row = {"active": True, **values, "name": name, "roles": list(roles)}
        scope = SystemScope(self._running.tables)
        self._portal.call(
            self._running.do, lambda: upsert(scope, "user", ("name",), [row], self._running.environment)
        )
        return self.client(name)

    def role(self, name: str) -> Client:
        """Somebody who has that role and no other."""
        return self.user(f"a_{name}", name)

    def pass_time(self, duration: str) -> None:
        """The clock moves by `+40d`, `+2h`, `+1mo` …, and what is due by then is done."""
        self._portal.call(self._running.pass_time, duration)

    def work(self) -> None:
        """Timed work that is due now is done."""
        self._portal.call(self._running.work)

    @property
    def statements(self) -> list[str]:
        """The SQL of the statements on data that the last request, or `run`, took."""
        return self._running.heard

    def run(self, function: Callable[[Desk], UnitOf[T]]) -> T:
        """What the function gives, at a desk of the system in a transaction of its own."""
        code = Code("test", "run", _PATIENCE)

        def unit() -> EngineUnit[T]:
            desk = desk_of(SystemScope(self._running.tables), self._running.environment)
            return code.called(partial(function, desk))

        result: T = self._portal.call(self._running.do, unit)
        return result

    def _send(self, user: str, text: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        return self._portal.call(self._running.ask, user, text, variables)


@contextmanager
def crm(
    app: App, *, plugins: Mapping[str, object] | None = None, database: str | None = None
) -> Iterator[Crm]:
    """The app, running on an empty database: a SQLite file that is thrown away, or the one at the URL, whose
    tables are dropped in the end. `plugins`: those of the test, by the names that the app lists. Raises
    MetadataError where the app is wrong.
    """
    with ExitStack() as stack:
        stack.enter_context(provided(**plugins or {}))
        model = compiled(app)
        url = database or f"sqlite:///{stack.enter_context(_folder()) / 'test.db'}"
        portal = stack.enter_context(start_blocking_portal())
        running = portal.call(_begun, model, url)
        stack.callback(portal.call, _ended, running)
        yield Crm(running, portal)


def compiled(app: App) -> Model:
    """The Model of an app; that of texts is made once for many tests. Raises MetadataError."""
    if isinstance(app, Path):
        return compile_app(app).model
    texts = {"app.yaml": app} if isinstance(app, str) else app
    return _compiled(tuple(texts.items()), stand_ins())


@lru_cache(maxsize=16)
def _compiled(texts: tuple[tuple[str, str], ...], stand_ins: tuple[str, ...]) -> Model:  # noqa: ARG001 - a key
    return compile_texts(dict(texts)).model


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="salesmode-") as name:
        yield Path(name)


async def _begun(model: Model, url: str) -> Running:
    database = await connect(url, Options(durable=False))
    try:
        await _check_empty(database)
        running = Running(tables_of(model, database.dialect), database)
        await running.make_tables()
        await running.begin()
    except BaseException:
        await database.close()
        raise
    return running


async def _check_empty(database: Database) -> None:
    found = await database.with_connection(lambda connection: sa.inspect(connection).get_table_names())
    if found:
        raise ValueError(f"the database has tables ({', '.join(found[:3])} …); a test needs an empty one")


async def _ended(running: Running) -> None:
    try:
        await running.drop_tables()
    finally:
        await running.database.close()
