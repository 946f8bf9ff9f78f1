"""What the types of whole numbers have in common."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.base import ORDERED, FieldType, Invalid
from salesmode.fieldtypes.masks import bucket, bucket_step
from salesmode.fieldtypes.sql import NULL_JSON, as_text, integer_literal, or_null
from salesmode.model.field import Field, Mask

_DIGITS = re.compile(r"[+-]?[0-9]{1,30}")


class WholeType(FieldType):
    """Whole numbers of `bits`, sign included."""

    operators = ORDERED
    bits: ClassVar[int]

    def parse(self, field: Field, value: object) -> Any:
        if isinstance(value, str) and _DIGITS.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Invalid("not_an_integer")
        if not -(1 << self.bits - 1) <= value < 1 << self.bits - 1:
            raise Invalid("out_of_range")
        return value

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        return outside(field, value)

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return or_null(as_text(expression))

    def mask(
        self, field: Field, expression: ColumnElement[Any], mask: Mask, dialect: Dialect
    ) -> ColumnElement[str]:
        if mask.name != "bucket":
            return NULL_JSON
        return self.json(field, bucket(expression, integer_literal(bucket_step(mask))), dialect)


def outside(field: Field, value: Any) -> Iterable[Invalid]:
    """What `min` and `max` say about a number."""
    if field.min is not None and value < field.min:
        yield Invalid("below_min", min=field.min)
    if field.max is not None and value > field.max:
        yield Invalid("above_max", max=field.max)
