"""The database that an app lives in, and the system's own work on it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy.exc import DBAPIError

from salesmode.cli.faults import Fault, usage
from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options
from salesmode.database.environment import Environment
from salesmode.model.app import Model

_DEFAULTS = Options()
_SCHEMES = ("sqlite:///", "postgresql://", "postgres://")


def environment_of(model: Model) -> Environment:
    """For the system's own work: nobody's record, the clock, the app's time zone."""
    app = model.app
    return Environment({}, {}, datetime.now(UTC), ZoneInfo(app.timezone), app.fiscal_year_start)


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{quote(str(path))}"


def database_url(given: str | None, app: Path) -> str:
    """The address that was given, else `salesmode.db` in the app's folder.

    An address of no known form is wrong usage.
    """
    if given is None:
        return sqlite_url(app / "salesmode.db")
    if not given.startswith(_SCHEMES) or given == "sqlite:///":
        raise usage(
            f"'{given.partition(':')[0]}:…' is not the address of a database",
            hint="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME",
        )
    return given


@asynccontextmanager
async def opened(url: str, options: Options = _DEFAULTS) -> AsyncIterator[Database]:
    """The database at this address, closed in the end; what it says no to is a Fault."""
    database = await connect(url, options)
    try:
        yield database
    except (DBAPIError, sqlite3.Error, asyncpg.PostgresError) as error:
        raise Fault(f"the database refused: {getattr(error, 'orig', None) or error}") from error
    finally:
        await database.close()


def filled(url: str, options: Options = _DEFAULTS) -> AbstractAsyncContextManager[Database]:
    """Like `opened`, for what works on tables that are there; a SQLite file that is not there is a Fault."""
    path = _absent(url)
    if path is not None:
        raise Fault(f"there is no database {path}", hint="salesmode apply")
    return opened(url, options)


@asynccontextmanager
async def looked_at(url: str) -> AsyncIterator[Database]:
    """Like `opened`, for who only looks: a SQLite file that is not there is empty, and is not made."""
    if _absent(url) is None:
        async with opened(url) as database:
            yield database
        return
    with TemporaryDirectory(prefix="salesmode-") as folder:
        async with opened(sqlite_url(Path(folder) / "empty.db")) as database:
            yield database


def _absent(url: str) -> Path | None:
    """The SQLite file that is not there, in a folder that is."""
    path = Path(unquote(url.removeprefix("sqlite:///")))
    return path if url.startswith("sqlite:///") and path.parent.is_dir() and not path.exists() else None
