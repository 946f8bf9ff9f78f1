"""A rollup → SQL: one value of the living rows of a to-many, whoever asks (RULINGS 9, 26, 49)."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Numeric, Select, func, literal_column, select

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.formulas.compile import read
from salesmode.conditions.formulas.exact import limits
from salesmode.conditions.formulas.exact_postgresql import fitted, quotient
from salesmode.conditions.scope import Scope, Source
from salesmode.conditions.tree import walk_from
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import integer_literal
from salesmode.fieldtypes.totals import halves, total
from salesmode.model.computed import Rollup
from salesmode.model.field import Field


def compile_rollup(rollup: Rollup, field: Field, source: Source, scope: Scope) -> ColumnElement[Any]:
    """The value of `field`, the rollup, on a row of `source`."""
    return _Rolled(rollup, field, source, scope, scope.source(_inverse(rollup, source).object)).value()


def _inverse(rollup: Rollup, source: Source) -> Any:
    return source.object.inverses[rollup.over]


@dataclass(frozen=True)
class _Rolled:
    rollup: Rollup
    field: Field
    source: Source
    scope: Scope
    child: Source

    def value(self) -> ColumnElement[Any]:
        match self.rollup.function:
            case "count":
                return self._over(func.count(literal_column("*"), type_=Integer())).scalar_subquery()
            case "sum":
                return self._sum()
            case "avg":
                return self._mean()
            case "min" | "max" as function:
                found = getattr(func, function)(self._read(), type_=self._read().type)
                return self._over(found).scalar_subquery()
            case _:
                return self._one()

    def _over(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A selection from the rows that count."""
        inverse = _inverse(self.rollup, self.source)
        link = self.scope.cell(self.child, inverse.field)
        where = compile_condition(self.rollup.where, self.child, self.scope, root=self.source)
        rows = select(*columns).select_from(self.child.table)
        applies = [] if link.guard is None else [link.guard]
        rows = rows.where(self._linked(link.raw), *applies, self.scope.rows(self.child), where)
        return rows.correlate_except(self.child.table)

    def _linked(self, link: ColumnElement[Any]) -> ColumnElement[bool]:
        id_ = self.source.table.c.id
        if self.rollup.under is None:
            found: ColumnElement[bool] = link == id_
            return found
        tree = self.source.object.fields[self.rollup.under]
        return link.in_(select(walk_from(id_, tree, self.scope).c.id))

    def _read(self) -> ColumnElement[Any]:
        assert self.rollup.field is not None
        return read(self.rollup.path, self.rollup.field, self.child, self.scope)

    def _sum(self) -> ColumnElement[Any]:
        """The sum of nothing is 0; one that does not fit is null."""
        if self.scope.dialect == "postgresql":
            found = func.coalesce(total(self._read(), "postgresql"), integer_literal(0), type_=Numeric())
            return self._over(fitted(found, self.field)).scalar_subquery()
        found = func.coalesce(total(self._read(), "sqlite"), integer_literal(0), type_=BigInteger())
        return self._over(func.sm_fit(found, *self._limits(), type_=BigInteger())).scalar_subquery()

    def _limits(self) -> tuple[ColumnElement[int], ColumnElement[int]]:
        low, high = limits(self.field.type)
        return literal_column(f"({low})", BigInteger()), literal_column(str(high), BigInteger())

    def _mean(self) -> ColumnElement[Any]:
        """Half to even at the places of the field; null for nothing."""
        count = func.count(self._read(), type_=Integer())
        if self.scope.dialect == "postgresql":
            rows = self._over(total(self._read(), "postgresql").label("t"), count.label("c"))
            totals = rows.subquery()
            mean = fitted(quotient(totals.c.t, totals.c.c, self.field.scale), self.field)
            return select(mean).select_from(totals).correlate_except(totals).scalar_subquery()
        shift = integer_literal(self.field.scale - self._scale())
        mean = func.sm_mean(*halves(self._read()), count, shift, *self._limits(), type_=BigInteger())
        return self._over(mean).scalar_subquery()

    def _scale(self) -> int:
        object_ = self.child.object
        for step in self.rollup.path:
            object_ = self.scope.model.objects[str(object_.fields[step].to)]
        return object_.fields[str(self.rollup.field)].scale

    def _one(self) -> ColumnElement[Any]:
        """Of the first or last row by what orders them, nulls behind, the id breaking ties."""
        by = self.child.object.fields[str(self.rollup.by)]
        key = field_type(by.type).order(
            by, self.scope.readable(self.child, by.name).value, self.scope.dialect
        )
        id_ = self.child.table.c.id
        ordered = (
            (key.asc().nulls_last(), id_.asc())
            if self.rollup.function == "first"
            else (key.desc().nulls_last(), id_.desc())
        )
        return self._over(self._read()).order_by(*ordered).limit(literal_column("1")).scalar_subquery()
