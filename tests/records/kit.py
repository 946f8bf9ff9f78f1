"""A database with a model in it, and callers who write to it."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import ColumnElement, select

from salesmode.access.compose import policy_of
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Compare, Condition, Literal, UserValue, Value
from salesmode.model.role import FieldGrant, ObjectGrant, Right, Role
from salesmode.records import create, delete, move, restore, update, update_where, upsert
from salesmode.records.subject import WriteScope
from salesmode.tables import Tables
from tests.support.models import SPAN, label

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

MINE = Compare("owner", "eq", UserValue("id"))


def eq(name: str, value: object) -> Condition:
    return Compare(name, "eq", value if isinstance(value, Value) else Literal(value))


def right(where: Condition = ALWAYS, *, check: Condition = ALWAYS, **presets: Value) -> Right:
    return Right(where, SPAN, presets or None, check)


def grant(object_name: str, *, fields: Mapping[str, object], **rights: object) -> ObjectGrant:
    """`fields`: a name to `read`, `write`, `blind`, a condition for writing, or a FieldGrant.

    A right is True, a condition, or a Right.
    """
    given: dict[str, Any] = {name: _right(each) for name, each in rights.items() if each}
    return ObjectGrant(object_name, SPAN, {name: _cell(each) for name, each in fields.items()}, **given)


def role(name: str, *grants: ObjectGrant) -> Role:
    return Role(name, label(name), SPAN, (), {each.object: each for each in grants})


def _right(given: object) -> Right:
    return given if isinstance(given, Right) else right(ALWAYS if given is True else given)  # type: ignore[arg-type]


def _cell(given: object) -> FieldGrant:
    match given:
        case FieldGrant():
            return given
        case "read":
            return FieldGrant(SPAN, clear=ALWAYS)
        case "write":
            return FieldGrant(SPAN, clear=ALWAYS, write=ALWAYS)
        case "blind":
            return FieldGrant(SPAN, clear=NEVER, write=ALWAYS)
        case _:
            return FieldGrant(SPAN, clear=ALWAYS, write=given)  # type: ignore[arg-type]


async def refused(attempt: Awaitable[object]) -> tuple[str, set[tuple[tuple[str | int, ...], str]]]:
    """The code, and where which problem is; nothing may stand there twice."""
    with pytest.raises(Refusal) as caught:
        await attempt
    problems = {(each.path, each.code) for each in caught.value.problems}
    assert len(problems) == len(caught.value.problems)
    return caught.value.code, problems


@dataclass
class Desk:
    """Where everybody writes. `heard` has every statement since it was last cleared."""

    database: Database
    tables: Tables
    heard: list[str] = field(default_factory=list)

    @property
    def model(self) -> Model:
        return self.tables.model

    def system(self) -> "Caller":
        return Caller(self, SystemScope(self.tables), Environment({}, {}, NOW, ZoneInfo("UTC")))

    def caller(self, user: Mapping[str, object], *roles: str) -> "Caller":
        policy = policy_of(self.model, roles)
        environment = Environment({}, user, NOW, ZoneInfo("UTC"))
        return Caller(self, PolicyScope(self.tables, policy), environment)

    async def rows(self, object_name: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """All rows that live (or do not), by field, in the order of ids."""
        described, table = self.model.objects[object_name], self.tables.table(object_name)
        gone = table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None)
        fields = [each for each in described.fields.values() if each.column in table.c]
        rows = select(*(table.c[each.column] for each in fields)).where(gone).order_by(table.c.id)
        statement = render(rows, self.tables.dialect)
        found = await self.database.fetch(Step(statement.sql, ()))
        return [
            {
                each.name: None
                if raw is None
                else field_type(each.type).decode(each, raw, self.tables.dialect)
                for each, raw in zip(fields, row, strict=True)
            }
            for row in found
        ]

    def select(self, *columns: ColumnElement[Any]) -> Step:
        return Step(render(select(*columns), self.tables.dialect).sql, ())

    async def row(self, object_name: str, id_: str) -> dict[str, Any]:
        return next(each for each in await self.rows(object_name) if each["id"] == id_)

    async def changes(self, record_id: str) -> list[dict[str, Any]]:
        """The history of a record, oldest first."""
        table = self.tables.change
        columns = ("version", "operation", "field", "old", "new", "by_id", "object")
        rows = select(*(table.c[each] for each in columns), table.c.record_id).order_by(table.c.id)
        found = await self.database.fetch(Step(render(rows, self.tables.dialect).sql, ()))
        return [dict(zip(columns, row, strict=False)) for row in found if str(row[-1]) == record_id]


@dataclass(frozen=True)
class Caller:
    """Somebody with rights, or the system."""

    desk: Desk
    scope: WriteScope
    environment: Environment

    @property
    def id(self) -> object:
        return self.environment.user["id"]

    def at(self, now: datetime) -> "Caller":
        return replace(self, environment=replace(self.environment, now=now))

    def saying(self, **variables: object) -> "Caller":
        return replace(self, environment=self.environment.with_variables(variables))

    async def create(
        self, object_name: str, *inputs: Mapping[str, object], **values: object
    ) -> tuple[str, ...]:
        given = inputs or (values,)
        return await self.run(lambda: create(self.scope, object_name, given, self.environment))

    async def new(self, object_name: str, **values: object) -> str:
        """One record; problems have the path `input`."""
        unit = lambda: create(self.scope, object_name, [values], self.environment, paths=[("input",)])  # noqa: E731
        return (await self.run(unit))[0]

    async def update(
        self, object_name: str, id_: str, *, if_version: int | None = None, **values: object
    ) -> tuple[str, ...]:
        return await self.run(
            lambda: update(self.scope, object_name, [id_], values, self.environment, if_version=if_version)
        )

    async def move(
        self,
        object_name: str,
        id_: str,
        to: str,
        *,
        comment: str | None = None,
        if_version: int | None = None,
        **values: object,
    ) -> tuple[str, ...]:
        return await self.run(
            lambda: move(
                self.scope,
                object_name,
                id_,
                to,
                values,
                self.environment,
                comment=comment,
                if_version=if_version,
            )
        )

    async def update_where(self, object_name: str, where: Condition, **values: object) -> tuple[str, ...]:
        return await self.run(lambda: update_where(self.scope, object_name, where, values, self.environment))

    async def delete(self, object_name: str, *ids: str, if_version: int | None = None) -> tuple[str, ...]:
        return await self.run(
            lambda: delete(self.scope, object_name, ids, self.environment, if_version=if_version)
        )

    async def restore(self, object_name: str, *ids: str) -> tuple[str, ...]:
        return await self.run(lambda: restore(self.scope, object_name, ids, self.environment))

    async def upsert(
        self, object_name: str, by: Sequence[str], *inputs: Mapping[str, object]
    ) -> tuple[str, ...]:
        return await self.run(lambda: upsert(self.scope, object_name, by, inputs, self.environment))

    async def run(self, factory: "Any") -> tuple[str, ...]:
        self.desk.heard.clear()
        result: tuple[str, ...] = await self.desk.database.run(factory)
        return result
