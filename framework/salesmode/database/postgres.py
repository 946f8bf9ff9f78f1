"""PostgreSQL by asyncpg, step by step; SQLAlchemy only for schema changes and inspection."""

from collections.abc import Callable
from datetime import date
from typing import Any, ClassVar, TypeAlias, TypeVar

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from salesmode.database.calls import awaited
from salesmode.database.driver import Database, Ending, Hear, Options, UnitOf, raise_inside
from salesmode.database.errors import (
    CannotConnect,
    ConstraintViolation,
    DatabaseError,
    NotWritable,
    SerializationFailure,
    StatementTimeout,
    ValueOutOfRange,
    ViolationKind,
)
from salesmode.database.statement import Dialect
from salesmode.database.unit import Call, ManyStep, Rows, Step

T = TypeVar("T")
Pool: TypeAlias = "asyncpg.Pool[Any]"
PoolConnection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[Any]"

MINIMUM = 17
_TRIES = 5
_KINDS: dict[type[Exception], ViolationKind] = {
    asyncpg.UniqueViolationError: "unique",
    asyncpg.ForeignKeyViolationError: "foreign_key",
    asyncpg.CheckViolationError: "check",
}
# Worth trying again as a whole: the next try sees what the other transaction left, or the new schema.
_AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


async def connect_postgres(url: str, options: Options) -> "PostgresDatabase":
    """Connect a pool; the first connection is made at once, so that a wrong address is known here."""
    try:
        pool = await asyncpg.create_pool(url, **_arguments(options))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise CannotConnect(f"PostgreSQL cannot be reached: {error}") from error
    return PostgresDatabase(pool, url, options)


def _arguments(options: Options) -> dict[str, Any]:
    arguments = {"min_size": 1, "max_size": options.connections, "init": _prepare, "reset": _keep}
    if options.pgbouncer:  # in transaction mode, where neither prepared statements nor settings last
        return arguments | {"statement_cache_size": 0, "command_timeout": options.statement_timeout}
    timeout = str(int(options.statement_timeout * 1000))
    return arguments | {"statement_cache_size": 1000, "server_settings": {"statement_timeout": timeout}}


def check_version(version: asyncpg.types.ServerVersion) -> None:
    """Raise CannotConnect for a server that is too old (RULING 29)."""
    if version.major < MINIMUM:
        raise CannotConnect(
            f"PostgreSQL {MINIMUM} or newer is needed; this is {version.major}.{version.minor}"
        )


async def _prepare(connection: PoolConnection) -> None:
    version = connection.get_server_version()
    if version.major < MINIMUM:
        raise CannotConnect(
            f"PostgreSQL {MINIMUM} or newer is needed; this is {version.major}.{version.minor}"
        )
    # Ids come as text, as they do on SQLite.
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")
    # asyncpg takes the last day of the calendar for infinity.
    await connection.set_type_codec(
        "date", schema="pg_catalog", encoder=date.isoformat, decoder=date.fromisoformat, format="text"
    )


async def _keep(_: object) -> None:
    """No state of a session is ever set, so there is none to reset: saves a round trip per statement."""


class PostgresDatabase(Database):
    """A PostgreSQL database."""

    dialect: ClassVar[Dialect] = "postgresql"

    def __init__(self, pool: Pool, url: str, options: Options) -> None:
        super().__init__(options)
        self._pool = pool
        self._url = url

    async def fetch(self, step: Step) -> Rows:
        self.heard(step.sql)
        try:
            return await self._pool.fetch(step.sql, *step.arguments)
        except _ERRORS as error:
            raise _meaning(error, self.options) from error

    async def fetch_text(self, step: Step) -> str | None:
        self.heard(step.sql)
        try:
            text = await self._pool.fetchval(step.sql, *step.arguments)
        except _ERRORS as error:
            raise _meaning(error, self.options) from error
        assert text is None or isinstance(text, str)
        return text

    async def run(self, factory: Callable[[], UnitOf[T]]) -> T:
        for _ in range(_TRIES):
            try:
                return await self._transaction(factory())
            except _AGAIN:
                continue
        raise SerializationFailure

    async def look(self, factory: Callable[[], UnitOf[T]]) -> T:
        unit = factory()
        try:
            async with (
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await self._drive(connection, unit)
        finally:
            unit.close()

    async def _transaction(self, unit: UnitOf[T]) -> T:
        try:
            async with self._pool.acquire() as connection, connection.transaction(isolation="read_committed"):
                return await self._drive(connection, unit)
        except (
            asyncpg.IntegrityConstraintViolationError
        ) as error:  # at COMMIT: a foreign key that was put off
            raise _meaning(error, self.options) from error
        finally:
            unit.close()

    async def _drive(self, connection: PoolConnection, unit: UnitOf[T]) -> T:
        try:
            step = next(unit)
            while True:
                if isinstance(step, Call):
                    rows = await awaited(step)
                else:
                    self.heard(step.sql)
                    try:
                        rows = await _rows(connection, step, self.options)
                    except DatabaseError as error:
                        raise_inside(unit, error)
                step = unit.send(rows)
        except StopIteration as end:
            value: T = end.value
            return value

    async def with_connection(self, function: Callable[[Connection], T]) -> T:
        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(self._url), poolclass=NullPool
        )
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(function)
        finally:
            await engine.dispose()

    async def listen(self, channel: str, hear: Hear) -> Ending:
        connection = await asyncpg.connect(self._url)
        lost = lambda _: hear(None)  # noqa: E731 - the same object is taken away again
        connection.add_termination_listener(lost)
        await connection.add_listener(channel, lambda _connection, _pid, _channel, text: hear(str(text)))

        async def end() -> None:
            connection.remove_termination_listener(lost)
            await connection.close()

        return end

    async def close(self) -> None:
        await self._pool.close()


async def _rows(connection: PoolConnection, step: Step | ManyStep, options: Options) -> Rows:
    try:
        if isinstance(step, Step):
            return await connection.fetch(step.sql, *step.arguments)
        await connection.executemany(step.sql, step.arguments)
        return []
    except _AGAIN:
        raise
    except _ERRORS as error:
        raise _meaning(error, options) from error


_ERRORS = (asyncpg.PostgresError, TimeoutError)


def _meaning(error: Exception, options: Options) -> Exception:
    match error:
        case asyncpg.NotNullViolationError():
            return ConstraintViolation(f"{error.table_name}.{error.column_name}", "not_null")
        case asyncpg.IntegrityConstraintViolationError() if type(error) in _KINDS:
            return ConstraintViolation(error.constraint_name or "", _KINDS[type(error)])
        case asyncpg.QueryCanceledError() | TimeoutError():
            return StatementTimeout(options.statement_timeout)
        case asyncpg.ReadOnlySQLTransactionError():
            return NotWritable()
        case asyncpg.NumericValueOutOfRangeError() | asyncpg.ProgramLimitExceededError():
            return ValueOutOfRange()
        case _:
            return error
