"""Rows out of the database: pages of a thousand by keyset, each one statement of the planner.

The right to carry them off is asked for first, and the export is logged with the number of its rows before
the first of them is read. The order is that of creation. Each page is read on its own: it may show what is
written meanwhile, but never more rows than were counted.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from salesmode.access.disclosure import exporting
from salesmode.access.policy import Disclosure
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement
from salesmode.database.unit import Step
from salesmode.diagnostics import Message, Refusal
from salesmode.exchange import cells
from salesmode.exchange.columns import Column
from salesmode.exchange.where import tree_of
from salesmode.model.access_log import EXPORT
from salesmode.model.condition import Argument, Literal
from salesmode.model.names import camel
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.pick import Pick
from salesmode.queries.planner import plan
from salesmode.queries.references import LISTED, REFERENCES
from salesmode.records.disclosure import Entry, disclose

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
    """The rows that the policy shows and lets out and `where` selects, a value for each column: what is
    hidden is None, what is masked its mask.

    Raises Refusal: FORBIDDEN where no role grants `export`, RATE_LIMITED where it is more than a day's
    records, BAD_REQUEST for a name in `where` that the caller does not know.
    """
    granted = scope.policy.objects[object_name].export
    if not granted:
        raise Refusal("FORBIDDEN", Message("no_export", {"object": object_name}))
    allowed = PolicyScope(scope.tables, exporting(scope.policy, object_name))
    first, later = (_statement(allowed, object_name, columns, where, after=after) for after in (False, True))
    count = _count(allowed, object_name, where)
    headers = tuple(each.header for each in columns)
    entry = Entry(EXPORT, object_name, headers, 0, condition=_text(where))
    left = await database.run(lambda: _logged(scope.system, count, entry, granted, environment))
    page = await _page(database, first, environment)
    while True:
        for each in page["nodes"][:left]:
            yield tuple(_value(column, each[str(place)]) for place, column in enumerate(columns))
        left -= len(page["nodes"])
        if left <= 0 or not page["pageInfo"]["more"]:
            return
        cursor = {_AFTER: page["pageInfo"]["cursor"]}
        page = await _page(database, later, replace(environment, variables=cursor))


def _logged(
    system: SystemScope,
    count: Statement,
    entry: Entry,
    granted: Sequence[Disclosure],
    environment: Environment,
) -> UnitOf[int]:
    """How many rows there are to take, once that is in the log."""
    rows = yield Step(count.sql, count.bind(environment))
    found: int = orjson.loads(str(rows[0][0]))["count"]
    yield from disclose(system, replace(entry, records=found), granted, environment)
    return found


def _text(where: Where) -> str | None:
    return None if where is None else orjson.dumps(where, default=str).decode()


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


def _count(scope: PolicyScope, object_name: str, where: Where) -> Statement:
    granted = scope.policy.objects[object_name]
    args = {} if where is None else {"where": tree_of(where, granted, scope.policy)}
    return plan(Pick("rows", camel(granted.object.plural), args, (Pick("count", "totalCount"),)), scope)


def _pick(key: str, column: Column) -> Pick:
    if column.field.type not in (*REFERENCES, LISTED):
        return Pick(key, camel(column.field.name))
    inner = "id" if column.key is None else column.key.name
    return Pick(key, camel(column.field.name), picks=(Pick("of", camel(inner)),))


def _value(column: Column, found: Any) -> object:
    if column.field.type == LISTED:
        found = [each["of"] for each in found] or None
    if column.field.type in REFERENCES:
        found = None if found is None else found["of"]
    return cells.exported(column.shown, found)
