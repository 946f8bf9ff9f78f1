"""A small company with routing rules and pools, on a database of its own."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from salesmode.access.scope import SystemScope
from salesmode.compiler import compile_texts
from salesmode.database.connect import connect
from salesmode.hookspecs import Desk, UnitOf
from salesmode.records.desks.desk import plugged
from salesmode.tables import tables_of
from salesmode.testing import Running
from salesmode.testing.clock import duration_of
from salesmode_routing import plugin

BASE = """
kind: app
name: shop
plugins: [routing]
locales: [en, zh]
timezone: Asia/Shanghai
---
kind: object
name: user
fields:
  skills: {type: multi_choice, options: [a, b]}
  weight: {type: integer}
  room: {type: integer}
---
kind: object
name: lead
owned: true
activities: true
fields:
  name: {type: text}
  product: {type: choice, options: [a, b]}
  region: {type: choice, options: [north, south]}
  hot: {type: boolean}
---
kind: object
name: customer
owned: true
activities: true
fields:
  name: {type: text}
  grade: {type: choice, options: [a, b, c, d]}
  signed: {type: boolean, required: true, default: false}
---
kind: object
name: visit
owned: true
fields:
  name: {type: text}
  customer: {type: reference, to: customer, inverse: visits}
---
kind: role
name: sales
objects:
  user: {read: true, fields: {default: read}}
  lead: {read: true, create: true, fields: {default: write, owner: read}}
  customer: {read: true, create: true, fields: {default: write, owner: read}}
  visit: {read: true, create: true, fields: {default: write}}
---
kind: role
name: boss
inherits: [sales]
objects:
  lead: {fields: {owner: write}}
  customer: {update: true, fields: {owner: write}}
  pool_move: {read: true, fields: {default: read}}
  routing_decision: {read: true, fields: {default: read}}
  routing_round: {read: true, fields: {default: read}}
  hand_over: {read: true, fields: {default: read}}
  hand_over_item: {read: true, fields: {default: read}}
---
"""


class World:
    """The app running, with users by name; what a plugin does is done for one of them, or for the system."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.users: dict[str, str] = {}
        self.heard: list[str] = []
        running.database.listeners.append(self.heard.append)

    async def do(self, work: Callable[[Desk], UnitOf[Any]], user: str | None = None) -> Any:
        """As a hook of the plugin would, in a transaction of its own."""
        environment = self.running.environment
        if user is not None:
            rows = await self.do(lambda desk: desk.read("user", ("roles",), ids=[self.users[user]]))
            known = {"id": self.users[user], "roles": tuple(rows[0]["roles"] or ())}
            environment = replace(environment, user=known)
        code, desk = plugged("routing", "graph_fields", SystemScope(self.running.tables), environment)
        return await self.running.database.run(lambda: code.called(lambda: work(desk)))

    async def people(self, **fields: Mapping[str, Any]) -> None:
        """Users by name."""
        rows = [{"name": name, **values} for name, values in fields.items()]
        ids = await self.make("user", *rows)
        self.users |= dict(zip(fields, ids, strict=True))

    async def make(self, object_: str, *rows: Mapping[str, Any]) -> tuple[str, ...]:
        found: tuple[str, ...] = await self.do(lambda desk: desk.create(object_, rows))
        return found

    async def put(self, object_: str, id: str, **values: Any) -> None:
        await self.do(lambda desk: desk.update(object_, {id: values}))

    async def rows(self, object_: str, *fields: str, **where: Any) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = await self.do(
            lambda desk: desk.read(object_, fields, where=where or None)
        )
        return found

    async def row(self, object_: str, id: str, *fields: str) -> Mapping[str, Any]:
        (found,) = await self.do(lambda desk: desk.read(object_, fields, ids=[id]))
        return dict(found)

    async def value(self, object_: str, id: str, field: str) -> Any:
        return (await self.row(object_, id, field))[field]

    async def owners(self, object_: str, ids: Sequence[str]) -> Counter[str | None]:
        """How many of the records each user has, by name."""
        rows = await self.do(lambda desk: desk.read(object_, ("owner.name",), ids=ids))
        return Counter(each["owner.name"] for each in rows)

    async def owner(self, object_: str, id: str) -> str | None:
        (name,) = await self.owners(object_, [id])
        return name

    async def job(self, name: str) -> int:
        """Do a timed work of the plugin until nothing is due."""
        (work,) = (each for each in plugin.jobs(self.running.tables.model) if each.name == name)
        count = 0
        while done := await self.do(work.run):
            count += done
        return count

    async def pass_time(self, duration: str) -> None:
        """The clock alone."""
        self.running.clock.move(self.running.clock.after(*duration_of(duration)))


async def opened(url: str, text: str) -> World:
    """An empty world of that metadata; whoever opens it closes its database."""
    model = compile_texts({"app.yaml": BASE + text}).model
    database = await connect(url)
    running = Running(tables_of(model, database.dialect), database)
    await running.make_tables()
    await running.begin()
    return World(running)
