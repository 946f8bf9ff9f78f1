"""Rows that refer to rows which go or come back: found level by level, one statement for a level.

The number of statements grows with the depth of what cascades, never with the number of rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, exists, select, union_all

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.condition import Argument, Compare
from salesmode.records.binding import one
from salesmode.records.incoming import Incoming, incoming
from salesmode.records.lists import listed
from salesmode.records.subject import Subject
from salesmode.tables.engine import plain_field

Ids = Mapping[str, Sequence[str]]
"""Ids of rows by object."""

Wanted = ColumnElement[bool]

CARRIED_OUT = ("cascade", "set_null")
_ROOTS = "$roots"


@dataclass(frozen=True, slots=True)
class Follower:
    """A row that refers to a row of the level before."""

    by: Incoming
    id: str
    version: int
    target: str


@dataclass(frozen=True)
class _Search:
    """Every way to refer to the objects of a level, and the statement whose rows say which way it was."""

    ways: tuple[Incoming, ...]
    statement: Statement | None


def living_followers(engine: Subject, ids: Ids, environment: Environment) -> UnitOf[list[Follower]]:
    """Living rows that a deletion of those takes along or cuts off; locked."""
    return (yield from _follow(_living(engine, frozenset(ids)), ids, (), environment=environment))


def taken_along(
    engine: Subject, ids: Ids, roots: Sequence[str], environment: Environment
) -> UnitOf[list[Follower]]:
    """Deleted rows that went with those in the deletion of one of the roots (ids as JSON text)."""
    return (yield from _follow(_deleted(engine, frozenset(ids)), ids, roots, environment=environment))


def _follow(
    search: _Search, ids: Ids, roots: Sequence[str], *, environment: Environment
) -> UnitOf[list[Follower]]:
    if search.statement is None:
        return []
    rows = yield one(search.statement, {**_variables(ids), _ROOTS: tuple(roots)}, environment)
    return [
        Follower(search.ways[int(str(way))], str(id_), int(str(version)), str(target))
        for way, id_, version, target in rows
    ]


@lru_cache(maxsize=512)
def _living(engine: Subject, objects: frozenset[str]) -> _Search:
    return _search(engine, objects, CARRIED_OUT, engine.system.rows)


@lru_cache(maxsize=512)
def _deleted(engine: Subject, objects: frozenset[str]) -> _Search:
    return _search(engine, objects, ("cascade",), lambda source: _went_with_root(engine, source))


def _search(
    engine: Subject, objects: Iterable[str], on_delete: Iterable[str], rows: Callable[[Source], Wanted]
) -> _Search:
    ways = tuple(incoming(engine.tables.model, objects, on_delete))
    found = [_referring(engine, each, number, rows) for number, each in enumerate(ways)]
    return _Search(ways, render(union_all(*found), engine.dialect) if found else None)


def _referring(
    engine: Subject, way: Incoming, number: int, rows: Callable[[Source], Wanted]
) -> Select[tuple[object, ...]]:
    source = engine.system.source(way.object.name)
    table = source.table
    locked = (
        select(table.c.id, table.c.version, table.c[way.field.column].label("target"))
        .where(and_(rows(source), refers(engine, source, way)))
        .order_by(table.c.id)
        .with_for_update(of=table)
        .subquery()
    )
    return select(integer_literal(number), locked.c.id, locked.c.version, locked.c.target)


def _went_with_root(engine: Subject, source: Source) -> Wanted:
    """A deleted row is not written to, so the entry of its deletion is the one of its version."""
    change, table = engine.tables.change.alias(), source.table
    roots = listed(
        [slot_of(Argument((_ROOTS,)), plain_field("text"), engine.dialect, many=True)], engine.dialect
    )
    entry: Wanted = exists().where(
        change.c.object == text_literal(source.object.name),
        change.c.record_id == table.c.id,
        change.c.version == table.c.version,
        change.c.operation == text_literal("deleted"),
        change.c.new.in_(select(roots.values[0]).select_from(roots.rows)),
    )
    return and_(table.c.deleted_at.is_not(None), entry)


def refers(engine: Subject, source: Source, way: Incoming) -> Wanted:
    """Whether a row refers to one of the level's rows."""
    these = Compare(way.field.name, "in", Argument((_variable(way.target),)))
    return compile_condition(these, source, engine.system)


def still_referred(engine: Subject, ids: Ids, environment: Environment) -> UnitOf[bool]:
    """Whether a living row refers to one of those by a reference that restricts."""
    statement = _restricted(engine, frozenset(ids))
    if statement is None:
        return False
    rows = yield one(statement, _variables(ids), environment)
    return any(rows[0])


@lru_cache(maxsize=512)
def _restricted(engine: Subject, objects: frozenset[str]) -> Statement | None:
    found = []
    for way in incoming(engine.tables.model, objects, ("restrict",)):
        source = engine.system.source(way.object.name)
        found.append(exists().where(and_(engine.system.rows(source), refers(engine, source, way))))
    return render(select(*found), engine.dialect) if found else None


def _variables(ids: Ids) -> dict[str, object]:
    return {_variable(name): tuple(each) for name, each in ids.items()}


def _variable(target: str) -> str:
    return f"$going.{target}"
