"""What workers have to do, and what they gave up."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from salesmode.cli.faults import usage
from salesmode.cli.project import filled
from salesmode.cli.terminal import console
from salesmode.jobs import Outbox, Timetable, works_of
from salesmode.model.app import Model
from salesmode.tables import tables_of

_ALL = "all"

Row = Mapping[str, Any]


async def print_work(model: Model, url: str, *, as_json: bool) -> None:
    """The timed work with its times, and what waits for each listener."""
    async with filled(url) as database:
        tables = tables_of(model, database.dialect)
        table = Timetable(tables, database, works_of(tables), _now)
        work = [asdict(each) for each in await table.entries()]
        waiting = [asdict(each) for each in await Outbox(tables).states(database)]
    if as_json:
        _print_json({"work": work, "outbox": waiting})
        return
    zone = ZoneInfo(model.app.timezone)
    _print_table(("WORK", "SCHEDULE", "LAST", "NEXT", "WORKER"), work, zone)
    _print_table(("LISTENER", "WAITING", "OLDEST", "GIVEN UP"), waiting, zone)


async def print_dead(model: Model, url: str, *, as_json: bool) -> None:
    """The events that were given up, without what they tell."""
    async with filled(url) as database:
        found = await Outbox(tables_of(model, database.dialect)).dead(database)
    rows = [
        {
            "id": each.id,
            "listener": each.listener,
            "event": f"{each.object} {each.record_id} {each.operation}",
            "at": each.at,
            "attempts": each.attempts,
            "error": each.error,
        }
        for each in found
    ]
    if as_json:
        _print_json(rows)
    else:
        zone = ZoneInfo(model.app.timezone)
        _print_table(("ID", "LISTENER", "EVENT", "AT", "ATTEMPTS", "ERROR"), rows, zone)


async def replay(model: Model, url: str, ids: Sequence[str]) -> int:
    """Let events that were given up wait again; gives how many there were."""
    if _ALL in ids and len(ids) > 1:
        raise usage("--replay all stands alone")
    chosen = None if _ALL in ids else ids
    async with filled(url) as database:
        outbox = Outbox(tables_of(model, database.dialect))
        return await database.run(lambda: outbox.replayed(chosen, _now()))


def _now() -> datetime:
    return datetime.now(UTC)


def _print_json(value: object) -> None:
    console.print(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode())


def _print_table(titles: Sequence[str], rows: Sequence[Row], zone: ZoneInfo) -> None:
    """Columns as wide as they need to be: a line is a row, whatever the terminal's width."""
    lines = [titles, *([_text(value, zone) for value in each.values()] for each in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        console.print("  ".join(cells).rstrip())


def _text(value: object, zone: ZoneInfo) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(" ", "minutes")
    return "–" if value is None else str(value)
