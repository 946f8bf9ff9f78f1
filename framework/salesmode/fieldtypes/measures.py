"""Which measures each type of field has in aggregates."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, case, cast, func, literal_column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import integer_literal, quoted
from salesmode.fieldtypes.totals import total, total_json, total_order
from salesmode.model.field import Field

_NUMBERS = frozenset({"integer", "big_integer", "decimal", "money", "percent"})
_ORDERED = _NUMBERS | {"date", "datetime", "text", "long_text", "auto_number"}
_COUNTED = _ORDERED | {"boolean", "choice", "stage", "reference", "user", "email", "phone", "url", "id"}
WHOLE_NUMBERS = frozenset({"integer", "big_integer"})


def measures_of(field: Field) -> frozenset[str]:
    """A subset of `sum avg min max countDistinct`."""
    measures = {"countDistinct"} if field.type in _COUNTED else set()
    measures |= {"min", "max"} if field.type in _ORDERED else set()
    measures |= {"sum", "avg"} if field.type in _NUMBERS else set()
    return frozenset(measures)


def measured_value(function: str, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """One measure as a value to order by."""
    match function:
        case "countDistinct":
            return func.count(expression.distinct())
        case "sum":
            return total_order(total(expression, dialect), dialect)
        case _:
            measured: ColumnElement[Any] = getattr(func, function)(expression, type_=expression.type)
            return measured


def measure(
    field: Field, function: str, expression: ColumnElement[Any], dialect: Dialect
) -> ColumnElement[str]:
    """The JSON text of one measure over `expression`; exact, and null for nothing (RULING 26)."""
    match function:
        case "countDistinct":
            return cast(func.count(expression.distinct()), Text())
        case "avg":
            return quoted(_average(field, expression, dialect))
        case "sum":
            return total_json(total(expression, dialect), _scale(field), dialect)
        case _:
            value = getattr(func, function)(expression, type_=expression.type)
            return field_type(field.type).json(field, value, dialect)


def _scale(field: Field) -> int:
    return 0 if field.type in WHOLE_NUMBERS else field.scale


def _average(field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
    """Half-even at six places; PostgreSQL's `round` goes away from zero, so ties are put right."""
    if dialect == "sqlite":
        scale = integer_literal(_scale(field))
        return func.sm_average(total(expression, dialect), func.count(expression), scale, type_=Text())
    millions = cast(total(expression, dialect), Numeric()) * literal_column("1000000")
    count = func.nullif(func.count(expression), literal_column("0"))
    whole = func.div(millions, count, type_=Numeric())
    rest = func.abs(millions - whole * count) * literal_column("2")
    odd = func.mod(whole, literal_column("2"), type_=Numeric()) != literal_column("0")
    up = (rest > count) | ((rest == count) & odd)
    millionths = whole + case((up, func.sign(millions)), else_=literal_column("0"))
    # Not by a division, which keeps sixteen digits of a large number.
    return cast(cast(millionths * literal_column("0.000001"), Numeric(38, 6)), Text())
