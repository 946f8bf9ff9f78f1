"""Who does which work: one row of `sm_lease` for each.

A holder holds its work until `until`, and renews that at the beginning of each transaction that it writes in:
so the row is locked while one works, and who comes back after its term finds that it is no longer the holder
and writes nothing. `done_at` is the last due time that was done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import BindParameter
from sqlalchemy.dialects import postgresql, sqlite

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Statement, render
from salesmode.database.unit import ManyStep, Row, Step
from salesmode.fieldtypes import field_type, slot_of
from salesmode.model.condition import Argument
from salesmode.tables import Tables
from salesmode.tables.engine import COLUMNS, LEASE, plain_field

NOBODY = ""
_UTC = ZoneInfo("UTC")
_TIME = plain_field("datetime")


class LeaseLost(Exception):
    """Somebody else does the work now."""


@dataclass(frozen=True, slots=True)
class Lease:
    """What is known of one work."""

    name: str
    holder: str
    until: datetime
    done_at: datetime


@dataclass(frozen=True, eq=False)
class Leases:
    """The leases of one database."""

    tables: Tables

    async def known(self, database: Database) -> dict[str, Lease]:
        """All leases by name."""
        rows = await database.fetch(self._one(_all(self.tables)))
        return {each.name: each for each in map(self._lease, rows)}

    def made(self, names: Iterable[str], now: datetime) -> UnitOf[None]:
        """Leases of new work: what was due before `now` is nobody's any more."""
        rows = [{"name": name, "holder": NOBODY, "until": now, "done_at": now} for name in names]
        if rows:
            statement = _making(self.tables)
            yield ManyStep(statement.sql, [statement.bind(_environment(row)) for row in rows])

    def taken(self, name: str, holder: str, due: datetime, now: datetime, until: datetime) -> UnitOf[bool]:
        """Become the holder, if nobody is and what is `due` is not done."""
        row = {"name": name, "holder": holder, "due": due, "now": now, "until": until}
        return bool((yield self._one(_taking(self.tables), row)))

    def held(self, name: str, holder: str, until: datetime) -> UnitOf[None]:
        """Stay the holder; LeaseLost for who is not."""
        row = {"name": name, "holder": holder, "until": until}
        if not (yield self._one(_holding(self.tables), row)):
            raise LeaseLost(name)

    def given_back(self, name: str, holder: str, until: datetime, done: datetime | None) -> UnitOf[None]:
        """Be the holder no more; `done`: the due time that was done, None where the work is to be done again,
        after `until`.
        """
        row = {"name": name, "holder": holder, "nobody": NOBODY, "until": until, "done_at": done}
        yield self._one(_giving_back(self.tables, done=done is not None), row)

    def _one(self, statement: Statement, row: dict[str, object] | None = None) -> Step:
        return Step(statement.sql, statement.bind(_environment(row or {})))

    def _lease(self, row: Row) -> Lease:
        name, holder, *times = row
        until, done_at = (_decoded(each, self.tables.dialect) for each in times)
        return Lease(str(name), str(holder), until, done_at)


def _environment(row: dict[str, object]) -> Environment:
    return Environment(row, {}, datetime.min.replace(tzinfo=UTC), _UTC)


def _decoded(value: object, dialect: Dialect) -> datetime:
    found: datetime = field_type("datetime").decode(_TIME, value, dialect)
    return found


def _slot(column: str, dialect: Dialect, name: str | None = None) -> BindParameter[Any]:
    return slot_of(Argument((name or column,)), plain_field(COLUMNS[LEASE][column]), dialect)


def _mine(table: sa.Table, dialect: Dialect) -> Sequence[sa.ColumnElement[bool]]:
    return table.c.name == _slot("name", dialect), table.c.holder == _slot("holder", dialect)


@lru_cache(maxsize=16)
def _all(tables: Tables) -> Statement:
    return render(sa.select(tables.lease).order_by(tables.lease.c.name), tables.dialect)


@lru_cache(maxsize=16)
def _making(tables: Tables) -> Statement:
    insert = (sqlite if tables.dialect == "sqlite" else postgresql).insert(tables.lease)
    values = {column: _slot(column, tables.dialect) for column in COLUMNS[LEASE]}
    return render(insert.values(values).on_conflict_do_nothing(), tables.dialect)


@lru_cache(maxsize=16)
def _taking(tables: Tables) -> Statement:
    table, dialect = tables.lease, tables.dialect
    values = {each: _slot(each, dialect) for each in ("holder", "until")}
    free = (
        table.c.name == _slot("name", dialect),
        table.c.until <= _slot("until", dialect, "now"),
        table.c.done_at < _slot("done_at", dialect, "due"),
    )
    return render(sa.update(table).values(values).where(*free).returning(table.c.name), dialect)


@lru_cache(maxsize=16)
def _holding(tables: Tables) -> Statement:
    table, dialect = tables.lease, tables.dialect
    renewed = sa.update(table).values(until=_slot("until", dialect)).where(*_mine(table, dialect))
    return render(renewed.returning(table.c.name), dialect)


@lru_cache(maxsize=16)
def _giving_back(tables: Tables, *, done: bool) -> Statement:
    table, dialect = tables.lease, tables.dialect
    values = {"holder": _slot("holder", dialect, "nobody"), "until": _slot("until", dialect)}
    values |= {"done_at": _slot("done_at", dialect)} if done else {}
    return render(sa.update(table).values(values).where(*_mine(table, dialect)), dialect)
