"""What is to be reached beside what is: sums of quotas and of a measure in one unit, and what follows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, case, cast, func, literal_column

from salesmode.conditions.formulas.exact_postgresql import quotient
from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.fieldtypes.totals import total

PERCENT_SCALE = 2
_DIGITS = 38


@dataclass(frozen=True)
class Reaching:
    """Of quotas with so many places, and of a measure with so many. On SQLite sums are in the smallest units
    of the finer one of both.
    """

    dialect: Dialect
    quota: int
    actual: int

    @property
    def scale(self) -> int:
        """In which both are told."""
        return max(self.quota, self.actual)

    @property
    def type(self) -> Any:
        return Numeric(_DIGITS, self.scale) if self.dialect == "postgresql" else BigInteger()

    @property
    def nothing(self) -> ColumnElement[Any]:
        return cast(literal_column("NULL"), self.type)

    @property
    def zero(self) -> ColumnElement[Any]:
        return cast(literal_column("0"), self.type)

    def total(self, column: ColumnElement[Any], scale: int) -> ColumnElement[Any]:
        """The sum of one side, whose column has that scale."""
        found = total(column, self.dialect)
        if self.dialect == "postgresql":
            return cast(found, self.type)
        shift = literal_column(str(10 ** (self.scale - scale)), BigInteger())
        return func.sm_product(found, shift, type_=BigInteger())

    def gap(self, quota: ColumnElement[Any], actual: ColumnElement[Any]) -> ColumnElement[Any]:
        """What is left to be reached."""
        if self.dialect == "postgresql":
            return quota - actual
        return func.sm_sum(text_literal("1,-1"), quota, actual, type_=BigInteger())

    def percent(self, quota: ColumnElement[Any], actual: ColumnElement[Any]) -> ColumnElement[Any]:
        """What is reached in per cent, half to even; null where nothing is asked for."""
        if self.dialect == "sqlite":
            return func.sm_quotient(actual, quota, integer_literal(4), type_=BigInteger())
        ratio = quotient(actual, quota, 4) * literal_column("100")
        return case((quota.is_not(None), cast(ratio, Numeric(_DIGITS, PERCENT_SCALE))))
