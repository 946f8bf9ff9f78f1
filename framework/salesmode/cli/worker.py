"""`salesmode worker`: timed work, and what is told to webhooks and plugins after a commit."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from salesmode.cli.faults import usage
from salesmode.cli.metadata import compiled
from salesmode.cli.options import HERE, AppFolder, AsJson, DatabaseUrl
from salesmode.cli.project import database_url, filled
from salesmode.cli.reloading import changed_models
from salesmode.cli.terminal import console, counted, say_note
from salesmode.cli.worker_lists import print_dead, print_work, replay as put_back
from salesmode.database.driver import Database, Options
from salesmode.jobs import Settings, Worker, working
from salesmode.model.app import Model
from salesmode.tables import tables_of

# Sweeps look at all records; still less than the term of a lease.
_PATIENT = Options(statement_timeout=30.0)

app = typer.Typer(add_completion=False)


@app.command(
    help="Do timed work when it is due, and deliver events to webhooks and plugins, until stopped. "
    "Any number of workers may run, on any number of machines."
)
def worker(
    folder: AppFolder = HERE,
    *,
    database: DatabaseUrl = None,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, deliver what waits, and end.")
    ] = False,
    private: Annotated[
        bool,
        typer.Option("--private-addresses", help="Webhooks may ask addresses that are not public."),
    ] = False,
    listing: Annotated[
        bool, typer.Option("--list", help="Show the timed work and what waits, and end.")
    ] = False,
    dead: Annotated[
        bool, typer.Option("--dead", help="Show the events that were given up, and end.")
    ] = False,
    replay: Annotated[
        list[str] | None,
        typer.Option(
            "--replay", metavar="ID|all", help="Deliver an event that was given up again; may be repeated."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    if [once, listing, dead, bool(replay)].count(True) > 1:
        raise usage("say one of --once, --list, --dead and --replay")
    model, url, settings = compiled(folder).model, database_url(database, folder), Settings(private=private)
    if listing:
        asyncio.run(print_work(model, url, as_json=as_json))
    elif dead:
        asyncio.run(print_dead(model, url, as_json=as_json))
    elif replay:
        console.print(
            f"{counted(asyncio.run(put_back(model, url, replay)), 'event')} will be delivered again."
        )
    elif once:
        asyncio.run(_once(model, url, settings))
    else:
        asyncio.run(_until_stopped(folder, model, url, settings))


async def _once(model: Model, url: str, settings: Settings) -> None:
    async with filled(url, _PATIENT) as database:
        count = await Worker(tables_of(model, database.dialect), database, settings).once()
    console.print(f"{counted(count, 'record or event', 'records and events')} handled.")


async def _until_stopped(folder: Path, model: Model, url: str, settings: Settings) -> None:
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    async with filled(url, _PATIENT) as database:
        say_note(f"{model.app.name} is worked for")
        await _work(folder, model, database, settings, stop)


async def _work(
    folder: Path, model: Model, database: Database, settings: Settings, stop: asyncio.Event
) -> None:
    """With changed metadata another worker goes on."""
    stopped = asyncio.create_task(stop.wait())
    models = changed_models(folder, model, lambda: database)
    while not stop.is_set():
        async with working(Worker(tables_of(model, database.dialect), database, settings)):
            changed = asyncio.ensure_future(anext(models))
            await asyncio.wait((stopped, changed), return_when=asyncio.FIRST_COMPLETED)
        if changed.done():
            model = changed.result()
        changed.cancel()
