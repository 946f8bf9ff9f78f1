"""Atoms about lists: `has hasAny hasAll`, and whether there is anything in them.

PostgreSQL compares arrays, which an index can answer; SQLite goes through the elements.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func
from sqlalchemy.dialects.postgresql import array

from salesmode.conditions.operands import among, elements, listed, one
from salesmode.conditions.place import Place, some
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.lists import ListType
from salesmode.fieldtypes.sql import integer_literal
from salesmode.model.condition import Compare
from salesmode.model.field import Field

Member = Callable[[ColumnElement[Any]], ColumnElement[bool]]


def element_of(field: Field) -> Field:
    """The field as if it held one of its elements."""
    type_ = field_type(field.type)
    assert isinstance(type_, ListType)
    return replace(field, type=type_.element.name)


def filled(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:  # noqa: ARG001
    """Whether there are elements."""
    if place.dialect == "sqlite":
        return some(elements(raw, place).table)
    return func.cardinality(raw) > integer_literal(0)


def _has(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    field = place.field(compare.field)
    operand = one(compare.value, element_of(field), place)
    if place.dialect == "sqlite":
        return _member(raw, place, lambda member: member == operand)
    array_type = field_type(field.type).bind_type(field, place.dialect)
    return raw.op("@>", is_comparison=True)(cast(array([operand]), array_type))


def _has_any(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    values = listed(compare.value, element_of(place.field(compare.field)), place)
    if place.dialect == "sqlite":
        return _member(raw, place, lambda member: among(member, values, place))
    return raw.op("&&", is_comparison=True)(values)


def _has_all(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    values = listed(compare.value, element_of(place.field(compare.field)), place)
    if place.dialect == "postgresql":
        return raw.op("@>", is_comparison=True)(values)
    wanted = elements(values, place)
    missing = ~_member(raw, place, lambda member: member == wanted)
    return and_(raw.is_not(None), values.is_not(None), ~some(wanted.table, missing))


def _member(raw: ColumnElement[Any], place: Place, wanted: Member) -> ColumnElement[bool]:
    """Whether one of the elements is wanted."""
    member = elements(raw, place)
    return some(member.table, wanted(member))


LISTS: Mapping[str, Callable[[ColumnElement[Any], Compare, Place], ColumnElement[bool]]] = {
    "has": _has,
    "hasAny": _has_any,
    "hasAll": _has_all,
}
