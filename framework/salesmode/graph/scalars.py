"""The scalars of the API (DESIGN §5). Values come out of the database as JSON text; only input passes through
here.

Where a value belongs to a field, the field's type reads it (`arguments`): what it cannot read is a problem
with a path.
"""

from datetime import UTC, date, datetime
from decimal import Decimal as Exact
from typing import Any

import graphene
from graphql import FloatValueNode, IntValueNode, StringValueNode, ValueNode, value_from_ast_untyped

_BIG = 2**63


def _text(node: ValueNode) -> Any:
    """What a literal would be as JSON; an exact number with a point must be a string."""
    if isinstance(node, FloatValueNode):
        raise ValueError("an exact number is written as a string or an integer")
    if isinstance(node, IntValueNode):
        return int(node.value)
    return node.value if isinstance(node, StringValueNode) else None


def decimal(value: object) -> Exact:
    """`"100.00"` or `100`, never a float."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("an exact number is written as a string or an integer")
    try:
        number = Exact(value)
    except ArithmeticError:
        raise ValueError("this is not a number") from None
    if not number.is_finite():
        raise ValueError("this is not a number")
    return number


def big_int(value: object) -> int:
    """`"9007199254740993"` or an integer, within 64 bits."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("a whole number is expected")
    number = int(value)
    if not -_BIG <= number < _BIG:
        raise ValueError("the number is out of range")
    return number


def day(value: object) -> date:
    """`"2026-01-31"`."""
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("a date like 2026-01-31 is expected")
    return date.fromisoformat(value)


def instant(value: object) -> datetime:
    """`"2026-01-31T08:00:00Z"`; a time without its zone is refused."""
    if not isinstance(value, str):
        raise ValueError("a time like 2026-01-31T08:00:00Z is expected")
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError("a time needs its zone")
    return found.astimezone(UTC)


def _scalar(name: str, parse: Any, description: str) -> Any:
    members = {
        "Meta": {"name": name, "description": description},
        "serialize": staticmethod(lambda value: value),
        "parse_value": staticmethod(parse),
        "parse_literal": staticmethod(lambda node, _variables=None: parse(_text(node))),
    }
    return type(name, (graphene.Scalar,), members)


SCALARS = {
    "Decimal": _scalar("Decimal", decimal, "An exact decimal number, as a string."),
    "BigInt": _scalar("BigInt", big_int, "A whole number of up to 64 bits, as a string."),
    "Date": _scalar("Date", day, "A day: 2026-01-31."),
    "DateTime": _scalar("DateTime", instant, "An instant by RFC 3339: 2026-01-31T08:00:00Z."),
    "JSON": type(
        "JSON",
        (graphene.Scalar,),
        {
            "Meta": {"name": "JSON", "description": "Any JSON value."},
            "serialize": staticmethod(lambda value: value),
            "parse_value": staticmethod(lambda value: value),
            "parse_literal": staticmethod(value_from_ast_untyped),
        },
    ),
}
