"""Does the steps of a demo, once its records are in the tables."""

from collections.abc import Sequence
from dataclasses import replace

from salesmode.database.driver import Database
from salesmode.database.environment import moment, utc
from salesmode.demo.generation import Records
from salesmode.demo.loading import unload
from salesmode.demo.population import Demo
from salesmode.demo.world import in_language
from salesmode.diagnostics import Diagnostic, MetadataError
from salesmode.records import reassign, sweep
from salesmode.stories.acting import act
from salesmode.stories.expectations import refusal
from salesmode.stories.story import Line
from salesmode.stories.values import Cast, Untold
from salesmode.tables import Tables
from salesmode.testing import Clock, Running

REFUSED = "SM829"


async def carry_out(
    demo: Demo, records: Sequence[Records], database: Database, tables: Tables, *, clock: Clock, locale: str
) -> None:
    """Do the steps of a demo whose `records` are loaded, and let the rules choose what they choose (`assign`,
    tags). Where that does not come to its end nothing is left.

    `clock` stands at the demo's own moment, `locale` is the language of texts. Raises MetadataError at the
    step that was refused.
    """
    cast = Cast(tables.model, known=_known(demo, records))
    running = Running(tables, database, clock)
    today = running.environment
    try:
        await _done(demo, running, cast, locale)
        await database.run(lambda: reassign(tables, today))
        await database.run(lambda: sweep(tables, today))
    except BaseException:
        await unload(database, tables)
        raise


def _known(demo: Demo, records: Sequence[Records]) -> dict[tuple[str, str], str]:
    """The ids of written rows by object and key."""
    rows = {each.of.name: each.rows for each in records}
    return {
        (each.of, key): str(rows[each.of][number]["id"])
        for each in demo.populations
        for number, key in each.keyed()
    }


async def _done(demo: Demo, running: Running, cast: Cast, locale: str) -> None:
    environment, locales = running.environment, running.tables.model.app.locales
    for part in demo.parts:
        for at in part.at:
            running.clock.move(utc(moment(at, environment), environment.timezone))
            for line in part.lines:
                told = replace(line, data=in_language(line.data, locales, locale))
                await _step(told, demo, running, cast)


async def _step(line: Line, demo: Demo, running: Running, cast: Cast) -> None:
    try:
        reason = refusal(await act(line, running, cast))
    except Untold as untold:
        reason = f"there is no record '{untold}'"
    if reason is not None:
        raise MetadataError([Diagnostic(REFUSED, f"{line.kind}: {reason}", line.span)], demo.sources)
