"""Asks the API and gets plain Python back."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from salesmode.access.compose import policy_of
from salesmode.access.scope import SystemScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.graph.endpoint import Answer, Caller, Endpoint, Query
from salesmode.records.create import create
from salesmode.tables import Tables

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


@dataclass
class Api:
    """One endpoint and one user. `heard` has the data statements since it was last cleared."""

    endpoint: Endpoint
    database: Database
    tables: Tables
    user: str
    heard: list[str] = field(default_factory=list)

    async def answer(
        self, text: str, roles: str = "admin", *, locale: str = "en", **variables: Any
    ) -> Answer:
        return await self.endpoint.answer(Query(text, variables), self.caller(roles, locale=locale))

    def caller(self, roles: str, *, locale: str = "en") -> Caller:
        """The user with these roles."""
        policy = policy_of(self.tables.model, roles.split())
        user = {"id": self.user, "teams": (), "roles": roles.split()}
        return Caller(policy, Environment({}, user, NOW, UTC_ZONE, locale=locale))

    async def ask(self, text: str, roles: str = "admin", **variables: Any) -> Any:
        """The whole answer."""
        return orjson.loads((await self.answer(text, roles, **variables)).body)

    async def data(self, text: str, roles: str = "admin", **variables: Any) -> Any:
        """The data of an answer without errors."""
        found = await self.ask(text, roles, **variables)
        assert "errors" not in found, found["errors"]
        return found["data"]

    async def error(self, text: str, roles: str = "admin", **variables: Any) -> Any:
        """The only error of an answer."""
        found = await self.ask(text, roles, **variables)
        (error,) = found["errors"]
        return error

    async def code(self, text: str, roles: str = "admin", **variables: Any) -> str:
        code: str = (await self.error(text, roles, **variables))["extensions"]["code"]
        return code

    async def new(self, object_name: str, **values: object) -> str:
        """A record made by the system."""
        environment = Environment({}, {"id": self.user}, NOW, UTC_ZONE)
        scope = SystemScope(self.tables)
        return (await self.database.run(lambda: create(scope, object_name, [values], environment)))[0]


async def opened(database: Database, tables: Tables) -> Api:
    """The API with its first user."""
    environment = Environment({}, {}, NOW, UTC_ZONE)
    scope = SystemScope(tables)
    ids = await database.run(lambda: create(scope, "user", [{"name": "ann"}], environment))
    api = Api(Endpoint(tables, database), database, tables, ids[0])
    database.listeners.append(api.heard.append)
    return api
