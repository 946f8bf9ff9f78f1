"""Exact sums, however large (RULING 26). SQLite's own fails where it leaves 64 bits.

On SQLite a sum beyond 64 bits is the text of a whole number: it goes into the functions `sm_…`, and into no
arithmetic of the engine's own.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, Text, func, literal_column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import as_text, integer_literal, quoted

_HALF = 32
_LOWER = literal_column(str((1 << _HALF) - 1), BigInteger())


def halves(number: ColumnElement[Any]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The sums of the upper and of the lower bits, neither of which leaves 64 bits."""
    upper = number.op(">>", return_type=BigInteger())(integer_literal(_HALF))
    lower = number.op("&", return_type=BigInteger())(_LOWER)
    return func.sum(upper, type_=BigInteger()), func.sum(lower, type_=BigInteger())


def total(number: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """The sum; null for nothing."""
    if dialect == "postgresql":
        return func.sum(number, type_=Numeric())
    return func.sm_halves(*halves(number), type_=BigInteger())


def total_json(found: ColumnElement[Any], scale: int, dialect: Dialect) -> ColumnElement[str]:
    """The JSON string of a sum that has so many places."""
    if dialect == "postgresql":
        return quoted(as_text(found))
    return quoted(func.sm_decimal(found, integer_literal(scale), type_=Text()))


def total_order(found: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
    """What orders sums."""
    return found if dialect == "postgresql" else func.sm_ordered(found, type_=Text())
