"""One atom → SQL: `field op value`, with the column bare wherever the comparison rejects nulls."""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, false, or_, true

from salesmode.conditions.lists import LISTS, filled
from salesmode.conditions.operands import aligned, among, listed, one, text_slot
from salesmode.conditions.place import Place
from salesmode.conditions.stages import POSITIONS, standing
from salesmode.conditions.tree import under
from salesmode.database.environment import getter
from salesmode.database.fold import fold_text
from salesmode.database.statement import slot_from
from salesmode.fieldtypes import sql
from salesmode.model.condition import Compare, Literal, RowValue, Value

Positive = Callable[[ColumnElement[Any], Compare, Place], ColumnElement[bool]]

_LAST = "\U0010ffff"
_COMPLEMENTS = {"ne": "eq", "notIn": "in"}


def atom(compare: Compare, place: Place, *, holds: bool) -> ColumnElement[bool]:
    """The atom or its complement; null counts as false in both."""
    op = compare.op
    if op in _COMPLEMENTS:
        op, holds = _COMPLEMENTS[op], not holds
    readable = place.readable(compare.field)
    raw, guard = readable.raw, readable.guard
    if op in _ASK:
        present = _guarded(_ASK[op](raw, compare, place), guard)
        absent = raw.is_(None) if op == "isNull" and guard is None else _complement(present)
        return _asked(present, absent, compare.value, holds=holds)
    found = _guarded(_POSITIVE[op](raw, compare, place), guard)
    return found if holds else _complement(found)


def _guarded(found: ColumnElement[bool], guard: ColumnElement[bool] | None) -> ColumnElement[bool]:
    return found if guard is None else and_(guard, found)


def _complement(found: ColumnElement[bool]) -> ColumnElement[bool]:
    """True where it is false or null."""
    return found.is_not(true())


def _asked(
    present: ColumnElement[bool], absent: ColumnElement[bool], value: Value, *, holds: bool
) -> ColumnElement[bool]:
    """`isNull` and `isEmpty`: `value` says which of the two is wanted."""
    if isinstance(value, Literal):
        return absent if bool(value.value) == holds else present
    flag = slot_from(getter(value), Boolean(), bool)
    found = or_(and_(flag == true(), absent), and_(flag == false(), present))
    return found if holds else _complement(found)


def _compared(operator: Callable[[Any, Any], Any]) -> Positive:
    def compared(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
        found: ColumnElement[bool] = operator(*aligned(raw, place.field(compare.field), compare.value, place))
        return found

    return compared


def _between(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    """Both ends included."""
    lower, upper = compare.value, compare.upper
    if upper is None:
        assert isinstance(lower, Literal)
        assert isinstance(lower.value, tuple)
        lower, upper = (Literal(each) for each in lower.value)
    field = place.field(compare.field)
    return and_(ge(*aligned(raw, field, lower, place)), le(*aligned(raw, field, upper, place)))


def _in(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    if compare.value == Literal(()):
        return false()
    return among(raw, listed(compare.value, place.field(compare.field), place), place)


def _contains(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    return sql.contains(raw, one(compare.value, place.field(compare.field), place), place.dialect)


def _icontains(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    if isinstance(compare.value, RowValue):
        part = sql.fold(one(compare.value, place.field(compare.field), place), place.dialect)
    else:
        part = text_slot(compare.value, fold_text)
    return sql.contains(sql.fold(raw, place.dialect), part, place.dialect)


def _starts_with(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    """A range, which an index can answer."""
    part = one(compare.value, place.field(compare.field), place)
    if isinstance(compare.value, RowValue):
        return sql.starts(raw, part)
    return and_(raw >= part, raw < text_slot(compare.value, successor))


def _ends_with(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    return sql.ends(raw, one(compare.value, place.field(compare.field), place))


def successor(prefix: str) -> str:
    """The first text after all that begin with `prefix`.

    There is none after the last character of Unicode; then a text that is longer and later than any in use.
    """
    kept = prefix.rstrip(_LAST)
    if not kept:
        return _LAST * (len(prefix) + 1000)
    point = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if point == 0xD800 else point)


def _present(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:  # noqa: ARG001
    return raw.is_not(None)


_ASK: Mapping[str, Positive] = {"isNull": _present, "isEmpty": filled}

_POSITIVE: Mapping[str, Positive] = {
    "eq": _compared(lambda left, right: left == right),
    "lt": _compared(lt),
    "lte": _compared(le),
    "gt": _compared(gt),
    "gte": _compared(ge),
    "between": _between,
    "in": _in,
    "contains": _contains,
    "icontains": _icontains,
    "startsWith": _starts_with,
    "endsWith": _ends_with,
    "under": under,
    **dict.fromkeys(POSITIONS, standing),
    **LISTS,
}
