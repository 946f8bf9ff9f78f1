"""`attainment` as SQL: what quotas ask for and what records add up to, side by side by holder and period.

Quotas and records are read in the caller's scope (decision 0052). For teams a record counts for the team of
its user and for every team above it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.formulas.calendar import day_of
from salesmode.conditions.scope import Source
from salesmode.conditions.tree import tree_field
from salesmode.database.statement import slot
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.buckets import bucket
from salesmode.fieldtypes.sql import NULL_JSON, integer_literal, text_literal
from salesmode.fieldtypes.totals import total_json, total_order
from salesmode.model.field import Field
from salesmode.model.target import QUOTA
from salesmode.queries import nodes
from salesmode.queries.joins import Joins
from salesmode.queries.json_text import joined, object_of
from salesmode.queries.page import size_of
from salesmode.queries.reaching import PERCENT_SCALE, Reaching
from salesmode.tables.engine import plain_field

RecordText = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]

_DAY = plain_field("date")


def attainment_json(found: nodes.Attainment, scope: PolicyScope, record: RecordText) -> ColumnElement[str]:
    """The JSON array of the rows, the earliest periods first, and in each who has reached most."""
    rows = _Rows(found, scope)
    table = rows.limited()
    element = object_of([(each.key, _entry(each, rows, table, record)) for each in found.items])
    whole = joined(["[", func.coalesce(rows.gathered(element, table), text_literal("")), "]"])
    return select(whole).select_from(table).scalar_subquery()


def _entry(
    item: nodes.AttainmentItem, rows: "_Rows", row: FromClause, record: RecordText
) -> str | ColumnElement[str]:
    match item:
        case nodes.TypeName(_, name):
            return f'"{name}"'
        case nodes.HitRecord(_, records):
            return record(records[0], row.c.holder, rows.scope) if records else NULL_JSON
        case nodes.AttainmentFact(_, "startsOn"):
            return field_type("date").json(_DAY, row.c.starts, rows.scope.dialect)
        case nodes.AttainmentFact(_, "attainment"):
            return total_json(row.c.attainment, PERCENT_SCALE, rows.scope.dialect)
        case nodes.AttainmentFact(_, name):
            return total_json(row.c[name], rows.reaching.scale, rows.scope.dialect)


@dataclass(frozen=True)
class _Rows:
    found: nodes.Attainment
    scope: PolicyScope

    @property
    def reaching(self) -> Reaching:
        """Both sides in one unit."""
        return Reaching(self.scope.dialect, self._amount.scale, self._measure_scale)

    @property
    def _amount(self) -> Field:
        return self.scope.model.objects[QUOTA].fields["amount"]

    @property
    def _measured(self) -> Field | None:
        target = self.found.target
        return None if target.field is None else self.scope.model.objects[target.object].fields[target.field]

    @property
    def _measure_scale(self) -> int:
        return 0 if self._measured is None else self._measured.scale

    def limited(self) -> FromClause:
        """The rows that are told, with what follows from both sides."""
        both = union_all(self._quotas(), self._actuals()).subquery()
        since, until = (
            slot_of(each, _DAY, self.scope.dialect) for each in (self.found.since, self.found.until)
        )
        sums = (
            select(
                both.c.holder,
                both.c.starts,
                self.reaching.total(both.c.quota, self._amount.scale).label("quota"),
                func.coalesce(
                    self.reaching.total(both.c.actual, self._measure_scale), self.reaching.zero
                ).label("actual"),
            )
            .where(both.c.starts.between(since, until))
            .group_by(both.c.holder, both.c.starts)
            .subquery()
        )
        reached = sums.c.quota, sums.c.actual
        percent, gap = self.reaching.percent(*reached), self.reaching.gap(*reached)
        rows = select(sums, percent.label("attainment"), gap.label("gap"))
        limit = slot(self.found.size, Integer(), size_of)
        told = rows.subquery()
        return select(told).order_by(*self._order(told)).limit(limit).subquery()

    def gathered(self, element: ColumnElement[str], table: FromClause) -> ColumnElement[Any]:
        """All of them as one text, in their order."""
        if self.scope.dialect == "sqlite":
            return func.group_concat(element, text_literal(","), type_=Text())
        return func.string_agg(
            element, aggregate_order_by(text_literal(","), *self._order(table)), type_=Text()
        )

    def _quotas(self) -> Select[Any]:
        source = self.scope.source(QUOTA)
        holder, amount, day, target = (
            self.scope.readable(source, name).value
            for name in (self.found.holder, "amount", "starts_on", "target")
        )
        return select(
            holder.label("holder"),
            self._period(day).label("starts"),
            amount.label("quota"),
            self.reaching.nothing.label("actual"),
        ).where(self.scope.rows(source), target == text_literal(self.found.target.name), holder.is_not(None))

    def _actuals(self) -> Select[Any]:
        target = self.found.target
        source = self.scope.source(target.object)
        joins = Joins(source, self.scope)
        holder = self._holder(source, joins)
        table, holder = self._with_teams_above(joins.table, holder)
        return (
            select(
                holder.label("holder"),
                self._period(self._day(source)).label("starts"),
                self.reaching.nothing.label("quota"),
                self._value(source).label("actual"),
            )
            .select_from(table)
            .where(self.scope.rows(source), holder.is_not(None))
            .where(compile_condition(target.where, source, self.scope))
        )

    def _holder(self, source: Source, joins: Joins) -> ColumnElement[Any]:
        if self.found.holder == "user":
            return self.scope.readable(source, self.found.target.user).value
        return self.scope.readable(joins.reach((self.found.target.user,)), "team").value

    def _with_teams_above(
        self, table: FromClause, holder: ColumnElement[Any]
    ) -> tuple[FromClause, ColumnElement[Any]]:
        """Each row once for its team, and once for each team above that."""
        if self.found.holder == "user":
            return table, holder
        team, parent = self.scope.source("team"), self.scope.source("team")
        walk = (
            select(team.table.c.id.label("top"), team.table.c.id.label("id"))
            .where(self.scope.rows(team))
            .cte(recursive=True, nesting=True)
        )
        link = self.scope.readable(parent, tree_field(parent)).value
        below = select(walk.c.top, parent.table.c.id).select_from(
            parent.table.join(walk, and_(link == walk.c.id, self.scope.rows(parent)))
        )
        above = walk.union(below)
        return table.join(above, above.c.id == holder), above.c.top

    def _day(self, source: Source) -> ColumnElement[Any]:
        field = source.object.fields[self.found.target.date]
        value = self.scope.readable(source, field.name).value
        if field.type == "date":
            return value
        return day_of(value, self.scope.model.app.timezone, self.scope.dialect)

    def _period(self, day: ColumnElement[Any]) -> ColumnElement[Any]:
        app, by = self.scope.model.app, self.found.target.period.upper()
        return bucket(_DAY, day, by, self.scope.dialect, timezone=app.timezone, week_start=app.week_start)

    def _value(self, source: Source) -> ColumnElement[Any]:
        field = self._measured
        return integer_literal(1) if field is None else self.scope.readable(source, field.name).value

    def _order(self, table: FromClause) -> tuple[ColumnElement[Any], ...]:
        reached = total_order(table.c.attainment, self.scope.dialect)
        return table.c.starts.asc(), reached.desc().nulls_last(), table.c.holder.asc()
