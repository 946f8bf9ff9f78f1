"""Time that passes does what is due meanwhile, in its order, and plugins hear of what was committed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.hookspecs import Desk, Event, TimedWork, hookimpl
from salesmode.plugins import provided
from salesmode.tables import tables_of
from salesmode.testing import START, Running

pytestmark = pytest.mark.anyio

APP = """
kind: app
name: desk
timezone: Europe/Berlin
plugins: [ear]
---
kind: object
name: visit
fields: {name: {type: text}, on: {type: date}}
---
kind: job
name: remind
schedule: "0 8 * * *"
on: {object: visit, where: {on: $today}}
do: {create: {object: task, values: {subject: Prepare, due: $now}}}
---
kind: job
name: often
schedule: "* * * * *"
on: {object: visit, where: {name: often}}
do: {set: {name: rarely}}
---
kind: role
name: clerk
objects:
  visit: {read: true, create: true, fields: {default: write}}
  task: {read: true, fields: {default: read}}
---
kind: user_data
name: people
object: user
by: [name]
records: [{name: ann, active: true, roles: [clerk]}]
"""
DUE = "{ tasks { nodes { subject due createdAt } } }"


@asynccontextmanager
async def running(url: str, plugin: object) -> AsyncIterator[Running]:
    with provided(ear=plugin):
        database = await connect(url)
        found = Running(tables_of(compile_texts({"app.yaml": APP}).model, database.dialect), database)
        await found.make_tables()
        await found.begin()
        try:
            yield found
        finally:
            await database.close()


async def test_what_is_due_is_done_at_its_time(database_url: str) -> None:
    days: list[datetime] = []

    def run(desk: Desk) -> int:
        days.append(desk.now)
        return 0

    @hookimpl
    def jobs(model: Any) -> Sequence[TimedWork]:
        return [TimedWork(name="tick", schedule="30 7 * * 1", run=run)]

    async with running(database_url, SimpleNamespace(jobs=jobs)) as found:
        today = START.date() + timedelta(days=9)
        create = f'mutation {{ createVisit(input: {{name: "often", on: "{today}"}}) {{ visit {{ id }} }} }}'
        assert "errors" not in await found.ask("ann", create)
        await found.pass_time("+40d")
        (task,) = (await found.ask("ann", DUE))["data"]["tasks"]["nodes"]
        eight = datetime(today.year, today.month, today.day, 8, tzinfo=ZoneInfo("Europe/Berlin"))
        assert datetime.fromisoformat(task["createdAt"]) == eight
        assert len(days) == 6, "every Monday at half past seven"
        assert found.clock() == START + timedelta(days=40)
        visits = await found.ask("ann", "{ visits { nodes { name version } } }")
        assert visits["data"]["visits"]["nodes"] == [{"name": "rarely", "version": 2}]


async def test_plugins_hear_of_a_request_before_it_is_answered(database_url: str) -> None:
    @hookimpl
    def after_commit(events: Sequence[Event], desk: Desk) -> Any:
        for each in events:
            if each.object == "visit":
                yield from desk.create("task", [{"subject": f"After {each.new['name']}"}])

    async with running(database_url, SimpleNamespace(after_commit=after_commit)) as found:
        await found.ask("ann", 'mutation { createVisit(input: {name: "one"}) { visit { id } } }')
        tasks = await found.ask("ann", "{ tasks { nodes { subject } } }")
        assert tasks["data"]["tasks"]["nodes"] == [{"subject": "After one"}]
