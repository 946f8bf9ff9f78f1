"""Metadata that changes while it is served: compiled meanwhile, taken if right and if the database fits."""

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


async def changed_models(folder: Path, model: Model, databases: Databases) -> AsyncIterator[Model]:
    """Each model that may be served from now on instead of the one before it."""
    async for _ in awatch(folder, watch_filter=_is_metadata, debounce=300):
        found = await fitting(folder, model, databases())
        if found is not None:
            model = found
            yield found


async def fitting(folder: Path, model: Model, database: Database) -> Model | None:
    """The folder's model, where it is right, differs from `model` and fits the database; else it is said why
    not.
    """
    try:
        found = (await asyncio.to_thread(compile_app, folder)).model
    except MetadataError as error:
        say_diagnostics(error.diagnostics, error.sources, error_console)
        say_note("the metadata has errors: the model from before them is still served")
        return None
    if found.version == model.version:
        return None
    steps = (await plan(database, found)).steps
    if steps:
        changes = counted(len(steps), "change")
        say_note(f"the database needs {changes} first (salesmode apply): the model before is still served")
        return None
    say_note(f"{found.app.name} is served as changed")
    return found


def _is_metadata(_: Change, path: str) -> bool:
    return path.endswith((".yaml", ".yml"))
