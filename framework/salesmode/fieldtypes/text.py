"""`text`: one line, at most 500 characters unless `max_length` says otherwise, so that it fits any index."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Text
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.base import TEXTUAL, FieldType, Invalid
from salesmode.fieldtypes.masks import masked_text
from salesmode.fieldtypes.sql import json_string
from salesmode.model.field import Field, Mask

_BAD = re.compile("[\0\ud800-\udfff]")


def checked_text(value: object) -> str:
    """A text that both engines can store: without NUL and lone surrogates (RULING 27)."""
    if not isinstance(value, str):
        raise Invalid("not_text")
    if _BAD.search(value):
        raise Invalid("bad_characters")
    return value


class TextType(FieldType):
    """Text, equal and ordered by code point on both engines (RULING 13)."""

    name = "text"
    scalar = "String"
    operators = TEXTUAL
    longest: ClassVar[int] = 500

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect == "postgresql" else Text()

    def bind_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Text()

    def parse(self, field: Field, value: object) -> Any:
        return checked_text(value)

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        longest = self.longest if field.max_length is None else field.max_length
        if len(value) > longest:
            yield Invalid("too_long", max=longest)
        if field.pattern is not None and not re.fullmatch(field.pattern, value):
            yield Invalid("pattern")

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return json_string(expression, dialect)

    def order_encode(self, field: Field, dialect: Dialect) -> Any:
        return checked_text

    def mask(
        self,
        field: Field,
        expression: ColumnElement[Any],
        mask: Mask,
        dialect: Dialect,
    ) -> ColumnElement[str]:
        return masked_text(expression, mask, dialect)
