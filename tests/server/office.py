"""A served CRM: users with roles in teams, and a client that speaks HTTP to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field as made
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette

from salesmode.access.scope import SystemScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, UserValue
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from salesmode.records import create, update
from salesmode.server.application import application
from salesmode.server.settings import DEFAULTS, Settings
from salesmode.server.tokens import new_token
from salesmode.tables import tables_of
from tests.support.models import SPAN, field, label, model, object_, reference

SECRET = "a secret that is long enough for every algorithm of the HMAC family, and longer"
HOUR = timedelta(hours=1)


def office() -> Model:
    user = object_(
        "user",
        {
            "name": field("text", required=True, unique=True),
            "active": field("boolean", required=True, default=True),
            "roles": field("multi_choice", open_options=True),
            "team": reference("team"),
        },
    )
    team = object_("team", {"name": field("text", required=True), "parent": reference("team", tree=True)})
    territory = object_(
        "territory",
        {"name": field("text"), "parent": reference("territory", tree=True), "team": reference("team")},
        plural="territories",
    )
    member = object_(
        "territory_member",
        {"territory": reference("territory", required=True), "user": field("user", required=True)},
    )
    deal = object_(
        "deal",
        {"name": field("text", required=True), "team": reference("team"), "place": reference("territory")},
    )
    roles = [
        _reader("rep", Compare("team", "in", UserValue("teams"))),
        _reader("scout", Compare("place", "in", UserValue("territories"))),
        Role("boss", label("Boss"), SPAN, ("rep", "scout"), {}),
    ]
    return model(user, team, territory, member, deal, roles=roles, locales=("en", "zh"))


def _reader(name: str, where: Any) -> Role:
    fields = {"name": FieldGrant(SPAN, clear=ALWAYS)}
    return Role(name, label(name), SPAN, (), {"deal": ObjectGrant("deal", SPAN, fields, Right(where, SPAN))})


@dataclass
class Office:
    """The server and its database. `heard` has the data statements since it was last cleared."""

    app: Starlette
    database: Database
    model: Model
    client: httpx.AsyncClient
    url: str
    heard: list[str] = made(default_factory=list)

    async def ask(self, text: str, user: str, roles: list[str] | None = None) -> httpx.Response:
        token = new_token(SECRET, user, lifetime=HOUR, roles=roles)
        return await self.post({"query": text}, Authorization=f"Bearer {token}")

    async def post(self, body: Any, **headers: str) -> httpx.Response:
        return await self.client.post("/graphql", json=body, headers=headers)

    async def new(self, object_name: str, **values: object) -> str:
        unit = lambda: create(self._system, object_name, [values], self._environment)  # noqa: E731
        return (await self.database.run(unit))[0]

    async def new_deals(self, count: int) -> None:
        """With long names, in which a search takes its time."""
        values = [{"name": f"{at} {'deal ' * 60}"} for at in range(count)]
        await self.database.run(lambda: create(self._system, "deal", values, self._environment))

    async def change(self, object_name: str, id_: str, values: Mapping[str, object]) -> None:
        await self.database.run(lambda: update(self._system, object_name, [id_], values, self._environment))

    @property
    def _system(self) -> SystemScope:
        return SystemScope(tables_of(self.model, self.database.dialect))

    @property
    def _environment(self) -> Environment:
        return Environment({}, {}, datetime(2026, 3, 1, tzinfo=UTC), ZoneInfo("UTC"))


def opened(
    database: Database, found: Model, url: str, *, dev: bool = False, settings: Settings = DEFAULTS
) -> Office:
    """A server on a database that has its tables."""
    app = application(found, database, secret=SECRET, dev=dev, settings=settings)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://crm")
    made_ = Office(app, database, found, client, url)
    database.listeners.append(made_.heard.append)
    return made_
