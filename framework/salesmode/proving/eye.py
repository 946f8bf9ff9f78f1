"""Looks at a world that is loaded: the database says which of a role's conditions hold."""

from typing import Any

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import render
from salesmode.database.unit import Step
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.field import Field
from salesmode.proving.sight import OPERATIONS, Granted, Sight
from salesmode.proving.world import Cell, World
from salesmode.tables import Tables


class Eye:
    """Looks at worlds that are loaded, for one role; its statements are made once."""

    def __init__(self, tables: Tables, granted: Granted) -> None:
        self._granted, self._tables = granted, tables
        self._conditions = {name: list(_conditions(granted, name)) for name in tables.model.objects}
        self._made = {
            name: list(filter(_made, each.fields.values())) for name, each in tables.model.objects.items()
        }
        self._statements = {name: self._statement(name) for name in tables.model.objects}

    async def look(self, database: Database, world: World, environment: Environment) -> Sight:
        """At the world, which is the one that is loaded; what the database makes of it becomes part of it."""
        truths: dict[str, dict[str, frozenset[Condition]]] = {}
        made: dict[Cell, Any] = {}
        for name, statement in self._statements.items():
            fields = self._made[name]
            truths[name] = {}
            for id_, *found in await database.fetch(Step(statement.sql, statement.bind(environment))):
                truths[name][str(id_)] = self._held(name, found[len(fields) :])
                for field, raw in zip(fields, found, strict=False):
                    made[(name, str(id_), field.name)] = self._decoded(field, raw)
        return Sight(self._granted, world.changed(made) if made else world, environment.user, truths)

    def _decoded(self, field: Field, raw: Any) -> Any:
        type_ = field_type(field.type)
        return None if raw is None else type_.decode(field, raw, self._tables.dialect)

    def _held(self, name: str, answers: Any) -> frozenset[Condition]:
        found = {each for each, holds in zip(self._conditions[name], answers, strict=True) if holds}
        return frozenset({*found, ALWAYS})

    def _statement(self, name: str) -> Any:
        scope = SystemScope(self._tables)
        source = scope.source(name)
        holds = [as_boolean(compile_condition(each, source, scope)) for each in self._conditions[name]]
        values = [scope.readable(source, each.name).value for each in self._made[name]]
        columns = [each.label(f"c{at}") for at, each in enumerate([*values, *holds])]
        return render(select(source.table.c.id, *columns).where(scope.rows(source)), self._tables.dialect)


def _made(field: Field) -> bool:
    """Whether a value is not, or not on every row, what stands in a column."""
    return not field.stored or field.pipelines is not None


def _conditions(granted: Granted, object_name: str) -> list[Condition]:
    found: list[Condition] = []
    for grant in granted.grants(object_name):
        rights = (grant.read, grant.create, grant.unmask, *(getattr(grant, each) for each in OPERATIONS))
        found += [right.where for right in rights if right]
        found += [each for cell in grant.fields.values() for each in (cell.clear, cell.write)]
    return [each for each in dict.fromkeys(found) if each not in (ALWAYS, NEVER)]
