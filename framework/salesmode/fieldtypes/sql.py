"""Small SQL expressions that mean the same on both engines."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, cast, func, literal_column

from salesmode.database.statement import Dialect


def text_literal(text: str) -> ColumnElement[str]:
    """A constant of the engine or the model, written into the statement; typed, since an untyped `+` adds."""
    assert "\0" not in text
    return literal_column("'" + text.replace("'", "''") + "'", Text())


def integer_literal(number: int) -> ColumnElement[int]:
    """A constant number in the statement itself."""
    return literal_column(str(number), Integer())


NULL_JSON = text_literal("null")
_QUOTE = text_literal('"')


def or_null(text: ColumnElement[str]) -> ColumnElement[str]:
    """JSON text, with `null` for null."""
    return func.coalesce(text, NULL_JSON, type_=Text())


def as_text(expression: ColumnElement[Any]) -> ColumnElement[str]:
    """The engine's own text of a number or an id."""
    return cast(expression, Text())


def quoted(text: ColumnElement[str]) -> ColumnElement[str]:
    """A JSON string of a text in which nothing needs escaping; `null` for null."""
    return or_null(_QUOTE.concat(text).concat(_QUOTE))


def json_string(text: ColumnElement[str], dialect: Dialect) -> ColumnElement[str]:
    """A JSON string of any text; `null` for null."""
    if dialect == "sqlite":
        return func.json_quote(text, type_=Text())
    return or_null(as_text(func.to_json(text)))


def fold(text: ColumnElement[str], dialect: Dialect) -> ColumnElement[str]:
    """Lower case, character for character, as `database.fold.fold_text` does it."""
    if dialect == "sqlite":
        return func.sm_fold(text, type_=Text())
    return func.lower(text.collate("pg_c_utf8"), type_=Text())


def upper(text: ColumnElement[str], dialect: Dialect) -> ColumnElement[str]:
    """Upper case, character for character, as `database.fold.raise_text` does it."""
    if dialect == "sqlite":
        return func.sm_upper(text, type_=Text())
    return func.upper(text.collate("pg_c_utf8"), type_=Text())


def length(text: ColumnElement[str]) -> ColumnElement[int]:
    """In characters."""
    return func.length(text, type_=Integer())


def substring(
    text: ColumnElement[str], start: int | ColumnElement[int], count: int | ColumnElement[int]
) -> ColumnElement[str]:
    """`count` characters from number `start`, which is at least 1."""
    return func.substr(text, _number(start), _number(count), type_=Text())


def _number(value: int | ColumnElement[int]) -> ColumnElement[int]:
    return integer_literal(value) if isinstance(value, int) else value


def last(text: ColumnElement[str], count: int, dialect: Dialect) -> ColumnElement[str]:
    """The last `count` characters, which is at least 1; of a shorter text all."""
    if dialect == "sqlite":
        return func.substr(text, integer_literal(-count), type_=Text())
    return func.right(text, integer_literal(count), type_=Text())


def position(text: ColumnElement[str], part: ColumnElement[str], dialect: Dialect) -> ColumnElement[int]:
    """Where `part` begins in `text`, from 1, character for character; 0 where it is not in it."""
    function = func.instr if dialect == "sqlite" else func.strpos
    return function(text, part, type_=Integer())


def contains(text: ColumnElement[str], part: ColumnElement[str], dialect: Dialect) -> ColumnElement[bool]:
    """Whether `part` stands anywhere in `text`, character for character."""
    return position(text, part, dialect) > integer_literal(0)


def starts(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether `text` begins with `part`."""
    return substring(text, 1, length(part)) == part


def ends(text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether `text` ends with `part`; longer parts never do."""
    start = length(text) - length(part) + integer_literal(1)
    return func.substr(text, start, type_=Text()) == part
