"""The database that an app lives in, and the system's own work on it."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy.exc import DBAPIError

from salesmode.cli.faults import Fault, usage
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.model.app import Model

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
async def opened(url: str) -> AsyncIterator[Database]:
    """The database at this address, closed in the end; what it says no to is a Fault."""
    database = await connect(url)
    try:
        yield database
    except (DBAPIError, sqlite3.Error, asyncpg.PostgresError) as error:
        raise Fault(f"the database refused: {getattr(error, 'orig', None) or error}") from error
    finally:
        await database.close()
