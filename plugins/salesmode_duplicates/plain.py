"""Canonical values as JSON and back: what a merge remembers of them."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from salesmode.model.field import Field

_EXACT = ("decimal", "money", "percent")


def plain(value: Any) -> Any:
    """As JSON can hold it."""
    match value:
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple() | list():
            return [plain(each) for each in value]
        case _:
            return value


def canonical(field: Field, value: Any) -> Any:
    """What `plain` was made of."""
    if value is None:
        return None
    if field.type in _EXACT:
        return Decimal(value)
    if field.type == "datetime":
        return datetime.fromisoformat(value)
    if field.type == "date":
        return date.fromisoformat(value)
    return tuple(value) if is_list(field) else value


def is_list(field: Field) -> bool:
    return field.type in ("multi_choice", "multi_reference")


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal; lists by what is in them."""
    if isinstance(left, Sequence) and isinstance(right, Sequence) and not isinstance(left, str):
        return list(left) == list(right)
    return bool(left == right)
