"""Arithmetic on PostgreSQL: NUMERIC, which rounds away from zero where it rounds, so rounding is written
out.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Numeric, Text, case, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from salesmode.conditions.formulas.exact import Exact, limits
from salesmode.fieldtypes import field_type
from salesmode.model.field import Field

_UNBOUNDED = 0
_ZERO, _ONE, _TWO = (literal_column(f"NUMERIC '{each}'", Numeric()) for each in (0, 1, 2))
_WHOLE = ("integer", "big_integer")


class PostgresArithmetic:
    """What is needed more than once is named in a sub-select, so that nothing is computed twice."""

    def read(self, sql: ColumnElement[Any], scale: int, type_: str) -> Exact:
        return Exact(cast(sql, Numeric()) if type_ in _WHOLE else sql, scale, _UNBOUNDED)

    def whole(self, sql: ColumnElement[Any], bound: int) -> Exact:  # noqa: ARG002 - NUMERIC has room
        return Exact(cast(sql, Numeric()), 0, _UNBOUNDED)

    def written(self, number: Any, scale: int) -> Exact:
        if number is None:
            return Exact(cast(literal_column("NULL"), Numeric()), scale, _UNBOUNDED)
        return Exact(_literal(Decimal(number)), scale, _UNBOUNDED)

    def total(self, signs: str, parts: Sequence[Exact], scale: int) -> Exact:
        found = parts[0].sql if signs[0] == "+" else _ZERO - parts[0].sql
        for sign, each in zip(signs[1:], parts[1:], strict=True):
            found = found + each.sql if sign == "+" else found - each.sql
        return Exact(found, scale, _UNBOUNDED)

    def product(self, parts: Sequence[Exact], scale: int) -> Exact:
        found, *rest = (each.sql for each in parts)
        for each in rest:
            found = found * each
        return Exact(found, scale, _UNBOUNDED)

    def quotient(self, number: Exact, divisor: Exact, scale: int) -> Exact:
        return Exact(quotient(number.sql, divisor.sql, scale), scale, _UNBOUNDED)

    def rounded(self, number: Exact, scale: int) -> Exact:
        return Exact(quotient(number.sql, _ONE, scale), scale, _UNBOUNDED)

    def absolute(self, number: Exact) -> Exact:
        return Exact(func.abs(number.sql, type_=Numeric()), number.scale, _UNBOUNDED)

    def extreme(self, name: str, parts: Sequence[Exact], scale: int) -> Exact:
        return Exact(extreme(name, [each.sql for each in parts], Numeric()), scale, _UNBOUNDED)

    def compared(self, operator: Any, one: Exact, other: Exact) -> ColumnElement[bool]:
        found: ColumnElement[bool] = operator(one.sql, other.sql)
        return found

    def aligned(self, number: Exact, scale: int) -> Exact:
        return Exact(number.sql, scale, _UNBOUNDED)

    def text(self, number: Exact) -> ColumnElement[str]:
        """`round` only adds zeros here."""
        places = literal_column(str(number.scale), Integer())
        return cast(func.round(number.sql, places, type_=Numeric()), Text())

    def fitted(self, number: Exact, field: Field) -> ColumnElement[Any]:
        return fitted(number.sql, field)


def fitted(sql: ColumnElement[Any], field: Field) -> ColumnElement[Any]:
    """What lies outside becomes a value just outside, and that null; GREATEST and LEAST pass over null."""
    low, high = (_literal(Decimal(each).scaleb(-field.scale)) for each in _outside(field))
    inside = func.least(func.greatest(sql, low), high)
    found = func.nullif(func.nullif(inside, low), high, type_=Numeric())
    return cast(found, field_type(field.type).column_type(field, "postgresql"))


def _outside(field: Field) -> tuple[int, int]:
    low, high = limits(field.type)
    return low - 1, high + 1


def quotient(number: ColumnElement[Any], divisor: ColumnElement[Any], scale: int) -> ColumnElement[Any]:
    """`number / divisor` with that many places, half to even; null for a division by zero."""
    units = number * _literal(Decimal(1).scaleb(scale)) if scale else number
    given = _named(units.label("n"), func.nullif(divisor, _ZERO, type_=Numeric()).label("d"))
    whole = func.div(given.c.n, given.c.d, type_=Numeric())
    parts = _named(given.c.n, given.c.d, whole.label("w"), source=given)
    n, d, w = parts.c.n, parts.c.d, parts.c.w
    rest, size = func.abs(n - w * d, type_=Numeric()) * _TWO, func.abs(d, type_=Numeric())
    odd = func.mod(w, _TWO, type_=Numeric()) != _ZERO
    up = (rest > size) | ((rest == size) & odd)
    sign = func.sign(n, type_=Numeric()) * func.sign(d, type_=Numeric())
    found = w + case((up, sign), else_=_ZERO)
    scaled = found * _literal(Decimal(1).scaleb(-scale)) if scale else found
    return select(scaled).select_from(parts).correlate_except(parts).scalar_subquery()


def _named(*columns: ColumnElement[Any], source: Any = None) -> Any:
    """A derived table of one row; OFFSET keeps the planner from writing its columns out again."""
    rows = select(*columns)
    rows = (
        rows.select_from(source).correlate_except(source) if source is not None else rows.correlate_except()
    )
    return rows.offset(literal_column("0")).subquery()


def extreme(name: str, parts: Sequence[ColumnElement[Any]], type_: Any) -> ColumnElement[Any]:
    """`min` or `max` of the parts; null if one of them is, which LEAST and GREATEST would pass over."""
    values = func.unnest(cast(array(parts), ARRAY(type_))).table_valued("value").render_derived()
    function = getattr(func, name)
    counted = func.count(values.c.value) == literal_column(str(len(parts)), Integer())
    found = select(function(values.c.value, type_=type_)).having(counted).correlate_except(values)
    return found.scalar_subquery()


def _literal(number: Decimal) -> ColumnElement[Any]:
    return literal_column(f"NUMERIC '{number:f}'", Numeric())
