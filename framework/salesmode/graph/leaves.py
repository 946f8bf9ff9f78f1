"""One value that is no object and no list of objects: read as its GraphQL type says, or as its field's type
does.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from graphql import GraphQLError

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Problem
from salesmode.fieldtypes import Invalid, field_type
from salesmode.graph.scalars import big_int, day, decimal, instant
from salesmode.model.field import Field

Read = Callable[[Any], Any]
Path = tuple[str | int, ...]

_TEXTS = frozenset({"contains", "startsWith", "endsWith", "icontains"})
_IDS = frozenset({"under"})
_INT = 2**31


def reader_of(type_name: str, field: Field | None, operator: str | None, *, many: bool) -> Read:
    """A function from what a client gave (never None) to the canonical value. It raises Invalid for a value
    that cannot be read (a problem with a path), GraphQLError for one of the wrong kind. `many`: a list of
    values.
    """
    if field is None or operator in _TEXTS | _IDS:
        read = _READERS.get(type_name, _same)
        return _listed(read) if many else read
    parse = partial(field_type(field.type).parse, field)
    if field_type(field.type).many:
        return parse if many else lambda raw: parse([raw])[0]
    return _listed(parse) if many else parse


def _listed(read: Read) -> Read:
    """For a list of values; a single one stands for a list of one."""

    def read_all(raw: Any) -> tuple[Any, ...]:
        items = raw if isinstance(raw, list) else [raw]
        if None in items:
            raise GraphQLError("A list here cannot hold null.")
        return tuple(read(each) for each in items)

    return read_all


def problem_of(invalid: Invalid, path: Path) -> Problem:
    """What is wrong with the value at `path`."""
    return Problem(path, invalid.code, Message(invalid.code, invalid.values))


def _same(raw: Any) -> Any:
    return raw


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise GraphQLError("String cannot represent a non string value.")
    if "\0" in raw or any("\ud800" <= each <= "\udfff" for each in raw):
        raise Invalid("bad_characters")
    return raw


def _int(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or raw != int(raw):
        raise GraphQLError("Int cannot represent non-integer value.")
    if not -_INT <= raw < _INT:
        raise GraphQLError("Int cannot represent non 32-bit signed integer value.")
    return int(raw)


def _float(raw: Any) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise GraphQLError("Float cannot represent non numeric value.")
    return float(raw)


def _id(raw: Any) -> str:
    try:
        return str(UUID(raw))
    except (ValueError, AttributeError, TypeError):
        raise Invalid("not_an_id") from None


def _read_as(parse: Read, code: str) -> Read:
    def read(raw: Any) -> Any:
        try:
            return parse(raw)
        except ValueError:
            raise Invalid(code) from None

    return read


_READERS: dict[str, Read] = {
    "String": _text,
    "Int": _int,
    "Float": _float,
    "ID": _id,
    "Decimal": _read_as(decimal, "not_a_number"),
    "BigInt": _read_as(big_int, "not_an_integer"),
    "Date": _read_as(day, "not_a_date"),
    "DateTime": _read_as(instant, "not_a_datetime"),
}
