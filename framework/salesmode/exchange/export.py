"""Rows out of the database: pages of a thousand by keyset, each one statement of the planner.

The order is that of creation. Each page is read on its own: rows that are written meanwhile may be in it.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from salesmode.access.scope import PolicyScope
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import Step
from salesmode.exchange import cells
from salesmode.exchange.columns import Column
from salesmode.exchange.where import tree_of
from salesmode.model.condition import Argument, Literal
from salesmode.model.names import camel
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.pick import Pick
from salesmode.queries.planner import plan
from salesmode.queries.references import REFERENCES

PAGE = 1000
_AFTER = "after"

Row = tuple[object, ...]
Where = Mapping[str, object] | None


async def exported(
    database: Database,
    scope: PolicyScope,
    object_name: str,
    columns: Sequence[Column],
    environment: Environment,
    *,
    where: Where = None,
) -> AsyncIterator[Row]:
    """The rows that the policy shows and `where` selects, a value for each column: what is hidden is
    None, what is masked its mask. Raises Refusal for a name in `where` that the caller does not know.
    """
    first, later = (_statement(scope, object_name, columns, where, after=after) for after in (False, True))
    page = await _page(database, first, environment)
    while True:
        for each in page["nodes"]:
            yield tuple(_value(column, each[str(place)]) for place, column in enumerate(columns))
        if not page["pageInfo"]["more"]:
            return
        cursor = {_AFTER: page["pageInfo"]["cursor"]}
        page = await _page(database, later, replace(environment, variables=cursor))


async def _page(database: Database, statement: Statement, environment: Environment) -> Any:
    text = await database.fetch_text(Step(statement.sql, statement.bind(environment)))
    assert text is not None, "a connection is never null"
    return orjson.loads(text)


def _statement(
    scope: PolicyScope, object_name: str, columns: Sequence[Column], where: Where, *, after: bool
) -> Statement:
    granted = scope.policy.objects[object_name]
    facts = (Pick("more", "hasNextPage"), Pick("cursor", "endCursor"))
    nodes = tuple(_pick(str(place), column) for place, column in enumerate(columns))
    args: dict[str, Any] = {"first": Literal(PAGE)}
    if where is not None:
        args["where"] = tree_of(where, granted, scope.policy)
    if after:
        args[_AFTER] = CursorLeaf(Argument((_AFTER,)), ())
    picks = (Pick("nodes", "nodes", picks=nodes), Pick("pageInfo", "pageInfo", picks=facts))
    return plan(Pick("rows", camel(granted.object.plural), args, picks), scope)


def _pick(key: str, column: Column) -> Pick:
    if column.field.type not in REFERENCES:
        return Pick(key, camel(column.field.name))
    inner = "id" if column.key is None else column.key.name
    return Pick(key, camel(column.field.name), picks=(Pick("of", camel(inner)),))


def _value(column: Column, found: Any) -> object:
    if column.field.type in REFERENCES:
        found = None if found is None else found["of"]
    return cells.exported(column.shown, found)
