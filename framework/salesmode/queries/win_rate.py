"""How many closed records of a pipeline were won, as SQL (D34): all, by a stage that they ever entered, or by
owner.

The rate is told with Wilson's interval of 95 %, and not at all where too few were closed to say anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)

from salesmode.access.scope import PolicyScope
from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, quoted, text_literal
from salesmode.model.pipeline import CLOSED_AT, LOST, PIPELINE, STAGE_CHANGE, WON
from salesmode.pipelines.dimensions import BY_OWNER
from salesmode.pipelines.lines import compared
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.numbers import count_json, ratio_json
from salesmode.queries.page import MAX_SIZE
from salesmode.queries.periods import during
from salesmode.queries.stage_table import stage_table
from salesmode.queries.standing_rows import standing_of, standing_rows, status_of
from salesmode.tables.engine import plain_field

Reference = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]

_PLACES = 4
_SQUARE = "3.841458820694124"
"""Of the quantile of the normal distribution at 97.5 %."""
_ONE, _ZERO = integer_literal(1), integer_literal(0)


def win_rate_select(found: nodes.WinRate, scope: PolicyScope, reference: Reference) -> Select[Any]:
    """Selects the JSON array of rates; NULL where it has more lines than an answer may have."""
    return _WinRate(found, scope, reference).array()


@dataclass(frozen=True)
class _WinRate:
    found: nodes.WinRate
    scope: PolicyScope
    reference: Reference

    @cached_property
    def wanted(self) -> ColumnElement[Any]:
        """The pipeline that is asked for, which is a value of the request."""
        return slot_of(self.found.pipeline, self.found.object.fields[PIPELINE], self.scope.dialect)

    def array(self) -> Select[Any]:
        lines = self._lines().limit(literal_column(str(MAX_SIZE + 1), Integer)).subquery()
        entry = object_of([(each.key, self._item(each, lines)) for each in self.found.items])
        rows = select(entry.label("entry"), lines.c.place.label("place")).select_from(lines)
        return array_of(rows, "entry", ("place",), self.scope.dialect, most=MAX_SIZE)

    def _lines(self) -> Select[Any]:
        """One row for each line: its key, its place, and how many were won and closed."""
        closed = self._closed().cte("sm_closed")
        match self.found.by:
            case "stage":
                return self._by_stage(closed)
            case "owner":
                owner = closed.c.owner
                counts = self._counts(closed.c.won, func.count(literal_column("*")))
                return select(owner.label("key"), owner.label("place"), *counts).group_by(owner)
            case _:
                counts = self._counts(closed.c.won, func.count(literal_column("*")))
                return select(self.wanted.label("key"), _ONE.label("place"), *counts).select_from(closed)

    def _counts(self, won: ColumnElement[Any], closed: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        return [func.coalesce(func.sum(won), _ZERO).label("won"), closed.label("closed")]

    def _by_stage(self, closed: FromClause) -> Select[Any]:
        """All open stages in order, each with the closed records that were ever in it."""
        stages = stage_table(self.scope.model.pipelines_of(self.found.object.name))
        stay = self.scope.system.source(STAGE_CHANGE)
        of_record = stay.table.c[stay.object.fields[self.found.object.name].column]
        visits = (
            select(closed.c.id, closed.c.won, stay.table.c.stage)
            .select_from(closed.join(stay.table, of_record == closed.c.id))
            .where(self.scope.system.rows(stay))
            .distinct()
            .subquery()
        )
        counts = self._counts(visits.c.won, func.count(visits.c.id))
        rows = select(stages.c.stage.label("key"), stages.c.place, *counts)
        rows = rows.select_from(stages.outerjoin(visits, visits.c.stage == stages.c.stage))
        open_ = and_(stages.c.pipeline == self.wanted, stages.c.closes == _ZERO)
        return rows.where(open_).group_by(stages.c.stage, stages.c.place)

    def _closed(self) -> Select[Any]:
        """The records that were closed in the period."""
        source, dialect = self.scope.source(self.found.object.name), self.scope.dialect
        status = status_of(source, self.scope)
        won = case((status == text_literal(WON), _ONE), else_=_ZERO)
        columns = [source.table.c.id, won.label("won")]
        if self.found.by == BY_OWNER:
            columns.append(self.scope.readable(source, "owner").value.label("owner"))
        rows = standing_rows(source, self.found.where, self.scope, columns=columns, table=source.table)
        within = during(self._closed_at(source), self.found.since, self.found.until, dialect)
        ended = status.in_([text_literal(WON), text_literal(LOST)])
        return rows.where(standing_of(source, self.scope).pipeline == self.wanted, ended, *within)

    def _closed_at(self, source: Any) -> ColumnElement[Any]:
        """Whoever may not know when records were closed finds none in any period."""
        if compared(self.scope.policy.objects[source.object.name], CLOSED_AT):
            return self.scope.readable(source, CLOSED_AT).value
        type_ = field_type("datetime").column_type(plain_field("datetime"), self.scope.dialect)
        return cast(null(), type_)

    def _item(
        self, item: nodes.TypeName | nodes.Fact | nodes.KeyObject, lines: FromClause
    ) -> str | ColumnElement[str]:
        won, closed, dialect = lines.c.won, lines.c.closed, self.scope.dialect
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyObject(_, items):
                return object_of([(each.key, self._key(each, lines)) for each in items])
            case nodes.Fact(_, "enough"):
                return case((closed >= self._least(), text_literal("true")), else_=text_literal("false"))
            case nodes.Fact(_, "rate"):
                return self._told(lines, ratio_json(won, closed, _PLACES, dialect))
            case nodes.Fact(_, "low"):
                return self._told(lines, _wilson(won, closed, -1, dialect))
            case nodes.Fact(_, "high"):
                return self._told(lines, _wilson(won, closed, 1, dialect))
            case nodes.Fact(_, name):
                return count_json(lines.c[name])

    def _told(self, lines: FromClause, text: ColumnElement[str]) -> ColumnElement[str]:
        return case((lines.c.closed >= self._least(), text), else_=NULL_JSON)

    def _least(self) -> ColumnElement[int]:
        """How many it takes, in the pipeline that is asked for."""
        pipelines = self.scope.model.pipelines_of(self.found.object.name)
        least = [
            (self.wanted == text_literal(each.name), integer_literal(each.least_closed)) for each in pipelines
        ]
        return case(*least)

    def _key(self, item: nodes.KeyItem, lines: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyRecord(_, _, record):
                return self.reference(record, lines.c.key, self.scope)
            case nodes.KeyValue():
                return quoted(cast(lines.c.key, Text()))
            case _:
                return "null"


def _wilson(
    won: ColumnElement[Any], closed: ColumnElement[Any], sign: int, dialect: Dialect
) -> ColumnElement[str]:
    """The lower or upper end of Wilson's interval; null where nothing was closed."""
    places = integer_literal(_PLACES)
    if dialect == "sqlite":
        end = func.sm_wilson(won, closed, text_literal(_SQUARE), literal_column(f"({sign})"))
        return quoted(func.sm_decimal(end, places, type_=Text()))
    square: ColumnElement[Any] = literal_column(f"NUMERIC '{_SQUARE}{'0' * 30}'", Numeric())
    two, four = (literal_column(f"NUMERIC '{each}'", Numeric()) for each in (2, 4))
    w, n = cast(won, Numeric()), func.nullif(cast(closed, Numeric()), literal_column("0"), type_=Numeric())
    root = func.sqrt(square * (square + four * w * (n - w) / n), type_=Numeric())
    exact = (two * w + square + literal_column(f"({sign})", Numeric()) * root) / (two * (n + square))
    return quoted(as_text(func.round(exact, places, type_=Numeric())))
