"""The outbox: what listeners are yet to hear of, claimed in parcels, in order per record and listener.

Whoever claims a row puts off when it is due, so nobody else delivers it meanwhile, and it is due again where
the worker died. `attempts` counts the claims, so that only the last one that claimed a row puts it off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import BindParameter, ColumnElement

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render, slot
from salesmode.database.unit import ManyStep, Row, Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import Argument
from salesmode.records.lists import listed
from salesmode.tables import Tables
from salesmode.tables.engine import COLUMNS, OUTBOX, plain_field

_UTC = ZoneInfo("UTC")
_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Parcel:
    """One event for one listener. `payload`: JSON text."""

    id: str
    listener: str
    at: datetime
    by_id: str | None
    object: str
    record_id: str
    version: int
    operation: str
    payload: str
    attempts: int
    due_at: datetime | None
    dead_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Failure:
    """What becomes of a parcel that was not delivered: tried again at `due_at`, or given up."""

    parcel: Parcel
    error: str
    due_at: datetime | None
    dead_at: datetime | None


@dataclass(frozen=True, slots=True)
class State:
    """Of one listener: how many events wait, since when, and how many were given up."""

    listener: str
    waiting: int
    oldest: datetime | None
    dead: int


@dataclass(frozen=True, eq=False)
class Outbox:
    """The outbox of one database."""

    tables: Tables

    async def due(self, database: Database, names: Sequence[str], now: datetime) -> list[str]:
        """Those of the listeners for whom something waits."""
        step = _step(_due(self.tables), {"names": list(names), "now": now})
        return [str(row[0]) for row in await database.fetch(step)]

    async def states(self, database: Database) -> list[State]:
        """Of all listeners that there is something for."""
        rows = await database.fetch(_step(_states(self.tables), {}))
        return [
            State(str(name), int(str(waiting)), self._value("at", oldest), int(str(dead)))
            for name, waiting, oldest, dead in rows
        ]

    async def dead(self, database: Database) -> list[Parcel]:
        """What was given up, the oldest first, and not more than can be shown."""
        return [self._parcel(row) for row in await database.fetch(_step(_dead(self.tables), {}))]

    def claimed(self, listener: str, now: datetime, until: datetime, most: int) -> UnitOf[list[Parcel]]:
        """The oldest events that wait for the listener, one of each record at most; nobody else gets them
        before `until`.
        """
        rows = yield _step(_waiting(self.tables), {"listener": listener, "now": now, "most": most})
        parcels = [self._parcel(row) for row in rows]
        if parcels:
            yield _step(_claiming(self.tables), {"ids": [each.id for each in parcels], "due_at": until})
        return parcels

    def held(self, parcels: Iterable[Parcel]) -> UnitOf[frozenset[str]]:
        """The ids of those that nobody has done with yet, held until the transaction ends."""
        rows = yield _step(_holding(self.tables), {"ids": [each.id for each in parcels]})
        return frozenset(str(row[0]) for row in rows)

    def delivered(self, parcels: Iterable[Parcel]) -> UnitOf[None]:
        """They are done with."""
        yield _step(_settling(self.tables), {"ids": [each.id for each in parcels]})

    def failed(self, failures: Sequence[Failure]) -> UnitOf[None]:
        """They are tried again later, or given up."""
        statement = _failing(self.tables)
        rows = [
            {
                "id": each.parcel.id,
                "attempts": each.parcel.attempts + 1,
                "due_at": each.due_at,
                "dead_at": each.dead_at,
                "error": each.error,
            }
            for each in failures
        ]
        if rows:
            yield ManyStep(statement.sql, [statement.bind(_environment(row)) for row in rows])

    def replayed(self, ids: Sequence[str] | None, now: datetime) -> UnitOf[int]:
        """What was given up waits again, as if it were new; None: all of it. Gives how many events."""
        row: dict[str, object] = {"due_at": now, "attempts": 0, "error": None, "dead_at": None}
        row |= {} if ids is None else {"ids": list(ids)}
        return len((yield _step(_replaying(self.tables, every=ids is None), row)))

    def _parcel(self, row: Row) -> Parcel:
        cells = zip(COLUMNS[OUTBOX], row, strict=True)
        return Parcel(**{name: self._value(name, cell) for name, cell in cells})

    def _value(self, column: str, cell: object) -> Any:
        if cell is None:
            return None
        kind = COLUMNS[OUTBOX][column]
        return field_type(kind).decode(plain_field(kind), cell, self.tables.dialect)


def _step(statement: Statement, row: Mapping[str, object]) -> Step:
    return Step(statement.sql, statement.bind(_environment(row)))


def _environment(row: Mapping[str, object]) -> Environment:
    return Environment(row, {}, datetime.min.replace(tzinfo=UTC), _UTC)


def _slot(column: str, dialect: Dialect, name: str | None = None) -> BindParameter[Any]:
    return slot_of(Argument((name or column,)), plain_field(COLUMNS[OUTBOX][column]), dialect)


def _these(tables: Tables) -> ColumnElement[bool]:
    ids = slot_of(Argument(("ids",)), plain_field("id"), tables.dialect, many=True)
    return tables.outbox.c.id.in_(sa.select(listed([ids], tables.dialect).values[0]))


def _alive(table: sa.FromClause) -> ColumnElement[bool]:
    return table.c.dead_at.is_(None)


@lru_cache(maxsize=16)
def _due(tables: Tables) -> Statement:
    table, dialect = tables.outbox, tables.dialect
    names = slot_of(Argument(("names",)), plain_field("text"), dialect, many=True)
    asked = listed([names], dialect)
    late = (table.c.listener == asked.values[0], table.c.due_at <= _slot("due_at", dialect, "now"))
    # Not EXISTS, which PostgreSQL would join with all that waits.
    first = sa.select(table.c.id).where(*late).limit(1).correlate_except(table).scalar_subquery()
    return render(sa.select(asked.values[0]).select_from(asked.rows).where(first.is_not(None)), dialect)


@lru_cache(maxsize=16)
def _states(tables: Tables) -> Statement:
    table = tables.outbox
    alive = sa.case((_alive(table), 1), else_=0)
    oldest = sa.func.min(sa.case((_alive(table), table.c.at)))
    counted = sa.select(table.c.listener, sa.func.sum(alive), oldest, sa.func.sum(1 - alive))
    return render(counted.group_by(table.c.listener).order_by(table.c.listener), tables.dialect)


@lru_cache(maxsize=16)
def _dead(tables: Tables) -> Statement:
    table = tables.outbox
    rows = sa.select(table).where(table.c.dead_at.is_not(None)).order_by(table.c.id)
    return render(rows.limit(_SHOWN), tables.dialect)


@lru_cache(maxsize=16)
def _waiting(tables: Tables) -> Statement:
    """Nothing before them waits for the listener about the same record."""
    table, dialect = tables.outbox, tables.dialect
    before = table.alias("before")
    earlier = sa.or_(
        before.c.version < table.c.version,
        sa.and_(before.c.version == table.c.version, before.c.id < table.c.id),
    )
    same = (before.c.listener == table.c.listener, before.c.record_id == table.c.record_id)
    blocked = sa.exists().where(*same, _alive(before), earlier)
    rows = (
        sa.select(table)
        .where(
            table.c.listener == _slot("listener", dialect),
            table.c.due_at <= _slot("due_at", dialect, "now"),
            ~blocked,
        )
        .order_by(table.c.due_at, table.c.id)
        .limit(slot(Argument(("most",)), sa.Integer(), int))
        .with_for_update(of=table, skip_locked=True)
    )
    return render(rows, dialect)


@lru_cache(maxsize=16)
def _claiming(tables: Tables) -> Statement:
    table = tables.outbox
    values = {"due_at": _slot("due_at", tables.dialect), "attempts": table.c.attempts + 1}
    return render(sa.update(table).values(values).where(_these(tables)), tables.dialect)


@lru_cache(maxsize=16)
def _settling(tables: Tables) -> Statement:
    table = tables.outbox
    return render(sa.delete(table).where(_these(tables)), tables.dialect)


@lru_cache(maxsize=16)
def _holding(tables: Tables) -> Statement:
    table = tables.outbox
    return render(sa.select(table.c.id).where(_these(tables)).with_for_update(), tables.dialect)


@lru_cache(maxsize=16)
def _failing(tables: Tables) -> Statement:
    table, dialect = tables.outbox, tables.dialect
    mine = (table.c.id == _slot("id", dialect), table.c.attempts == _slot("attempts", dialect))
    values = {each: _slot(each, dialect) for each in ("due_at", "dead_at", "error")}
    return render(sa.update(table).values(values).where(*mine), dialect)


@lru_cache(maxsize=16)
def _replaying(tables: Tables, *, every: bool) -> Statement:
    table, dialect = tables.outbox, tables.dialect
    these = () if every else (_these(tables),)
    values = {each: _slot(each, dialect) for each in ("due_at", "attempts", "error", "dead_at")}
    again = sa.update(table).values(values).where(table.c.dead_at.is_not(None), *these)
    return render(again.returning(table.c.id), dialect)
