"""Metadata that changes while it is served: compiled meanwhile, taken if right, once the database fits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from watchfiles import Change, awatch

from salesmode.cli.terminal import counted, error_console, say_diagnostics, say_note
from salesmode.compiler.compiled import compile_app
from salesmode.database.driver import Database
from salesmode.diagnostics.collector import MetadataError
from salesmode.model.app import Model
from salesmode.tables.migrations import plan

Databases = Callable[[], Database]

_ASKED_AGAIN = 2000  # milliseconds until a database that did not fit is asked whether it does


async def changed_models(folder: Path, model: Model, databases: Databases) -> AsyncIterator[Model]:
    """Each model that may be served from now on instead of the one before it."""
    reloading = Reloading(folder, model)
    async for changes in awatch(
        folder, watch_filter=_is_metadata, debounce=300, rust_timeout=_ASKED_AGAIN, yield_on_timeout=True
    ):
        if changes:
            await reloading.read()
        found = await reloading.ready(databases())
        if found is not None:
            yield found


class Reloading:
    """What is served of a folder, and what waits for the database to be served."""

    def __init__(self, folder: Path, served: Model) -> None:
        self._folder = folder
        self._served = served
        self._waiting: Model | None = None
        self._told = False

    async def read(self) -> None:
        """The folder's model waits from now on, where it is right and differs; else it is said why not."""
        self._waiting, self._told = None, False
        try:
            found = (await asyncio.to_thread(compile_app, self._folder)).model
        except MetadataError as error:
            say_diagnostics(error.diagnostics, error.sources, error_console)
            say_note("the metadata has errors: the model from before them is still served")
            return
        if found.version != self._served.version:
            self._waiting = found

    async def ready(self, database: Database) -> Model | None:
        """What waited, if the database fits it; else it is said once what is missing."""
        found = self._waiting
        if found is None:
            return None
        steps = (await plan(database, found)).steps
        if not steps:
            self._served, self._waiting = found, None
            say_note(f"{found.app.name} is served as changed")
            return found
        if not self._told:
            changes = counted(len(steps), "change")
            say_note(
                f"the database needs {changes} first (salesmode apply): the model before is served until then"
            )
            self._told = True
        return None


def _is_metadata(_: Change, path: str) -> bool:
    return path.endswith((".yaml", ".yml"))
