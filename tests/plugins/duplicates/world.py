"""A company whose households are compared, merged and ruled on, on a database of its own."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from salesmode.access.scope import SystemScope
from salesmode.hookspecs import Desk, UnitOf
from salesmode.records import load_user_data
from salesmode.records.desks.desk import plugged
from salesmode_duplicates.asked import rules_of
from salesmode_duplicates.backfill import fill_in
from salesmode_duplicates.merging import Merged, Wish, merge
from tests.plugins.duplicates.apps import HOUSEHOLDS, MATCHING, ROLES, RULING
from tests.support.small_api import SYSTEM, SmallApi, small_api

APP = "country: CN\nplugins: [duplicates]\ntimezone: Asia/Shanghai"
PHONE = "+8613812345678"


class World:
    """What a plugin does is done for one of the people, or for the system (None)."""

    def __init__(self, api: SmallApi) -> None:
        self.api = api

    def id(self, person: str) -> str:
        return str(self.api.people[person]["id"])

    async def do(self, work: Callable[[Desk], UnitOf[Any]], person: str | None = None) -> Any:
        """As a hook of the plugin would, in a transaction of its own."""
        environment = replace(SYSTEM, now=self.api.now, user=self.api.people.get(person or "", {}))
        code, desk = plugged("duplicates", "graph_fields", SystemScope(self.api.tables), environment)
        return await self.api.database.run(lambda: code.called(lambda: work(desk)))

    async def household(self, **values: Any) -> str:
        return await self.api.new("household", **{"name": "李伟", **values})

    async def read(self, name: str, fields: str, **asked: Any) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = await self.do(lambda desk: desk.read(name, fields.split(), **asked))
        return found

    async def one(self, id_: str, fields: str, name: str = "household") -> list[Any]:
        (row,) = await self.read(name, fields, ids=[id_])
        return [row[each] for each in fields.split()]

    async def there(self, *ids: str) -> list[bool]:
        found = {row["id"] for row in await self.read("household", "", ids=list(ids))}
        return [each in found for each in ids]

    async def settle(self) -> None:
        """Every record has its keys, and likely pairs are known."""
        while await self.do(fill_in):
            pass

    async def start_again(self) -> None:
        """As if all records had been there before the rules."""
        rows = await self.read("match_progress", "")
        fresh = {row["id"]: {"done": False, "done_to": None} for row in rows}
        await self.do(lambda desk: desk.update("match_progress", fresh))

    async def merge(self, *ids: str, person: str = "mo", **wish: Any) -> Merged:
        asked = Wish(ids=ids, **{"chosen": {}, **wish})
        return await self.do(lambda desk: merge(desk, rules_of(desk.model, "household")[0], asked), person)

    async def contact(self, household: str, person: str, days_ago: int, **values: Any) -> str:
        at = self.api.now - timedelta(days=days_ago)
        given = {"household": household, "user": self.id(person), "at": at, "kind": "call", "subject": "Call"}
        return await self.api.new("activity", **{**given, **values})


@asynccontextmanager
async def opened(
    database_url: str, *more: str, roles: str = ROLES, ruling: str = RULING
) -> AsyncIterator[World]:
    documents = (HOUSEHOLDS, ruling, roles, *(more or (MATCHING,)))
    async with small_api(database_url, *documents, app=APP) as api:
        await api.database.run(lambda: load_user_data(api.tables, SYSTEM))
        for name, role in (("ann", "rep"), ("bob", "rep"), ("mo", "manager"), ("root", "admin")):
            await api.person(name, role)
        yield World(api)
