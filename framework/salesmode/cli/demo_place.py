"""Where a demo keeps its database and its secret."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from salesmode.cli.project import database_url, sqlite_url

_FOLDER = Path(".salesmode")


@dataclass(frozen=True, slots=True)
class Place:
    """The address of the database, and the file with the secret that signs the demo's tokens."""

    url: str
    secret: Path


def place_of(preset: str, given: str | None) -> Place:
    """The preset's own database in `.salesmode`, or the given one; the secret is beside it.

    A server's database has no folder: its secret is in `.salesmode` too. SALESMODE_DATABASE is not asked: a
    demo must not fill the database that someone works with.
    """
    if given is not None and given.startswith("sqlite:"):
        file = Path(unquote(database_url(given, _FOLDER).removeprefix("sqlite:///")))
        return Place(given, file.with_name(f"{file.name}.secret"))
    folder = _own_folder()
    url = sqlite_url(folder / f"demo-{preset}.db") if given is None else database_url(given, folder)
    return Place(url, folder / f"demo-{preset}.secret")


def _own_folder() -> Path:
    """A folder that version control passes over."""
    _FOLDER.mkdir(exist_ok=True)
    (_FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
    return _FOLDER
