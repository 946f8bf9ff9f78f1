"""A forecast as SQL (D33): what open records are expected to bring by the day they close, and what won ones
have brought, by category, pipeline, month, owner or team.

An open record counts on its close date, a won one on the day it was closed, a lost one not at all. Where it
counts is said by its stage, or by its pipeline where that is simple. A team's line has its own people's
records and those of all teams below it, so lines of teams do not add up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
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
from salesmode.conditions.formulas.calendar import day_of
from salesmode.conditions.formulas.exact import limits
from salesmode.conditions.formulas.exact_postgresql import quotient
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.buckets import bucket
from salesmode.fieldtypes.measures import measure
from salesmode.fieldtypes.sql import as_text, integer_literal, quoted, text_literal
from salesmode.model.field import Field
from salesmode.model.pipeline import CLOSED_AT, FORECASTS, OPEN, WON, Pipeline
from salesmode.pipelines.dimensions import CATEGORY, MONTH
from salesmode.pipelines.expected import forecast, probability
from salesmode.pipelines.lines import compared, tree_field
from salesmode.pipelines.worth import Told, Worth, of_pipeline, scaled
from salesmode.queries import nodes
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.page import MAX_SIZE
from salesmode.queries.standing_rows import standing_of, standing_rows, status_of
from salesmode.tables.engine import plain_field

Reference = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]

_HALF, _LOWER = 32, literal_column(str((1 << 32) - 1), BigInteger())
_DAY = plain_field("date")


def forecast_select(found: nodes.Forecast, scope: PolicyScope, reference: Reference) -> Select[Any]:
    """Selects the JSON array of a forecast; NULL where it has more lines than an answer may have."""
    return _Forecast(found, scope, reference).array()


@dataclass(frozen=True)
class _Forecast:
    found: nodes.Forecast
    scope: PolicyScope
    reference: Reference

    @cached_property
    def pipelines(self) -> Sequence[Pipeline]:
        return self.scope.model.pipelines_of(self.found.object.name)

    @cached_property
    def money(self) -> Field:
        """What amounts are like: with the places of the finest."""
        fields = self.found.object.fields
        scales = (fields[each.amount].scale for each in self.pipelines if each.amount)
        return plain_field("money", max(scales, default=0))

    def array(self) -> Select[Any]:
        lines = self._lines()
        entry = object_of([(each.key, self._item(each, lines)) for each in self.found.items])
        order = [(f"o{at}", self._order(each, lines.c[f"g{at}"])) for at, each in enumerate(self.found.by)]
        rows = select(entry.label("entry"), *(key.label(name) for name, key in order)).select_from(lines)
        names = [name for name, _ in order]
        return array_of(rows, "entry", names, self.scope.dialect, most=MAX_SIZE)

    def _lines(self) -> FromClause:
        """One row for each line, but no more of them than it takes to see that they are too many."""
        facts = self._facts().subquery()
        groups = [facts.c[f"g{at}"] for at in range(len(self.found.by))]
        lines = select(
            *groups,
            cast(func.count(literal_column("*")), Text()).label("count"),
            measure(self.money, "sum", facts.c.amount, self.scope.dialect).label("amount"),
            self._weighted(facts.c.amount, facts.c.likely).label("weighted"),
        ).select_from(facts)
        lines = lines.group_by(*groups) if groups else lines.having(func.count(literal_column("*")) > 0)
        return lines.limit(literal_column(str(MAX_SIZE + 1), Integer)).subquery()

    def _facts(self) -> Select[Any]:
        """The records that count, each with its dimensions, its worth, and how likely that is."""
        source, dialect = self.scope.source(self.found.object.name), self.scope.dialect
        at = standing_of(source, self.scope)
        status, day = status_of(source, self.scope), self._day(source)
        table, dimensions = self._dimensions(source, day)
        columns = [
            *(each.label(f"g{number}") for number, each in enumerate(dimensions)),
            self._amount(source).label("amount"),
            probability(self.pipelines, at, dialect).label("likely"),
        ]
        rows = standing_rows(source, self.found.where, self.scope, columns=columns, table=table)
        counts = status.in_([text_literal(OPEN), text_literal(WON)])
        return rows.where(counts, *self._within(day))

    def _within(self, day: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        since, until = self.found.since, self.found.until
        first = [] if since is None else [day >= slot_of(since, _DAY, self.scope.dialect)]
        return first if until is None else [*first, day <= slot_of(until, _DAY, self.scope.dialect)]

    def _day(self, source: Source) -> ColumnElement[Any]:
        """The day on which a record counts."""
        dialect, timezone = self.scope.dialect, self.scope.model.app.timezone
        closed = self._shown(source, CLOSED_AT)
        nothing = cast(null(), field_type("date").column_type(_DAY, dialect))
        done = nothing if closed is None else day_of(closed, timezone, dialect)
        expected = self._of_pipeline(source, "close_date", lambda name: self._shown(source, name), nothing)
        return case((status_of(source, self.scope) == text_literal(OPEN), expected), else_=done)

    def _amount(self, source: Source) -> ColumnElement[Any]:
        dialect = self.scope.dialect
        nothing = cast(null(), field_type("money").column_type(self.money, dialect))
        return self._of_pipeline(source, "amount", lambda name: self._scaled(source, name), nothing)

    def _of_pipeline(
        self, source: Source, what: Worth, told: Told, nothing: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """The field that each pipeline names, as far as it may be read."""
        pipeline = standing_of(source, self.scope).pipeline
        return of_pipeline(what, self.pipelines, pipeline, told, nothing)

    def _scaled(self, source: Source, name: str) -> ColumnElement[Any] | None:
        value = self._shown(source, name)
        if value is None:
            return None
        return scaled(value, source.object.fields[name], self.money.scale, self.scope.dialect)

    def _shown(self, source: Source, name: str) -> ColumnElement[Any] | None:
        granted = self.scope.policy.objects[source.object.name]
        return self.scope.readable(source, name).value if compared(granted, name) else None

    def _dimensions(
        self, source: Source, day: ColumnElement[Any]
    ) -> tuple[FromClause, list[ColumnElement[Any]]]:
        """What the records are joined to, and the value of each dimension."""
        at, table = standing_of(source, self.scope), source.table
        found: list[ColumnElement[Any]] = []
        for each in self.found.by:
            match each:
                case "category":
                    found.append(forecast(self.pipelines, at))
                case "granularity":
                    kinds = {text_literal(one.name): text_literal(one.granularity) for one in self.pipelines}
                    found.append(case(kinds, value=at.pipeline))
                case "pipeline":
                    found.append(at.pipeline)
                case "month":
                    found.append(self._month(day))
                case "owner":
                    found.append(self.scope.readable(source, "owner").value)
                case _:
                    table, team = self._with_teams(source)
                    found.append(team)
        return table, found

    def _month(self, day: ColumnElement[Any]) -> ColumnElement[Any]:
        app = self.scope.model.app
        return bucket(
            _DAY, day, "MONTH", self.scope.dialect, timezone=app.timezone, week_start=app.week_start
        )

    def _with_teams(self, source: Source) -> tuple[FromClause, ColumnElement[Any]]:
        """The records, each once for its owner's team and once for every team above."""
        owner, teams = self.scope.source("user"), self._teams()
        owned = and_(owner.table.c.id == self.scope.cell(source, "owner").value, self.scope.rows(owner))
        team = self.scope.cell(owner, "team").value
        table = source.table.outerjoin(owner.table, owned).outerjoin(teams, teams.c.member == team)
        return table, teams.c.top

    def _teams(self) -> CTE:
        """Every team with itself and each team above it, as far as they may be seen."""
        own, low, up = (self.scope.source("team") for _ in range(3))
        ways = (
            select(own.table.c.id.label("member"), own.table.c.id.label("top"))
            .where(self.scope.rows(own))
            .cte("ways", recursive=True)
        )
        tree = tree_field(self.scope.policy.objects["team"])
        if tree is None:
            return ways
        above = and_(up.table.c.id == self.scope.cell(low, tree.name).value, self.scope.rows(up))
        table = ways.join(low.table, low.table.c.id == ways.c.top).join(up.table, above)
        return ways.union(select(ways.c.member, up.table.c.id).select_from(table))

    def _weighted(self, amount: ColumnElement[Any], likely: ColumnElement[Any]) -> ColumnElement[str]:
        """The sum of amounts, each as far as it is likely, rounded once: half to even."""
        if self.scope.dialect == "postgresql":
            return func.sum(amount * likely, type_=Numeric())
        upper = func.sum(amount.op(">>", return_type=BigInteger())(integer_literal(_HALF)) * likely)
        lower = func.sum(amount.op("&", return_type=BigInteger())(_LOWER) * likely)
        low, high = (literal_column(f"({each})", BigInteger()) for each in limits("money"))
        return func.sm_mean(upper, lower, integer_literal(10_000), integer_literal(0), low, high)

    def _order(self, dimension: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
        if dimension != CATEGORY:
            return value
        places = {text_literal(each): integer_literal(at) for at, each in enumerate(FORECASTS)}
        return case(places, value=value)

    def _item(
        self, item: nodes.TypeName | nodes.Fact | nodes.KeyObject, lines: FromClause
    ) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyObject(_, items):
                return object_of([(each.key, self._key(each, lines)) for each in items])
            case nodes.Fact(_, "weighted") if self.scope.dialect == "postgresql":
                hundredth = quotient(lines.c.weighted, literal_column("100", Numeric()), self.money.scale)
                return quoted(as_text(cast(hundredth, Numeric(38, self.money.scale))))
            case nodes.Fact(_, "weighted"):
                places = integer_literal(self.money.scale)
                return quoted(func.sm_decimal(lines.c.weighted, places, type_=Text()))
            case nodes.Fact(_, name):
                return lines.c[name]

    def _key(self, item: nodes.KeyItem, lines: FromClause) -> str | ColumnElement[str]:
        match item:
            case nodes.TypeName(_, name):
                return f'"{name}"'
            case nodes.KeyRecord(_, group, record):
                return self.reference(record, lines.c[f"g{group}"], self.scope)
            case nodes.KeyValue(_, group) if self.found.by[group] == MONTH:
                return field_type("date").json(_DAY, lines.c[f"g{group}"], self.scope.dialect)
            case nodes.KeyValue(_, group):
                return quoted(lines.c[f"g{group}"])
            case _:
                return "null"
