"""From the address of a database to the database."""

from pathlib import Path
from urllib.parse import unquote

from salesmode.database.driver import Database, Options
from salesmode.database.errors import CannotConnect
from salesmode.database.postgres import connect_postgres
from salesmode.database.sqlite import connect_sqlite

_DEFAULTS = Options()


async def connect(url: str, options: Options = _DEFAULTS) -> Database:
    """Connect to `sqlite:///path` (relative; `sqlite:////path` is absolute) or `postgresql://…`.

    Raises CannotConnect with what is wrong, in words for who runs the server.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest.startswith("///") and rest != "///":
        return await connect_sqlite(Path(unquote(rest.removeprefix("///"))), options)
    if scheme in {"postgresql", "postgres"}:
        return await connect_postgres(url, options)
    raise CannotConnect("the database's address must be sqlite:///PATH or postgresql://…")
