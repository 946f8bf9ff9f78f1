"""The console: a page to ask the API with, served with the program and without any network."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.staticfiles import StaticFiles

CONSOLE = "/console/"
_FILES = Path(__file__).parent / "console_files"


def console() -> StaticFiles:
    """The page and what it needs."""
    return StaticFiles(directory=_FILES, html=True)


async def to_console(_: Request) -> RedirectResponse:
    """Who opens the server's address in a browser gets the page."""
    return RedirectResponse(CONSOLE)
