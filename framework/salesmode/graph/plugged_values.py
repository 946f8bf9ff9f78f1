"""Scalars of plugins' answers, as JSON has them. Nothing is converted in silence: a float is no Decimal."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from salesmode.fieldtypes.datetime import stored_text

NOT_ONE: Any = object()
"""What stands there is no value of that scalar."""

_INT, _BIG = 2**31, 2**63


def scalar_json(name: str, value: Any) -> Any:
    """The value of a scalar as JSON has it, or NOT_ONE."""
    return _WRITERS[name](value)


def _text(value: Any) -> Any:
    try:
        return value if isinstance(value, str) and value.encode() is not None else NOT_ONE
    except UnicodeEncodeError:
        return NOT_ONE


def _id(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else _text(value)


def _is_int(value: Any, bound: int) -> bool:
    return type(value) is int and -bound <= value < bound


def _decimal(value: Any) -> Any:
    if type(value) is int:
        return str(value)
    return f"{value:f}" if isinstance(value, Decimal) and value.is_finite() else NOT_ONE


def _float(value: Any) -> Any:
    return value if type(value) in (int, float) and math.isfinite(value) else NOT_ONE


def _date(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else NOT_ONE


def _instant(value: Any) -> Any:
    if not isinstance(value, datetime) or value.tzinfo is None:
        return NOT_ONE
    return stored_text(value).replace(".000000Z", "Z")


def _json(value: Any) -> Any:
    try:
        return orjson.Fragment(orjson.dumps(value, default=_exact))
    except TypeError:
        return NOT_ONE


def _exact(value: Any) -> str:
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    raise TypeError


_WRITERS: Mapping[str, Callable[[Any], Any]] = {
    "String": _text,
    "ID": _id,
    "Int": lambda value: value if _is_int(value, _INT) else NOT_ONE,
    "BigInt": lambda value: str(value) if _is_int(value, _BIG) else NOT_ONE,
    "Float": _float,
    "Boolean": lambda value: value if isinstance(value, bool) else NOT_ONE,
    "Decimal": _decimal,
    "Date": _date,
    "DateTime": _instant,
    "JSON": _json,
}
