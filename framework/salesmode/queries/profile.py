"""A user's own record, with the teams and territories that are theirs, in one statement with the system's
rights.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, func, or_, select

from salesmode.access.scope import SystemScope
from salesmode.conditions.scope import Source
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import as_text, text_literal
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.tables import Tables

_KEY = "$key"


class Profile:
    """The statement, and how its row becomes the values of `$user`; the user is found `by` `name` or `id`.

    `teams`: the user's own team and all below it. `territories`: those of these teams and those that the
    user is a member of, and all below them.
    """

    def __init__(self, tables: Tables, *, by: str = "name") -> None:
        self._tables = tables
        self._system = SystemScope(tables)
        self._user = tables.model.objects["user"]
        self._by = self._user.fields[by]
        table = tables.table("user")
        stored = [each for each in self._user.fields.values() if each.column in table.c]
        self._fields = [each for each in stored if field_type(each.type).selectable]
        trees = self._trees()
        self._plurals = list(trees)
        self.statement = render(self._select(trees), tables.dialect)

    def arguments(self, key: str, environment: Environment) -> tuple[object, ...]:
        """What finds the user of that name, or id."""
        return self.statement.bind(environment.with_variables({_KEY: key}))

    def user(self, row: Sequence[Any]) -> Mapping[str, object]:
        """The values of `$user`."""
        values: dict[str, object] = {"roles": (), "teams": (), "territories": ()}
        for field, raw in zip(self._fields, row, strict=False):
            values[field.name] = self._decoded(field, raw)
        for plural, ids in zip(self._plurals, row[len(self._fields) :], strict=True):
            values[plural] = tuple(ids.split(",")) if ids else ()
        return values

    def _decoded(self, field: Field, raw: Any) -> object:
        kind = field_type(field.type)
        if raw is None:
            return () if kind.many else None
        return kind.decode(field, raw, self._tables.dialect)

    def _select(self, trees: Mapping[str, CTE]) -> Select[Any]:
        source = self._system.source("user")
        columns = [source.table.c[each.column] for each in self._fields]
        return select(*columns, *(self._ids(each) for each in trees.values())).where(self._meant(source))

    def _trees(self) -> Mapping[str, CTE]:
        team = self._user.fields.get("team")
        if team is None or "team" not in self._tables.model.objects:
            return {}
        source = self._system.source("user")
        own = source.table.c[team.column]
        teams = self._below("team", select(own.label("id")).where(self._meant(source), own.is_not(None)))
        territories = self._territories(teams)
        return {"teams": teams} if territories is None else {"teams": teams, "territories": territories}

    def _territories(self, teams: CTE) -> CTE | None:
        territory = self._tables.model.objects.get("territory")
        if territory is None or "team" not in territory.fields:
            return None
        given = self._system.source("territory")
        theirs = [given.table.c[territory.fields["team"].column].in_(select(teams.c.id))]
        if "territory_member" in self._tables.model.objects:
            theirs.append(given.table.c.id.in_(self._memberships()))
        seed = select(given.table.c.id.label("id")).where(or_(*theirs), self._system.rows(given))
        return self._below("territory", seed)

    def _memberships(self) -> Select[Any]:
        """The territories that the user is a member of."""
        member, user = self._system.source("territory_member"), self._system.source("user")
        columns = [member.table.c[member.object.fields[name].column] for name in ("territory", "user")]
        own = select(user.table.c.id).where(self._meant(user))
        return select(columns[0]).where(columns[1].in_(own), self._system.rows(member))

    def _below(self, object_name: str, seed: Select[Any]) -> CTE:
        """The rows of the seed and all below them in the object's tree."""
        found = seed.cte(f"sm_{object_name}_tree", recursive=True)
        parent = _parent(self._tables.model.objects[object_name])
        if parent is None:
            return found
        child = self._system.source(object_name)
        below = select(child.table.c.id).where(
            child.table.c[parent.column] == found.c.id, self._system.rows(child)
        )
        return found.union(below)

    def _ids(self, tree: CTE) -> ColumnElement[str]:
        join = func.group_concat if self._tables.dialect == "sqlite" else func.string_agg
        ids = join(as_text(tree.c.id), text_literal(","), type_=Text())
        return select(ids).select_from(tree).scalar_subquery()

    def _meant(self, source: Source) -> ColumnElement[bool]:
        key = slot_of(Argument((_KEY,)), self._by, self._tables.dialect)
        return (source.table.c[self._by.column] == key) & self._system.rows(source)


def _parent(described: Object) -> Field | None:
    return next((each for each in described.fields.values() if each.tree), None)
