"""SQLite by the standard module: one writer and several readers, each with its own connection and thread.

A unit of work costs one hop to the writer's thread, however many statements it has.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from salesmode.database.calls import called
from salesmode.database.driver import Database, Ending, Hear, Options, UnitOf, raise_inside
from salesmode.database.errors import CannotConnect, DatabaseError
from salesmode.database.sqlite_session import Session
from salesmode.database.sqlite_threads import Threads
from salesmode.database.statement import Dialect
from salesmode.database.unit import Call, Rows, Step

T = TypeVar("T")


async def connect_sqlite(path: Path, options: Options) -> "SqliteDatabase":
    """Open (or make) the database file."""
    if not path.parent.is_dir():
        raise CannotConnect(f"there is no folder {path.parent} for the database file {path.name}")
    try:
        return await asyncio.to_thread(SqliteDatabase, path, options)
    except sqlite3.Error as error:
        raise CannotConnect(f"{path} cannot be opened as a SQLite database: {error}") from error


class SqliteDatabase(Database):
    """A SQLite file."""

    dialect: ClassVar[Dialect] = "sqlite"

    def __init__(self, path: Path, options: Options) -> None:
        super().__init__(options)
        sessions: list[Session] = []
        try:
            for number in range(1 + options.connections):
                sessions.append(Session(str(path), options, readonly=number > 0))
        except BaseException:
            for session in sessions:
                session.connection.close()
            raise
        self._engine = _engine(sessions[0])
        self._writer = Threads("writer", sessions[:1])
        self._readers = Threads("reader", sessions[1:])

    async def fetch(self, step: Step) -> Rows:
        self.heard(step.sql)
        return await self._readers.call(lambda session: session.rows(step.sql, step.arguments))

    async def fetch_text(self, step: Step) -> str | None:
        rows = await self.fetch(step)
        text = rows[0][0] if rows else None
        assert text is None or isinstance(text, str)
        return text

    async def run(self, factory: Callable[[], UnitOf[T]]) -> T:
        return await self._writer.call(lambda session: self._transaction(session, factory()))

    async def look(self, factory: Callable[[], UnitOf[T]]) -> T:
        return await self._readers.call(lambda session: self._looking(session, factory()))

    def _looking(self, session: Session, unit: UnitOf[T]) -> T:
        try:
            session.connection.execute("BEGIN")
            return self._drive(session, unit)
        finally:
            unit.close()
            session.roll_back()

    def _transaction(self, session: Session, unit: UnitOf[T]) -> T:
        try:
            session.begin()
            result = self._drive(session, unit)
            session.commit()
            return result
        finally:
            unit.close()
            session.roll_back()

    def _drive(self, session: Session, unit: UnitOf[T]) -> T:
        try:
            step = next(unit)
            while True:
                if isinstance(step, Call):
                    rows = called(step)
                else:
                    self.heard(step.sql)
                    try:
                        rows = session.step(step)
                    except DatabaseError as error:
                        raise_inside(unit, error)
                step = unit.send(rows)
        except StopIteration as end:
            value: T = end.value
            return value

    async def with_connection(self, function: Callable[[Connection], T]) -> T:
        return await self._writer.call(lambda session: self._change_schema(session, function))

    def _change_schema(self, session: Session, function: Callable[[Connection], T]) -> T:
        # The setting has no effect inside a transaction.
        session.connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with self._engine.begin() as connection:
                return function(connection)
        finally:
            session.connection.execute("PRAGMA foreign_keys = ON")

    async def listen(self, channel: str, hear: Hear) -> Ending:  # noqa: ARG002 - there is nothing to hear
        return _nothing

    async def close(self) -> None:
        await self._writer.close()
        await self._readers.close()


async def _nothing() -> None:
    """There is nothing to end."""


def _engine(session: Session) -> Engine:
    """SQLAlchemy on the writer's own connection, with transactions that hold schema changes too."""
    engine = create_engine("sqlite://", creator=lambda: session.connection, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(_: Connection) -> None:
        session.begin()

    return engine
