"""Makes a database ready for a demo: its tables, its records, and who may sign in."""

from datetime import UTC, datetime

import sqlalchemy as sa

from salesmode.cli.apply import load_records
from salesmode.cli.demo_greeting import shown
from salesmode.cli.faults import Fault
from salesmode.cli.project import environment_of
from salesmode.cli.terminal import error_console, say_note
from salesmode.cli.user_roles import roles_of
from salesmode.compiler.compiled import Compiled
from salesmode.database.driver import Database
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.demo.bar import loading_bar
from salesmode.demo.description import describe
from salesmode.demo.doing import carry_out
from salesmode.demo.generation import generate
from salesmode.demo.loading import load
from salesmode.demo.population import Demo, Size
from salesmode.records import reassign
from salesmode.tables import Tables, tables_of
from salesmode.tables.migrations import apply, as_text
from salesmode.testing import Clock

_SEED = 1
_ELSEWHERE = "give another --database"

People = tuple[tuple[str, tuple[str, ...]], ...]


async def ready(database: Database, app: Compiled, size: Size, locale: str) -> People:
    """Bring the tables to the preset, fill them if there are no users yet; who may sign in, with their roles.

    `locale`: the language of the texts. Raises Fault where the database is someone else's.
    """
    demo = describe(app.layered.documents, app.model, app.sources)
    if not demo.sign_in:
        raise Fault(f"'{app.model.app.name}' describes no demo", hint=f"{', '.join(shown())} do")
    tables = tables_of(app.model, database.dialect)
    await _bring_to(database, app)
    if await _empty(database, tables):
        await load_records(database, app)
        await _fill(database, tables, demo, size, locale=locale)
    else:
        say_note("the database has its data already, and keeps it")
    return tuple([(name, await _roles(database, tables, name)) for name in demo.sign_in])


async def _bring_to(database: Database, app: Compiled) -> None:
    plan = await apply(database, app.model)
    if plan.refusals:
        raise Fault(f"the database does not fit the preset\n{as_text(plan)}", hint=_ELSEWHERE)


async def _empty(database: Database, tables: Tables) -> bool:
    statement = render(sa.select(tables.table("user").c.id).limit(1), tables.dialect)
    return not await database.fetch(Step(statement.sql, statement.bind(environment_of(tables.model))))


async def _fill(database: Database, tables: Tables, demo: Demo, size: Size, *, locale: str) -> None:
    model, now = tables.model, datetime.now(UTC)
    say_note(f"making the records of {model.app.name}, size {size} …")
    records = list(generate(demo, model, size=size, seed=_SEED, now=now, locale=locale))
    with loading_bar(records, error_console, "en") as told:
        await load(database, tables, records, told=told)
    await database.run(lambda: reassign(tables, environment_of(model)))
    say_note("doing what people did with them …")
    await carry_out(demo, records, database, tables, clock=Clock(now), locale=locale)


async def _roles(database: Database, tables: Tables, name: str) -> tuple[str, ...]:
    roles = await roles_of(database, tables, name)
    if roles is None:
        raise Fault(f"the database has data of its own, without the demo's user '{name}'", hint=_ELSEWHERE)
    return roles
