"""`salesmode doctor`: whether everything that is needed is there, one line each."""

import asyncio
import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import typer
from rich.text import Text

from salesmode.cli.faults import AT_FAULT
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import database_url, looked_at
from salesmode.cli.secret import SHORTEST, VARIABLE
from salesmode.cli.terminal import console, counted
from salesmode.compiler.compiled import compile_app
from salesmode.compiler.layers import preset_names
from salesmode.database.errors import DatabaseError
from salesmode.diagnostics import MetadataError
from salesmode.model.app import Model
from salesmode.tables.migrations import plan

_COLOURS = {"ok": "green", "note": "yellow", "wrong": "bold red"}

app = typer.Typer(add_completion=False)


class Finding(NamedTuple):
    """What one look gave. `note`: fine for now; `wrong`: keeps something from working."""

    level: Literal["ok", "note", "wrong"]
    text: str


@app.command(help="Check that everything needed is there.")
def doctor(folder: AppFolder = HERE, *, database: DatabaseUrl = None) -> None:
    url = database_url(database, folder)
    findings = [*_machine(), _secret(), *_app(folder, url)]
    for each in findings:
        console.print(Text.assemble((f"{each.level:<7}", _COLOURS[each.level]), each.text))
    if any(each.level == "wrong" for each in findings):
        raise typer.Exit(AT_FAULT)


def _machine() -> Iterator[Finding]:
    yield Finding("ok", f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    names = preset_names()
    yield Finding("ok" if names else "wrong", f"presets: {', '.join(names) or 'none found'}")


def _secret() -> Finding:
    secret = os.environ.get(VARIABLE, "")
    if not secret:
        return Finding("note", f"{VARIABLE} is not set: `serve` works with --dev only")
    if len(secret.encode()) < SHORTEST:
        return Finding("note", f"{VARIABLE} is shorter than {SHORTEST} bytes, which can be guessed")
    return Finding("ok", f"{VARIABLE} is set")


def _app(folder: Path, url: str) -> Iterator[Finding]:
    try:
        model = compile_app(folder).model
    except MetadataError as error:
        wrong = counted(len(error.diagnostics), "problem")
        yield Finding("wrong", f"app: {wrong}; `salesmode validate {folder}` shows them")
        return
    yield Finding("ok", f"app: {model.app.name} {model.app.version}")
    try:
        yield asyncio.run(_database(url, model))
    except DatabaseError as error:
        yield Finding("wrong", f"database: {error}")


async def _database(url: str, model: Model) -> Finding:
    async with looked_at(url) as database:
        made = await plan(database, model)
    if made.refusals:
        return Finding("wrong", "database: rows contradict the metadata; `salesmode plan` shows which")
    if made.steps:
        return Finding("note", f"database: {counted(len(made.steps), 'change')} to make by `salesmode apply`")
    return Finding("ok", f"database: {database.dialect}, fits the metadata")
