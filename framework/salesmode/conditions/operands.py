"""The right-hand side of a comparison."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Text, column, func, literal_column, select

from salesmode.conditions.place import Place
from salesmode.database.environment import getter
from salesmode.database.statement import Encode, slot_from
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import RowValue, Value
from salesmode.model.field import Field


def one(value: Value, field: Field, place: Place) -> ColumnElement[Any]:
    """A single value as `field` stores it: bound, or another column of the root row."""
    if isinstance(value, RowValue):
        return place.scope.readable(place.root, value.field).value
    return slot_of(value, field, place.dialect)


def aligned(
    raw: ColumnElement[Any], field: Field, value: Value, place: Place
) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Both sides of a comparison in one unit: on SQLite, exact numbers of two fields may differ in scale."""
    operand = one(value, field, place)
    if not isinstance(value, RowValue) or place.dialect != "sqlite":
        return raw, operand
    shift = field.scale - place.root.object.fields[value.field].scale
    return _shifted(raw, -shift), _shifted(operand, shift)


def _shifted(number: ColumnElement[Any], places: int) -> ColumnElement[Any]:
    return number if places <= 0 else number * literal_column(str(10**places), BigInteger())


def text_slot(value: Value, change: Encode) -> ColumnElement[str]:
    """A bound text that is changed before it is bound."""
    return slot_from(getter(value), Text(), change)


def listed(value: Value, field: Field, place: Place) -> ColumnElement[Any]:
    """A list as one bound value."""
    return slot_of(value, field, place.dialect, many=True)


def among(element: ColumnElement[Any], values: ColumnElement[Any], place: Place) -> ColumnElement[bool]:
    """Whether the element is in a bound list."""
    if place.dialect == "postgresql":
        return element == func.any(values)
    return element.in_(select(elements(values, place)))


def elements(values: ColumnElement[Any], place: Place) -> ColumnElement[Any]:
    """The elements of a bound or stored list, as the only column of a FROM."""
    if place.dialect == "postgresql":
        element = column("value", values.type.item_type)  # type: ignore[attr-defined]
        return func.unnest(values).table_valued(element).render_derived().c.value
    return func.json_each(values).table_valued("value").c.value
