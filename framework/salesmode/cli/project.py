"""The app in a folder and the database it lives in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

from salesmode.cli.faults import usage
from salesmode.cli.terminal import counted, say_note
from salesmode.compiler.compiled import Compiled, compile_app
from salesmode.database.connect import connect
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.model.app import Model

_SCHEMES = ("sqlite:///", "postgresql://", "postgres://")


def compiled(folder: Path) -> Compiled:
    """The app in that folder. Raises MetadataError; warnings are only counted, `validate` shows them."""
    made = compile_app(folder)
    if made.warnings:
        say_note(f"{counted(len(made.warnings), 'warning')}; `salesmode validate` shows them")
    return made


def environment_of(model: Model) -> Environment:
    """For the system's own work: nobody's record, the clock, the app's time zone."""
    app = model.app
    return Environment({}, {}, datetime.now(UTC), ZoneInfo(app.timezone), app.fiscal_year_start)


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

