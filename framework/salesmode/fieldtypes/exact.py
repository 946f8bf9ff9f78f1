"""What money, decimal and percent have in common: exact numbers with a fixed scale, never floats (RULING 25).

PostgreSQL stores NUMERIC, SQLite the number times ten to the power of the scale in a 64-bit integer.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnClause, ColumnElement, Numeric, Text, case, func, literal_column
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import ORDERED, FieldType, Invalid
from salesmode.fieldtypes.masks import bucket, bucket_step
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, quoted, text_literal
from salesmode.fieldtypes.whole import outside
from salesmode.model.field import Field, Mask

DIGITS = 18
_PLAIN = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?")


class ExactType(FieldType):
    """At most 18 digits, `field.scale` of them after the point."""

    scalar = "Decimal"
    operators = ORDERED

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Numeric(DIGITS, field.scale) if dialect == "postgresql" else BigInteger()

    def bind_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Numeric() if dialect == "postgresql" else BigInteger()

    def parse(self, field: Field, value: object) -> Any:
        units = _units(_decimal(value), field.scale)
        return Decimal(units).scaleb(-field.scale)

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        return outside(field, value)

    def encode(self, field: Field, dialect: Dialect) -> Encode:
        if dialect == "postgresql":
            return lambda value: value
        return lambda value: _scaled(value, field.scale)

    def decode(self, field: Field, value: Any, dialect: Dialect) -> Any:
        return value if dialect == "postgresql" else Decimal(value).scaleb(-field.scale)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        if dialect == "postgresql" or not field.scale:
            return quoted(as_text(expression))
        if field.computed is None or isinstance(expression, ColumnClause):
            return _with_point(expression, field.scale)
        return quoted(func.sm_decimal(expression, integer_literal(field.scale), type_=Text()))

    def mask(
        self, field: Field, expression: ColumnElement[Any], mask: Mask, dialect: Dialect
    ) -> ColumnElement[str]:
        if mask.name != "bucket":
            return NULL_JSON
        step = bucket_step(mask) * (10**field.scale if dialect == "sqlite" else 1)
        return self.json(field, bucket(expression, literal_column(str(step), expression.type)), dialect)


def _decimal(value: object) -> Decimal:
    """The exact number that was written; a float was rounded before it came here."""
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return Decimal(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10 ** (2 * DIGITS):
        return Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise Invalid("out_of_range" if type(value) is int else "not_a_number")


def _units(number: Decimal, scale: int) -> int:
    """How many of the smallest unit; digit by digit, since arithmetic on decimals rounds."""
    if not number:
        return 0
    if number.adjusted() >= DIGITS - scale:
        raise Invalid("out_of_range")
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits)))
    units, rest = whole, 0
    if exponent + scale >= 0:
        units = whole * 10 ** (exponent + scale)
    elif number.adjusted() >= -scale:
        units, rest = divmod(whole, 10 ** -(exponent + scale))
    if rest or number.adjusted() < -scale:
        raise Invalid("too_many_places", scale=scale)
    return -units if sign else units


def _scaled(value: Decimal | int, scale: int) -> int:
    scaled = Decimal(value).scaleb(scale)
    assert scaled == scaled.to_integral_value(), "a value of another scale"
    return int(scaled)


def _with_point(scaled: ColumnElement[Any], scale: int) -> ColumnElement[str]:
    """The JSON string: -5 with two places → "-0.05". `printf` would take null for 0. It names the number five
    times, so what is computed goes another way.
    """
    power = integer_literal(10**scale)
    size = func.abs(scaled, type_=BigInteger())
    sign = case((scaled < integer_literal(0), text_literal("-")), else_=text_literal(""))
    pattern = text_literal(f'"%s%d.%0{scale}d"')
    text: ColumnElement[str] = func.printf(pattern, sign, size // power, size % power, type_=Text())
    return case((scaled.is_not(None), text), else_=NULL_JSON)
