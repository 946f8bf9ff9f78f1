"""`salesmode import`: the records of a file into the database: all, or if asked those that are right."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.cli.acting import Actor, actor, object_of
from salesmode.cli.export import told
from salesmode.cli.faults import AT_FAULT, Fault
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, DatabaseUrl
from salesmode.cli.project import database_url, filled
from salesmode.cli.terminal import console, counted, error_console, say_error, say_note
from salesmode.database.driver import Database, UnitOf
from salesmode.diagnostics import Refusal
from salesmode.exchange.columns import Heading, identifying, importable
from salesmode.exchange.formats import format_of, reading
from salesmode.exchange.incorporate import Incoming, NothingWritten, Outcome, incorporate, told_of
from salesmode.exchange.refused import write_refused
from salesmode.model.app import Model
from salesmode.records.subject import Subject, subject_of
from salesmode.tables import tables_of

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to import, and how."""

    object: str
    file: Path
    form: str
    encoding: str
    by: Sequence[str]
    user: str | None
    keep_going: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it. `kept`: whether it was written; `reasons`: why each row was refused."""

    outcome: Outcome
    kept: bool
    heading: Heading
    reasons: Sequence[Sequence[str]]


@app.command(name="import", help="Bring the records of a file into the database, all or none.")
def import_(
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="The object, like customer.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX or JSON Lines.")],
    folder: AppFolder = HERE,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="FIELD,…", help="Change what is there: the unique fields, or id.")
    ] = "",
    as_user: Annotated[
        str | None, typer.Option("--as", metavar="USER", help="With this user's rights, not the system's.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Write the rows that are right, and the others to a file.")
    ] = False,
    form: Annotated[
        str | None, typer.Option("--format", help="csv, xlsx or jsonl; else the file's ending says it.")
    ] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Of CSV and JSON Lines.")] = "utf-8",
    database: DatabaseUrl = None,
) -> None:
    names = [each.strip().partition(".")[0] for each in by.split(",") if each.strip()]
    with told():
        asked = Asked(object_name, file, format_of(file, form), encoding, names, as_user, keep_going, dry_run)
        model, url = compiled(folder).model, database_url(database, folder)
        done = asyncio.run(_import(asked, model, url))
    _say(asked, done)


async def _import(asked: Asked, model: Model, url: str) -> Done:
    async with filled(url) as database:
        tables = tables_of(model, database.dialect)
        who = await actor(database, tables, asked.user)
        name = object_of(who.policy, asked.object)
        scope = SystemScope(tables) if asked.user is None else PolicyScope(tables, who.policy)
        return await _incorporated(asked, database, subject_of(scope, name), who)


async def _incorporated(asked: Asked, database: Database, subject: Subject, who: Actor) -> Done:
    with reading(asked.file, asked.form, asked.encoding) as table:
        heading = importable(subject, table.headers, asked.by)
    incoming = Incoming(
        subject, heading, identifying(subject, asked.by), keep_going=asked.keep_going, dry_run=asked.dry_run
    )
    try:
        outcome, kept = await database.run(lambda: _unit(asked, incoming, who)), True
    except NothingWritten as nothing:
        outcome, kept = nothing.outcome, False
    except Refusal as refusal:
        hint = None if refusal.code == "INTERNAL" else "did somebody else write at the same time?"
        raise Fault(f"nothing was written: {refusal}", hint=hint) from refusal
    if kept and outcome.written.created:
        measure = partial(subject.tables.measure, objects=(subject.object.name,))
        await database.with_connection(measure)
    told_by = partial(told_of, heading=heading, subject=subject, locale=who.environment.locale)
    return Done(outcome, kept, heading, [tuple(told_by(each)) for each in outcome.refused])


def _unit(asked: Asked, incoming: Incoming, who: Actor) -> UnitOf[Outcome]:
    """The file is read anew if the unit has to start again."""
    with reading(asked.file, asked.form, asked.encoding) as table:
        return (yield from incorporate(incoming, table, who.environment))


def _say(asked: Asked, done: Done) -> None:
    outcome = done.outcome
    if done.heading.ignored:
        say_note(f"not imported: {', '.join(done.heading.ignored)}")
    for row, reasons in zip(outcome.refused, done.reasons, strict=True):
        for each in reasons:
            error_console.print(f"{asked.file}:{row.number}: {each}")
    sums = f"{counted(outcome.written.created, 'record')} created, {outcome.written.updated} matched"
    if done.kept:
        console.print(sums)
    elif not outcome.refused or asked.keep_going:
        console.print(f"nothing written; it would be {sums}")
    if outcome.refused:
        _say_refused(asked, done, counted(len(outcome.refused), "row"))


def _say_refused(asked: Asked, done: Done, rows: str) -> NoReturn:
    if done.kept:
        target = asked.file.with_name(f"{asked.file.stem}.refused{asked.file.suffix}")
        reasons = ["; ".join(each) for each in done.reasons]
        write_refused(target, asked.form, done.heading.headers, done.outcome.refused, reasons)
        say_error(f"{rows} refused, with the reasons in {target}")
    else:
        say_error(f"{rows} refused; nothing was written", "--keep-going writes the others")
    raise typer.Exit(AT_FAULT)
