"""A field of Subscription: planned once, then asked about each change what its subscriber is told of it.

Rights are those of the caller when it is asked: whether the record was there for the caller before and is
there now, and which of its fields look different. Nothing is told where nothing visible changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from graphql import GraphQLNonNull, GraphQLObjectType, get_named_type

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import Step
from salesmode.fieldtypes import Invalid, field_type
from salesmode.graph.change import Change
from salesmode.graph.selection import Nodes, Selection
from salesmode.model.condition import ALWAYS, Argument
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.queries.changes import RECORD, Judge, judge_of, old
from salesmode.queries.cost import limit_filters
from salesmode.queries.expand import HOLE
from salesmode.queries.filters import condition_of
from salesmode.queries.pick import Pick
from salesmode.queries.planner import plan

_RECORD = "record"


@dataclass(frozen=True, slots=True)
class Shown:
    """The selected record: how it is read, and whether its id alone can stand for it when it is gone."""

    picks: tuple[Pick, ...]
    statement: Statement
    id_is_enough: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """`records`: the selected records by their keys in the answer."""

    key: str
    object: Object
    picks: tuple[Pick, ...]
    records: Mapping[str, Shown]
    judge: Judge

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What it holds in memory already."""
        return tuple(each.statement for each in self.records.values())

    async def told(self, change: Change, environment: Environment, database: Database) -> bytes | None:
        """The JSON text of the field about one change; None where the subscriber is told nothing."""
        variables = {**environment.variables, RECORD: change.record_id}
        written = _readable(self.object, change.old)
        environment = replace(
            environment, variables=variables | {old(name): value for name, value in written.items()}
        )
        beside = change.old.keys() - self.object.fields.keys()
        verdict = self.judge(frozenset({*written, *beside}), change.operation == "deleted")
        step = Step(verdict.statement.sql, verdict.statement.bind(environment))
        rows = await change.ask(step, database)
        if not rows:
            return None
        now, before, *differ = rows[0]
        changed = zip(verdict.fields, differ, strict=True)
        fields = list(dict.fromkeys(name for name, different in changed if different))
        operation = _operation(change, fields, now=bool(now), before=bool(before))
        if operation is None:
            return None
        told = fields if operation in ("created", "updated") else []
        return await self._answer(operation, told, change, environment, database)

    async def _answer(
        self, operation: str, fields: list[str], change: Change, environment: Environment, database: Database
    ) -> bytes | None:
        texts = []
        facts = {"operation": operation, "id": change.record_id, "changedFields": fields}
        facts["__typename"] = f"{pascal(self.object.name)}Change"
        for pick in self.picks:
            text: bytes | None = None
            if pick.name != _RECORD:
                text = orjson.dumps(facts[pick.name])
            elif operation in ("deleted", "disappeared"):
                text = _gone(self.records[pick.key], self.object, change.record_id)
            else:
                text = await _read(self.records[pick.key], change, environment, database)
            if text is None:
                return None
            texts.append(b'"%s":%s' % (pick.key.encode(), text))
        return b"{%s}" % b",".join(texts)


def planned_watch(key: str, nodes: Nodes, selection: Selection, scope: PolicyScope) -> Watch:
    """One field of Subscription under the caller's policy."""
    document, trees = selection.document, selection.trees
    name = nodes[0].name.value
    definition = document.root.fields[name]
    granted = scope.policy.objects[document.schema.view.published.subscriptions[name].object]
    given = trees.arguments(definition, nodes[0]).get("where")
    where = condition_of(given, granted, scope.policy) if isinstance(given, Mapping) else ALWAYS
    limit_filters([where], trees.limits.filters)
    picks = selection.below(get_named_type(definition.type), nodes)
    record = document.schema.type_map[pascal(granted.object.name)]
    assert isinstance(record, GraphQLObjectType)
    records = {
        each.key: _shown(each, record, granted.object, selection, scope)
        for each in picks
        if each.name == _RECORD
    }
    return Watch(key, granted.object, picks, records, judge_of(granted.object.name, where, scope))


def _shown(
    pick: Pick, record: GraphQLObjectType, described: Object, selection: Selection, scope: PolicyScope
) -> Shown:
    """A field that is never null takes the record with it when the record is gone, as GraphQL has it."""
    root = Pick(_RECORD, camel(described.name), {"id": Argument((RECORD,))}, pick.picks)
    never_null = [
        each.name
        for each in pick.picks
        if each.name not in ("id", "__typename", HOLE)
        and isinstance(record.fields[each.name].type, GraphQLNonNull)
    ]
    return Shown(pick.picks, plan(root, scope, selection.trees.limits.filters), not never_null)


def _readable(described: Object, texts: Mapping[str, str | None]) -> dict[str, Any]:
    """What the written fields were; left out what is no longer a field, or no longer a value of it."""
    found: dict[str, Any] = {}
    for name, text in texts.items():
        field = described.fields.get(name)
        if field is not None:
            value = None if text is None else orjson.loads(text)
            try:
                found[name] = None if value is None else field_type(field.type).parse(field, value)
            except Invalid:
                continue
    return found


def _operation(change: Change, fields: list[str], *, now: bool, before: bool) -> str | None:
    match change.operation:
        case "created":
            return "created" if now else None
        case "deleted":
            return "deleted" if before else None
        case "restored":
            return "appeared" if now else None
    if now and before:
        return "updated" if fields else None
    return "appeared" if now else "disappeared" if before else None


def _gone(shown: Shown, described: Object, id_: str) -> bytes:
    if not shown.id_is_enough:
        return b"null"
    facts = {"id": id_, "__typename": pascal(described.name)}
    return orjson.dumps({each.key: facts.get(each.name) for each in shown.picks})


async def _read(shown: Shown, change: Change, environment: Environment, database: Database) -> bytes | None:
    """None for a record that has gone meanwhile; what took it away is told next."""
    rows = await change.ask(Step(shown.statement.sql, shown.statement.bind(environment)), database)
    text = rows[0][0] if rows else None
    return None if text is None or text == "null" else str(text).encode()
