"""The API of an app written in YAML, asked by users with the roles that they hold."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.database.connect import connect
from salesmode.database.driver import Database, Options
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Caller, Endpoint, Query
from salesmode.records import create, move, update
from salesmode.tables import Tables, tables_of
from salesmode.testing.kit import compiled

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEFAULTS = Options()
SYSTEM = Environment({}, {}, NOW, ZoneInfo("UTC"))


@dataclass
class SmallApi:
    """One endpoint, and people by name, who speak `locale`. `heard` has the data statements since it was last
    cleared.
    """

    endpoint: Endpoint
    database: Database
    tables: Tables
    people: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    now: datetime = NOW
    zone: ZoneInfo = SYSTEM.timezone
    locale: str = "en"
    heard: list[str] = field(default_factory=list)

    async def person(self, name: str, *roles: str, team: str | None = None) -> str:
        """A user; `team` is an id."""
        id_ = await self.new("user", name=name, roles=list(roles), team=team, email=f"{name}@example.org")
        self.people[name] = {"id": id_, "team": team, "teams": (team,) if team else (), "roles": roles}
        return id_

    async def new(self, object_name: str, **values: object) -> str:
        """A record made by the system."""
        unit = lambda: create(SystemScope(self.tables), object_name, [values], SYSTEM)  # noqa: E731
        return (await self.database.run(unit))[0]

    async def change(self, object_name: str, id_: str, **values: object) -> None:
        """A change made by the system."""
        scope = SystemScope(self.tables)
        await self.database.run(lambda: update(scope, object_name, [id_], values, SYSTEM))

    async def move(self, object_name: str, id_: str, to: str, **values: object) -> None:
        """A move to another stage made by the system."""
        scope, now = SystemScope(self.tables), replace(SYSTEM, now=self.now)
        await self.database.run(lambda: move(scope, object_name, id_, to, values, now))

    async def ask(self, name: str, text: str, **variables: Any) -> Any:
        """The whole answer that this person gets."""
        user = self.people[name]
        environment = replace(SYSTEM, user=user, now=self.now, timezone=self.zone, locale=self.locale)
        caller = Caller(policy_of(self.tables.model, user["roles"]), environment)
        return orjson.loads((await self.endpoint.answer(Query(text, variables), caller)).body)

    async def data(self, name: str, text: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        found = await self.ask(name, text, **variables)
        assert "errors" not in found, found["errors"]
        return found["data"]

    async def error(self, name: str, text: str, **variables: Any) -> Any:
        """The only error of an answer: its code, and where which problem is."""
        (error,) = (await self.ask(name, text, **variables))["errors"]
        return error

    async def refused(self, name: str, text: str, **variables: Any) -> tuple[str, list[tuple[Any, str]]]:
        """The code of the only error, and where which problem is."""
        more = (await self.error(name, text, **variables))["extensions"]
        return more["code"], [(tuple(each["path"]), each["code"]) for each in more.get("problems", ())]


@asynccontextmanager
async def small_api(
    database_url: str, *documents: str, app: str = "", options: Options = DEFAULTS
) -> AsyncIterator[SmallApi]:
    """The app of those documents on an empty database; `app`: more keys of its own."""
    text = "\n---\n".join((f"kind: app\nname: small\n{app}".rstrip(), *documents))
    model = compiled(text)
    database = await connect(database_url, options)
    tables = tables_of(model, database.dialect)
    await database.with_connection(tables.create)
    api = SmallApi(Endpoint(tables, database), database, tables)
    database.listeners.append(api.heard.append)
    try:
        yield api
    finally:
        await database.close()
