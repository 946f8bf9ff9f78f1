"""What a forecast counts: records, or the lines that they are made of, and tags, as rows of one shape (D29).

Each row has a column for each dimension (`g0 …`), the `id` of what counts, its `amount`, how `likely` that
is, and the `quantity` of a line. A record whose lines are not asked for, or that has none, is one row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    null,
    select,
    union_all,
)

from salesmode.access.scope import PolicyScope
from salesmode.conditions.formulas.calendar import day_of
from salesmode.conditions.scope import Source
from salesmode.fieldtypes import field_type, slot_of
from salesmode.fieldtypes.buckets import bucket
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import ALWAYS
from salesmode.model.field import Field
from salesmode.model.opportunity import AS_TAG
from salesmode.model.pipeline import CLOSED_AT, OPEN, WON, Pipeline, Products
from salesmode.model.tag import TAG
from salesmode.pipelines.dimensions import (
    BY_OWNER,
    BY_PIPELINE,
    BY_PRODUCT,
    BY_TEAM,
    CATEGORY,
    DELIVERY,
    GRANULARITY,
    MONTH,
)
from salesmode.pipelines.expected import PERCENT, forecast, probability
from salesmode.pipelines.lines import compared, seen_marks, tree_field
from salesmode.pipelines.worth import Told, Worth, of_pipeline, scaled
from salesmode.queries import nodes
from salesmode.queries.opportunity_rows import marked
from salesmode.queries.standing_rows import standing_of, standing_rows, status_of
from salesmode.tables.engine import plain_field

DAY = plain_field("date")
_BY_LINE = frozenset({BY_PRODUCT, DELIVERY})
_EARLY = "pipeline"
"""The category of tags: they are open, and not yet in any pipeline."""


@dataclass(frozen=True)
class ForecastFacts:
    """The rows of one forecast."""

    found: nodes.Forecast
    scope: PolicyScope

    @cached_property
    def pipelines(self) -> Sequence[Pipeline]:
        return self.scope.model.pipelines_of(self.found.object.name)

    @cached_property
    def products(self) -> Products | None:
        """The lines of records, where they are asked for."""
        asked = not _BY_LINE.isdisjoint(self.found.by) or self.counts_quantities
        return self.scope.model.products.get(self.found.object.name) if asked else None

    @property
    def counts_quantities(self) -> bool:
        return any(isinstance(each, nodes.Fact) and each.name == "quantity" for each in self.found.items)

    @cached_property
    def money(self) -> Field:
        """What amounts are like: with the places of the finest."""
        fields = self.found.object.fields
        scales = [fields[each.amount].scale for each in self.pipelines if each.amount]
        if self.products and self.products.amount:
            scales.append(self._line_field(self.products.amount).scale)
        return plain_field("money", max(scales, default=0))

    @cached_property
    def quantity(self) -> Field:
        """What quantities are like."""
        named = self.products.quantity if self.products else None
        return self._line_field(named) if named else plain_field("decimal")

    def rows(self) -> FromClause:
        """All of them. A filter is one of records, so no tag satisfies it."""
        parts = [self._of_records()]
        if self.found.where == ALWAYS and seen_marks(self.found.object.name, self.scope):
            parts.append(self._of_tags())
        return union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()

    def _line_field(self, name: str) -> Field:
        assert self.products is not None, "asked of lines only"
        return self.scope.model.objects[self.products.object].fields[name]

    def _of_records(self) -> Select[Any]:
        """The records that count, each with its dimensions, its worth, and how likely that is."""
        source, dialect = self.scope.source(self.found.object.name), self.scope.dialect
        at, status, day = standing_of(source, self.scope), status_of(source, self.scope), self._day(source)
        kinds = {text_literal(one.name): text_literal(one.granularity) for one in self.pipelines}
        told: dict[str, ColumnElement[Any]] = {
            CATEGORY: forecast(self.pipelines, at),
            GRANULARITY: case(kinds, value=at.pipeline),
            BY_PIPELINE: at.pipeline,
            MONTH: self._month(day),
        }
        table, amount, quantity = source.table, self._amount(source), self._nothing(self.quantity)
        if self.products is not None:
            line = self.scope.source(self.products.object)
            table = table.outerjoin(line.table, self._belongs(line, source))
            told |= self._of_line(line)
            own = self._line_value(line, self.products.amount, self.money)
            amount = case((line.table.c.id.is_not(None), own), else_=amount)
            quantity = self._line_value(line, self.products.quantity, self.quantity)
        table, people = self._people(source, table)
        likely = probability(self.pipelines, at, dialect)
        columns = self._columns(source, {**told, **people}, amount, likely, quantity)
        rows = standing_rows(source, self.found.where, self.scope, columns=columns, table=table)
        counts = status.in_([text_literal(OPEN), text_literal(WON)])
        return rows.where(counts, *self._within(day))

    def _of_tags(self) -> Select[Any]:
        """Tags are open and on no day, and nothing is known of what they are worth."""
        source, nothing = self.scope.source(TAG), self._nothing
        names = seen_marks(self.found.object.name, self.scope)
        of, conditions = marked(names, source, self.scope)
        table, people = self._people(source, source.table)
        told: dict[str, ColumnElement[Any]] = {
            CATEGORY: text_literal(_EARLY),
            GRANULARITY: text_literal(AS_TAG),
            BY_PIPELINE: of,
            MONTH: nothing(DAY),
            DELIVERY: nothing(DAY),
            BY_PRODUCT: nothing(plain_field("id")),
        }
        columns = self._columns(
            source, {**told, **people}, nothing(self.money), nothing(PERCENT), nothing(self.quantity)
        )
        rows = select(*columns).select_from(table).where(self.scope.rows(source), *conditions)
        return rows.where(*self._within(nothing(DAY)))

    def _columns(
        self, source: Source, told: Mapping[str, ColumnElement[Any]], *values: ColumnElement[Any]
    ) -> list[ColumnElement[Any]]:
        named = zip(("amount", "likely", "quantity"), values, strict=True)
        groups = (told[each].label(f"g{at}") for at, each in enumerate(self.found.by))
        return [source.table.c.id.label("id"), *groups, *(value.label(name) for name, value in named)]

    def _nothing(self, field: Field) -> ColumnElement[Any]:
        """Its type is written: it stands in a union."""
        return cast(null(), field_type(field.type).column_type(field, self.scope.dialect))

    def _within(self, day: ColumnElement[Any]) -> list[ColumnElement[bool]]:
        since, until = self.found.since, self.found.until
        first = [] if since is None else [day >= slot_of(since, DAY, self.scope.dialect)]
        return first if until is None else [*first, day <= slot_of(until, DAY, self.scope.dialect)]

    def _day(self, source: Source) -> ColumnElement[Any]:
        """The day on which a record counts."""
        dialect, timezone = self.scope.dialect, self.scope.model.app.timezone
        closed, nothing = self._shown(source, CLOSED_AT), self._nothing(DAY)
        done = nothing if closed is None else day_of(closed, timezone, dialect)
        expected = self._of_pipeline(source, "close_date", lambda name: self._shown(source, name), nothing)
        return case((status_of(source, self.scope) == text_literal(OPEN), expected), else_=done)

    def _amount(self, source: Source) -> ColumnElement[Any]:
        def told(name: str) -> ColumnElement[Any] | None:
            return self._scaled(source, name, self.money)

        return self._of_pipeline(source, "amount", told, self._nothing(self.money))

    def _of_pipeline(
        self, source: Source, what: Worth, told: Told, nothing: ColumnElement[Any]
    ) -> ColumnElement[Any]:
        """The field that each pipeline names, as far as it may be read."""
        pipeline = standing_of(source, self.scope).pipeline
        return of_pipeline(what, self.pipelines, pipeline, told, nothing)

    def _scaled(self, source: Source, name: str, field: Field) -> ColumnElement[Any] | None:
        value, own = self._shown(source, name), source.object.fields[name]
        if value is None or own.type == "integer":
            return value
        return scaled(value, own, field.scale, self.scope.dialect)

    def _shown(self, source: Source, name: str) -> ColumnElement[Any] | None:
        granted = self.scope.policy.objects[source.object.name]
        return self.scope.readable(source, name).value if compared(granted, name) else None

    def _belongs(self, line: Source, source: Source) -> ColumnElement[bool]:
        """Whether a line that is seen is one of the record, in a pipeline whose records have lines."""
        assert self.products is not None, "asked of lines only"
        link = self.scope.cell(line, self.products.link).value
        having = [text_literal(each.name) for each in self.pipelines if each.products]
        belongs = and_(link == source.table.c.id, self.scope.rows(line))
        if len(having) == len(self.pipelines):
            return belongs
        return and_(belongs, standing_of(source, self.scope).pipeline.in_(having))

    def _of_line(self, line: Source) -> Mapping[str, ColumnElement[Any]]:
        assert self.products is not None, "asked of lines only"
        delivery = self.products.delivery
        day = self._shown(line, delivery) if delivery else None
        return {
            BY_PRODUCT: self.scope.readable(line, self.products.product).value,
            DELIVERY: self._nothing(DAY) if day is None else self._month(day),
        }

    def _line_value(self, line: Source, name: str | None, field: Field) -> ColumnElement[Any]:
        value = self._scaled(line, name, field) if name else None
        return self._nothing(field) if value is None else value

    def _month(self, day: ColumnElement[Any]) -> ColumnElement[Any]:
        app = self.scope.model.app
        return bucket(DAY, day, "MONTH", self.scope.dialect, timezone=app.timezone, week_start=app.week_start)

    def _people(
        self, source: Source, table: FromClause
    ) -> tuple[FromClause, Mapping[str, ColumnElement[Any]]]:
        """Whose they are; for teams, each once for its owner's team and once for every team above."""
        if BY_OWNER not in self.found.by and BY_TEAM not in self.found.by:
            return table, {}
        told = {BY_OWNER: self.scope.readable(source, BY_OWNER).value}
        if BY_TEAM not in self.found.by:
            return table, told
        owner, teams = self.scope.source("user"), self._teams
        owned = and_(owner.table.c.id == self.scope.cell(source, BY_OWNER).value, self.scope.rows(owner))
        team = self.scope.cell(owner, "team").value
        table = table.outerjoin(owner.table, owned).outerjoin(teams, teams.c.member == team)
        return table, {**told, BY_TEAM: teams.c.top}

    @cached_property
    def _teams(self) -> CTE:
        """Every team with itself and each team above it, as far as they may be seen."""
        own, low, up = (self.scope.source("team") for _ in range(3))
        ways = (
            select(own.table.c.id.label("member"), own.table.c.id.label("top"))
            .where(self.scope.rows(own))
            .cte("sm_ways", recursive=True)
        )
        tree = tree_field(self.scope.policy.objects["team"])
        if tree is None:
            return ways
        above = and_(up.table.c.id == self.scope.cell(low, tree.name).value, self.scope.rows(up))
        table = ways.join(low.table, low.table.c.id == ways.c.top).join(up.table, above)
        return ways.union(select(ways.c.member, up.table.c.id).select_from(table))
