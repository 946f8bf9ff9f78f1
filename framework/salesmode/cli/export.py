"""`salesmode export`: records into a file."""

import asyncio
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from salesmode.access.scope import PolicyScope
from salesmode.cli.acting import actor, object_of
from salesmode.cli.faults import Fault, usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import database_url, filled
from salesmode.cli.terminal import counted, say_note
from salesmode.diagnostics import Message
from salesmode.exchange.columns import exportable
from salesmode.exchange.export import Where, exported
from salesmode.exchange.faults import BadFile
from salesmode.exchange.formats import format_of, writing
from salesmode.fieldtypes import Invalid
from salesmode.model.app import Model
from salesmode.tables import tables_of

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to export: `fields` are columns, none for all; `user` is None for the system."""

    object: str
    fields: Sequence[str]
    where: Where
    user: str | None
    form: str
    encoding: str


@app.command(name="export", help="Write an object's records to a file: CSV, XLSX or JSON Lines.")
def export(
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="The object, like customer.")],
    folder: AppFolder = HERE,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file; standard output without.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help="csv, xlsx or jsonl; else the file's ending says it.")
    ] = None,
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="With this user's rights, not the system's.")
    ] = None,
    fields: Annotated[
        str | None, typer.Option("--fields", help="Columns, like name,owner.name; all without.")
    ] = None,
    where: Annotated[
        str | None, typer.Option("--where", metavar="JSON", help='Which records, like {"grade":{"eq":"a"}}.')
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Of CSV and JSON Lines.")] = "utf-8",
    database: DatabaseUrl = None,
) -> None:
    names = [each.strip() for each in fields.split(",")] if fields is not None else []
    with told():
        asked = Asked(object_name, names, _where(where), as_user, format_of(output, form), encoding)
        if output is None and asked.form == "xlsx":
            raise usage("a workbook is not printed", hint="-o FILE.xlsx")
        model, url = compiled(folder).model, database_url(database, folder)
        with _target(output) as stream:
            rows = asyncio.run(_export(asked, model, url, stream))
    if output is not None:
        say_note(f"{counted(rows, 'record')} in {output}")


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with a file or a column, as a Fault."""
    try:
        yield
    except BadFile as error:
        raise Fault(str(error), hint=error.hint) from error
    except Invalid as error:
        raise Fault(f"a value in --where: {Message(error.code, error.values).text('en')}") from error


def _where(text: str | None) -> Where:
    try:
        found = None if text is None else json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise usage("--where is not JSON", hint="""--where '{"name": {"startsWith": "A"}}'""") from None
    if found is not None and not isinstance(found, dict):
        raise usage("--where is a JSON object of fields and operators")
    return found


@contextmanager
def _target(output: Path | None) -> Iterator[BinaryIO]:
    """The file is there only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        os.replace(part, output)  # noqa: PTH105 - as one step, whatever was there
    finally:
        part.unlink(missing_ok=True)


async def _export(asked: Asked, model: Model, url: str, stream: BinaryIO) -> int:
    async with filled(url) as database:
        tables = tables_of(model, database.dialect)
        who = await actor(database, tables, asked.user)
        name = object_of(who.policy, asked.object)
        scope = PolicyScope(tables, who.policy)
        columns = exportable(scope, name, asked.fields)
        rows = exported(database, scope, name, columns, who.environment, where=asked.where)
        count = 0
        with writing(stream, columns, asked.form, asked.encoding) as write:
            async for row in rows:
                write(row)
                count += 1
        return count
