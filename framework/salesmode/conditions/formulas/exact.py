"""Exact arithmetic, as each engine has it.

PostgreSQL has NUMERIC. On SQLite a number is the whole number of its smallest units; where these may leave
64 bits, functions of the driver go on with whole numbers of any size, else SQLite's own operators do it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement

from salesmode.model.field import Field

UNITS_OF_SIGN = {"+": 1, "-": -1}
_DIGITS = 18


@dataclass(frozen=True)
class Exact:
    """A number in SQL, its decimal places, and what it stays below, in its smallest units."""

    sql: ColumnElement[Any]
    scale: int
    bound: int


class Arithmetic(Protocol):
    """What both engines can do with numbers; null makes null."""

    def read(self, sql: ColumnElement[Any], scale: int, type_: str) -> Exact:
        """The value of a field of that type."""
        ...

    def whole(self, sql: ColumnElement[Any], bound: int) -> Exact:
        """A whole number that a function gives."""
        ...

    def written(self, number: Any, scale: int) -> Exact:
        """A number of the expression itself; None for null."""
        ...

    def total(self, signs: str, parts: Sequence[Exact], scale: int) -> Exact: ...

    def product(self, parts: Sequence[Exact], scale: int) -> Exact: ...

    def quotient(self, number: Exact, divisor: Exact, scale: int) -> Exact:
        """Half to even; null for a division by zero."""
        ...

    def rounded(self, number: Exact, scale: int) -> Exact:
        """Half to even."""
        ...

    def absolute(self, number: Exact) -> Exact: ...

    def extreme(self, name: str, parts: Sequence[Exact], scale: int) -> Exact:
        """`min` or `max` of the parts."""
        ...

    def compared(self, operator: Any, one: Exact, other: Exact) -> ColumnElement[bool]: ...

    def aligned(self, number: Exact, scale: int) -> Exact:
        """The same number with more places, as branches of one value need it."""
        ...

    def text(self, number: Exact) -> ColumnElement[str]: ...

    def fitted(self, number: Exact, field: Field) -> ColumnElement[Any]:
        """The number as the field's type has it; null where it does not fit."""
        ...


def limits(type_: str) -> tuple[int, int]:
    """The smallest and the largest value of a type of numbers, in its smallest units."""
    if type_ == "integer":
        return -(1 << 31), (1 << 31) - 1
    if type_ == "big_integer":
        return -(1 << 63), (1 << 63) - 1
    return -(10**_DIGITS) + 1, 10**_DIGITS - 1


def bound_of(type_: str) -> int:
    """What numbers of a type stay below, in their smallest units."""
    return 1 - limits(type_)[0]
