"""The database as it is reached fastest from one event loop: SQLite in place, PostgreSQL by asyncpg."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

Rows = Sequence[Row[Any]]


class Database(ABC):
    """Runs one SELECT."""

    @abstractmethod
    async def rows(self, statement: Select[Any]) -> Rows: ...


class Sqlite(Database):
    def __init__(self, url: str) -> None:
        self._connection = create_engine(url).connect().execution_options(isolation_level="AUTOCOMMIT")

    async def rows(self, statement: Select[Any]) -> Rows:
        return self._connection.execute(statement).all()


class Postgresql(Database):
    def __init__(self, url: str) -> None:
        address = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(address, isolation_level="AUTOCOMMIT")

    async def rows(self, statement: Select[Any]) -> Rows:
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).all()


def database(url: str) -> Database:
    return Sqlite(url) if url.startswith("sqlite") else Postgresql(url)
