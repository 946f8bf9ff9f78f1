"""A company of the demo data, small, and its people asking the API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from salesmode.compiler import Compiled
from salesmode.database.driver import Database
from salesmode.demo.description import describe
from salesmode.demo.generation import Records, generate
from salesmode.demo.loading import load
from salesmode.demo.population import Size
from salesmode.graph.endpoint import Endpoint, Query
from salesmode.server.callers import Callers
from salesmode.server.tokens import Identity
from salesmode.tables import Tables, tables_of

Row = Mapping[str, Any]
NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


def company(preset: Compiled, size: Size = "s", *, locale: str = "zh") -> tuple[Records, ...]:
    """The demo records of a preset."""
    demo = describe(preset.layered.documents, preset.model, preset.sources)
    return tuple(generate(demo, preset.model, size=size, seed=1, now=NOW, locale=locale))


@dataclass(frozen=True)
class Office:
    """The API on a database with the company in it. `rows`: what was loaded, by object."""

    endpoint: Endpoint
    callers: Callers
    rows: Mapping[str, tuple[Row, ...]]

    def person(self, name: str) -> Row:
        return next(row for row in self.rows["user"] if row["name"] == name)

    def owned_by(self, object_name: str, *users: object) -> dict[str, Row]:
        """The records of these users (by id), by id."""
        return {row["id"]: row for row in self.rows[object_name] if row["owner"] in users}

    def granted(self, object_name: str, name: str) -> set[object]:
        """The ids of the records that the person may follow, view or work on."""
        user = self.person(name)["id"]
        grants = [row for row in self.rows["grant"] if row["user"] == user and row["right"] != "credit"]
        return {row[object_name] for row in grants} - {None}

    def team_of(self, name: str) -> set[object]:
        """The ids of who is in the same team."""
        return {row["id"] for row in self.rows["user"] if row["team"] == self.person(name)["team"]}

    def below(self, name: str) -> set[object]:
        """The ids of who is in the person's team or in one below it."""
        parents = {row["id"]: row["parent"] for row in self.rows["team"]}
        teams = {self.person(name)["team"]}
        for _ in parents:
            teams |= {team for team, parent in parents.items() if parent in teams}
        return {row["id"] for row in self.rows["user"] if row["team"] in teams}

    async def ask(self, name: str, text: str, **variables: Any) -> Any:
        """The whole answer to that person."""
        caller = await self.callers.caller(Identity(name), "en")
        return orjson.loads((await self.endpoint.answer(Query(text, variables), caller)).body)

    async def data(self, name: str, text: str, **variables: Any) -> Any:
        found = await self.ask(name, text, **variables)
        assert "errors" not in found, found["errors"]
        return found["data"]

    async def error(self, name: str, text: str, **variables: Any) -> Any:
        """The `extensions` of the only error."""
        (error,) = (await self.ask(name, text, **variables))["errors"]
        return error["extensions"]

    async def all(self, name: str, plural: str, fields: str) -> dict[str, Row]:
        """Every record that the person sees, by id."""
        text = f"{{ {plural}(first: 1000) {{ nodes {{ id {fields} }} }} }}"
        return {node["id"]: node for node in (await self.data(name, text))[plural]["nodes"]}


async def opened(database: Database, preset: Compiled) -> Office:
    """The company moves in."""
    tables: Tables = tables_of(preset.model, database.dialect)
    await database.with_connection(tables.create)
    records = company(preset)
    await load(database, tables, records, told=lambda _records, _done: None)
    rows = {each.of.name: each.rows for each in records}
    return Office(Endpoint(tables, database), Callers(tables, database), rows)
