"""`choice`: one option, stored by its name, ordered as declared; an open one holds any text (RULING 45)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, case
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, Encode
from salesmode.fieldtypes.base import EQUALITY, FieldType, Invalid
from salesmode.fieldtypes.masks import masked_text
from salesmode.fieldtypes.sql import (
    NULL_JSON,
    as_text,
    integer_literal,
    json_string,
    or_null,
    quoted,
    text_literal,
)
from salesmode.fieldtypes.text import TextType, checked_text
from salesmode.model.field import Field, Mask

_TEXT = TextType()


def option_of(field: Field, value: object) -> str:
    """The name of an option, given its name or the text that import and export use."""
    by_name = [option.name for option in field.options if option.name == value]
    by_value = [option.name for option in field.options if option.value == value]
    if not by_name and not by_value:
        raise Invalid("unknown_option", value=value)
    return (by_name or by_value)[0]


def unused(field: Field, names: Iterable[str]) -> Iterable[Invalid]:
    """Options that rows may keep but not get."""
    inactive = {option.name for option in field.options if not option.active}
    return [Invalid("inactive_option", value=name) for name in names if name in inactive]


class ChoiceType(FieldType):
    """The order key is the option's place; of an open choice it is the text."""

    name = "choice"
    scalar = "enum"
    operators = EQUALITY

    def column_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return _TEXT.column_type(field, dialect)

    def bind_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Text()

    def parse(self, field: Field, value: object) -> Any:
        return checked_text(value) if field.open_options else option_of(field, value)

    def check(self, field: Field, value: Any) -> Iterable[Invalid]:
        if field.open_options:
            yield from _TEXT.check(field, value)
        yield from unused(field, (value,))

    def json(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return json_string(expression, dialect) if field.open_options else quoted(expression)

    def order(self, field: Field, expression: ColumnElement[Any], dialect: Dialect) -> ColumnElement[Any]:
        if field.open_options:
            return expression
        places = {text_literal(option.name): integer_literal(at) for at, option in enumerate(field.options)}
        return case(places, value=expression) if places else integer_literal(0)

    def order_type(self, field: Field, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if field.open_options else Integer()

    def order_json(self, field: Field, key: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
        return json_string(key, dialect) if field.open_options else or_null(as_text(key))

    def order_encode(self, field: Field, dialect: Dialect) -> Encode:
        return checked_text if field.open_options else _place

    def mask(
        self, field: Field, expression: ColumnElement[Any], mask: Mask, dialect: Dialect
    ) -> ColumnElement[str]:
        return masked_text(expression, mask, dialect) if field.open_options else NULL_JSON


def _place(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise Invalid("unknown_option", value=value)
    return value
