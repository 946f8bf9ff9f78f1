"""The app in a folder and the database it lives in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from salesmode.cli.faults import usage
from salesmode.database.connect import connect
from salesmode.database.driver import Database

_SCHEMES = ("sqlite:///", "postgresql://", "postgres://")


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{quote(str(path))}"


def database_url(given: str | None, app: Path) -> str:
    """The address that was given, else `salesmode.db` in the app's folder; an address of no known form is wrong usage."""
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
    """The database at this address, closed in the end."""
    database = await connect(url)
    try:
        yield database
    finally:
        await database.close()
