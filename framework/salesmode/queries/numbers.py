"""Exact numbers of analyses as JSON, the same on both engines: half to even, never floats (RULING 26)."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, cast, func

from salesmode.conditions.formulas.exact_postgresql import quotient
from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import as_text, integer_literal, quoted

_DIGITS = 38


def count_json(number: ColumnElement[Any]) -> ColumnElement[str]:
    """A whole number, 0 for nothing."""
    return as_text(func.coalesce(number, integer_literal(0)))


def ratio_json(
    number: ColumnElement[Any], divisor: ColumnElement[Any], places: int, dialect: Dialect
) -> ColumnElement[str]:
    """`number / divisor`, both of them whole and columns, with that many places; null where there is nothing
    to divide by.
    """
    if dialect == "sqlite":
        scaled = func.sm_quotient(number, divisor, integer_literal(places))
        return quoted(func.sm_decimal(scaled, integer_literal(places), type_=Text()))
    found = quotient(cast(number, Numeric()), cast(divisor, Numeric()), places)
    return quoted(as_text(cast(found, Numeric(_DIGITS, places))))
