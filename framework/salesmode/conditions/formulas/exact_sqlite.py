"""Arithmetic on SQLite: whole numbers of smallest units, by its own operators where 64 bits are surely
enough.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, func, literal_column

from salesmode.conditions.formulas.exact import UNITS_OF_SIGN, Exact, bound_of, limits
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.field import Field

_NATIVE = 1 << 63


class SqliteArithmetic:
    """Every bound is known when the SQL is made, so most formulas are plain SQL."""

    def read(self, sql: ColumnElement[Any], scale: int, type_: str) -> Exact:
        return Exact(sql, scale, bound_of(type_))

    def whole(self, sql: ColumnElement[Any], bound: int) -> Exact:
        return Exact(sql, 0, bound)

    def written(self, number: Any, scale: int) -> Exact:
        if number is None:
            return Exact(literal_column("NULL", BigInteger()), scale, 1)
        units = int(Decimal(number).scaleb(scale))
        return Exact(_big(units), scale, abs(units) + 1)

    def total(self, signs: str, parts: Sequence[Exact], scale: int) -> Exact:
        factors = [
            UNITS_OF_SIGN[sign] * 10 ** (scale - each.scale) for sign, each in zip(signs, parts, strict=True)
        ]
        bound = sum(abs(factor) * each.bound for factor, each in zip(factors, parts, strict=True))
        if not _native(bound, *parts):
            spelled = text_literal(",".join(map(str, factors)))
            return Exact(
                func.sm_sum(spelled, *(each.sql for each in parts), type_=BigInteger()), scale, bound
            )
        found, *rest = (_times(each, factor) for each, factor in zip(parts, factors, strict=True))
        for part in rest:
            found = found + part
        return Exact(found, scale, bound)

    def product(self, parts: Sequence[Exact], scale: int) -> Exact:
        bound = 1
        for each in parts:
            bound *= each.bound
        if not _native(bound, *parts):
            return Exact(func.sm_product(*(each.sql for each in parts), type_=BigInteger()), scale, bound)
        found, *rest = (each.sql for each in parts)
        for part in rest:
            found = found * part
        return Exact(found, scale, bound)

    def quotient(self, number: Exact, divisor: Exact, scale: int) -> Exact:
        shift = scale + divisor.scale - number.scale
        found = func.sm_quotient(number.sql, divisor.sql, integer_literal(shift), type_=BigInteger())
        return Exact(found, scale, number.bound * 10 ** max(shift, 0) + 1)

    def rounded(self, number: Exact, scale: int) -> Exact:
        places = number.scale - scale
        found = func.sm_round(number.sql, integer_literal(places), type_=BigInteger())
        return Exact(found, scale, number.bound // 10**places + 2)

    def absolute(self, number: Exact) -> Exact:
        function = func.abs if _native(number.bound) else func.sm_abs
        return Exact(function(number.sql, type_=BigInteger()), number.scale, number.bound)

    def extreme(self, name: str, parts: Sequence[Exact], scale: int) -> Exact:
        alike = [self.aligned(each, scale) for each in parts]
        native = _native(*(each.bound for each in alike))
        function = getattr(func, name if native else f"sm_{name}")
        found = function(*(each.sql for each in alike), type_=BigInteger())
        return Exact(found, scale, max(each.bound for each in alike))

    def compared(self, operator: Any, one: Exact, other: Exact) -> ColumnElement[bool]:
        scale = max(one.scale, other.scale)
        factors = [10 ** (scale - each.scale) for each in (one, other)]
        if _native(one.bound * factors[0], other.bound * factors[1]):
            return _truth(operator(_times(one, factors[0]), _times(other, factors[1])))
        spelled = text_literal(",".join(map(str, factors)))
        order = func.sm_compare(spelled, one.sql, other.sql, type_=BigInteger())
        return _truth(operator(order, integer_literal(0)))

    def aligned(self, number: Exact, scale: int) -> Exact:
        return number if number.scale == scale else self.total("+", [number], scale)

    def text(self, number: Exact) -> ColumnElement[str]:
        return func.sm_decimal(number.sql, integer_literal(number.scale), type_=Text())

    def fitted(self, number: Exact, field: Field) -> ColumnElement[Any]:
        low, high = limits(field.type)
        found = self.aligned(number, field.scale)
        if found.bound <= high + 1:
            return found.sql
        return func.sm_fit(found.sql, _big(low), _big(high), type_=BigInteger())


def _native(*bounds: int | Exact) -> bool:
    """Whether all of them, and so whatever is made of them, have room in 64 bits."""
    return all((each.bound if isinstance(each, Exact) else each) < _NATIVE for each in bounds)


def _truth(found: ColumnElement[bool]) -> ColumnElement[bool]:
    """What a comparison gives, which SQLAlchemy's operators do not say."""
    return found


def _times(number: Exact, factor: int) -> ColumnElement[Any]:
    if factor == 1:
        return number.sql
    product: ColumnElement[Any] = number.sql * _big(factor)
    return product


def _big(number: int) -> ColumnElement[int]:
    return literal_column(f"({number})" if number < 0 else str(number), BigInteger())
