"""Bound places for values of fields."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson
from sqlalchemy import BindParameter, Text
from sqlalchemy.dialects.postgresql import ARRAY

from salesmode.database.environment import Environment
from salesmode.database.statement import Dialect, Encode, slot_from
from salesmode.fieldtypes.registry import field_type
from salesmode.model.condition import Value
from salesmode.model.field import Field


def slot_of(value: Value, field: Field, dialect: Dialect, *, many: bool = False) -> BindParameter[Any]:
    """`value` as `field` stores it. `many`: a list in one place (PostgreSQL: an array, SQLite: JSON text)."""
    type_ = field_type(field.type)
    encode = type_.encode(field, dialect)
    bound = type_.bind_type(field, dialect)
    if not many:
        return slot_from(type_.finder(value), bound, encode)
    if dialect == "postgresql":
        return slot_from(type_.finder(value), ARRAY(bound), lambda values: [encode(each) for each in values])
    return slot_from(type_.finder(value), Text(), _json_list(encode))


def texts_slot(find: Callable[[Environment], Sequence[str]], dialect: Dialect) -> BindParameter[Any]:
    """Names that are found in the request, as a list in one place."""
    if dialect == "postgresql":
        return slot_from(find, ARRAY(Text()), list)
    return slot_from(find, Text(), lambda names: orjson.dumps(names).decode())


def _json_list(encode: Encode) -> Encode:
    return lambda values: orjson.dumps([encode(each) for each in values]).decode()
