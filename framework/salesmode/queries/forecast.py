"""A forecast as SQL (D33): what open records are expected to bring by the day they close, and what won ones
have brought, by category, pipeline, month, owner, team or product.

An open record counts on its close date, a won one on the day it was closed, a lost one not at all. Where it
counts is said by its stage, or by its pipeline where that is simple. Tags that count as opportunities are in
it by their number. A team's line has its own people's records and those of all teams below it, so lines of
teams do not add up; neither do the counts of lines by product, for a deal has several.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
)

from salesmode.access.scope import PolicyScope
from salesmode.conditions.formulas.exact import limits
from salesmode.conditions.formulas.exact_postgresql import quotient
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.measures import measure
from salesmode.fieldtypes.sql import as_text, integer_literal, quoted, text_literal
from salesmode.model.field import Field
from salesmode.model.pipeline import FORECASTS
from salesmode.pipelines.dimensions import CATEGORY, DELIVERY, MONTH
from salesmode.queries import nodes
from salesmode.queries.forecast_facts import DAY, ForecastFacts
from salesmode.queries.gathered import array_of
from salesmode.queries.json_text import object_of
from salesmode.queries.page import MAX_SIZE

Reference = Callable[[nodes.Record, ColumnElement[Any], PolicyScope], ColumnElement[str]]

_HALF, _LOWER = 32, literal_column(str((1 << 32) - 1), BigInteger())


def forecast_select(found: nodes.Forecast, scope: PolicyScope, reference: Reference) -> Select[Any]:
    """Selects the JSON array of a forecast; NULL where it has more lines than an answer may have."""
    return _Forecast(found, scope, reference).array()


@dataclass(frozen=True)
class _Forecast:
    found: nodes.Forecast
    scope: PolicyScope
    reference: Reference

    @cached_property
    def facts(self) -> ForecastFacts:
        return ForecastFacts(self.found, self.scope)

    @property
    def money(self) -> Field:
        """What amounts are like."""
        return self.facts.money

    def array(self) -> Select[Any]:
        lines = self._lines()
        entry = object_of([(each.key, self._item(each, lines)) for each in self.found.items])
        order = [(f"o{at}", self._order(each, lines.c[f"g{at}"])) for at, each in enumerate(self.found.by)]
        rows = select(entry.label("entry"), *(key.label(name) for name, key in order)).select_from(lines)
        names = [name for name, _ in order]
        return array_of(rows, "entry", names, self.scope.dialect, most=MAX_SIZE)

    def _lines(self) -> FromClause:
        """One row for each line, but no more of them than it takes to see that they are too many."""
        facts = self.facts.rows()
        groups = [facts.c[f"g{at}"] for at in range(len(self.found.by))]
        several = self.facts.products is not None  # rows of one record
        counted = func.count(facts.c.id.distinct()) if several else func.count(literal_column("*"))
        lines = select(
            *groups,
            cast(counted, Text()).label("count"),
            measure(self.money, "sum", facts.c.amount, self.scope.dialect).label("amount"),
            self._weighted(facts.c.amount, facts.c.likely).label("weighted"),
            measure(self.facts.quantity, "sum", facts.c.quantity, self.scope.dialect).label("quantity"),
        ).select_from(facts)
        lines = lines.group_by(*groups) if groups else lines.having(func.count(literal_column("*")) > 0)
        return lines.limit(literal_column(str(MAX_SIZE + 1), Integer)).subquery()

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
            case nodes.KeyValue(_, group) if self.found.by[group] in (MONTH, DELIVERY):
                return field_type("date").json(DAY, lines.c[f"g{group}"], self.scope.dialect)
            case nodes.KeyValue(_, group):
                return quoted(lines.c[f"g{group}"])
            case _:
                return "null"
