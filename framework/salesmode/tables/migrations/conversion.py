"""Which types of fields can become which others with their values, how, and which values would not survive.

Everything is an expression over the old column: the database counts and converts, and SQL can be shown.
What is not here (a date that becomes a number, say) is none: a field without values is made anew then.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import array

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import engine_type, field_type
from salesmode.fieldtypes.sql import length, text_literal
from salesmode.tables.engine import plain_field
from salesmode.tables.shape import Column

TEXTS = frozenset({"text", "long_text", "email", "phone", "url", "choice", "auto_number"})
FREE_TEXTS = frozenset({"text", "long_text"})
WHOLE = frozenset({"integer", "big_integer"})
EXACT = frozenset({"decimal", "money", "percent"})
REFERENCES = frozenset({"reference", "user"})
LISTS = ({"choice", "multi_choice"}, {"reference", "multi_reference"})
WRITABLE = WHOLE | EXACT | {"boolean", "date"}
_MANY = frozenset({"multi_choice", "multi_reference"})
_DIGITS = 18
_INT32 = (-(1 << 31), (1 << 31) - 1)
_TRUE: ColumnElement[bool] = sa.literal_column("TRUE", sa.Boolean())
_FALSE: ColumnElement[bool] = sa.literal_column("FALSE", sa.Boolean())
_ISO_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"


@dataclass(frozen=True)
class Conversion:
    """The new value, and which old ones it would lose or falsify (None: none). Null stays null."""

    value: ColumnElement[Any]
    lost: ColumnElement[bool] | None = None


def convertible(old: Column, new: Column) -> bool:
    """Whether values of the one can be values of the other at all."""
    if old.kind == new.kind:
        return True
    if new.kind in FREE_TEXTS:
        return engine_type(old.kind) in TEXTS | WRITABLE
    if old.kind in FREE_TEXTS:
        return new.kind in WRITABLE | {"choice"}
    kinds = {old.kind, new.kind}
    return kinds <= WHOLE | EXACT or kinds <= REFERENCES or kinds in LISTS


def rewrites(old: Column, new: Column) -> bool:
    """Whether the column is stored in another way, or holds other values for the same."""
    return (old.type, old.kind, old.scale) != (new.type, new.kind, new.scale)


def conversion(old: Column, new: Column, value: ColumnElement[Any], *, dialect: Dialect) -> Conversion:
    """How `value`, of the old column's type, becomes one of the new."""
    if new.kind in WRITABLE and old.kind in TEXTS:
        return _from_text(new, value, dialect=dialect)
    if old.kind != new.kind and {old.kind, new.kind} in LISTS:
        return _to_list(new, value, dialect) if new.kind in _MANY else _from_list(value, dialect)
    if new.kind in EXACT:
        return _to_exact(old, new, value, dialect)
    if new.kind in WHOLE and old.kind != new.kind:
        return _to_whole(old, new, value, dialect)
    if new.kind in FREE_TEXTS and engine_type(old.kind) not in TEXTS:
        return Conversion(_to_text(old, value, dialect))
    return Conversion(value)


def _from_text(new: Column, text: ColumnElement[str], *, dialect: Dialect) -> Conversion:
    """A text that is written as the new type's values are."""
    if new.kind in WHOLE:
        return _whole_from_text(new, text)
    if new.kind in EXACT:
        fraction = rf"(\.[0-9]{{1,{new.scale}}})?" if new.scale else ""
        written = text.regexp_match(rf"^-?[0-9]{{1,{_DIGITS - new.scale}}}{fraction}\Z")
        number = _scaled(text, new.scale) if dialect == "sqlite" else sa.cast(text, sa.Numeric())
        return Conversion(number, sa.not_(written))
    if new.kind == "boolean":
        yes, no = (_TRUE, _FALSE) if dialect == "postgresql" else (_number(1), _number(0))
        true, false = text_literal("true"), text_literal("false")
        return Conversion(sa.case((text == true, yes), (text == false, no)), text.not_in([true, false]))
    if dialect == "postgresql":
        valid = sa.func.pg_input_is_valid(text, text_literal("date"))
        return Conversion(sa.cast(text, sa.Date()), sa.not_(sa.and_(text.regexp_match(_ISO_DATE), valid)))
    # With a modifier SQLite works the day out: 30 February becomes 2 March.
    day = sa.func.coalesce(sa.func.date(text, text_literal("+0 days")), text_literal(""))
    return Conversion(text, day != text)


def _whole_from_text(new: Column, text: ColumnElement[str]) -> Conversion:
    number = sa.cast(text, sa.BigInteger())
    written = text.regexp_match(rf"^-?[0-9]{{1,{_DIGITS}}}\Z")
    fits = number.between(_number(_INT32[0]), _number(_INT32[1])) if new.kind == "integer" else sa.true()
    return Conversion(number, sa.case((written, sa.not_(fits)), else_=text.is_not(None)))


def _scaled(text: ColumnElement[str], scale: int) -> ColumnElement[Any]:
    """The digits as a number, with as many zeros as places are missing."""
    point = sa.func.instr(text, text_literal("."), type_=sa.Integer())
    places = sa.case((point == _number(0), _number(0)), else_=length(text) - point)
    digits = sa.cast(
        sa.func.replace(text, text_literal("."), text_literal(""), type_=sa.Text()), sa.BigInteger()
    )
    return digits * sa.case(*((places == _number(each), _power(scale - each)) for each in range(scale + 1)))


def _to_exact(old: Column, new: Column, value: ColumnElement[Any], dialect: Dialect) -> Conversion:
    """More places need room before the point, fewer must not cut anything off."""
    stored = old.scale if dialect == "sqlite" else 0
    more = new.scale - old.scale
    too_large = sa.func.abs(value) >= _power(_DIGITS - new.scale + stored)
    if dialect == "postgresql":
        cut = value != sa.func.round(value, _number(new.scale))
        return Conversion(value, sa.or_(too_large, cut) if more < 0 else too_large)
    if more >= 0:
        return Conversion(value * _power(more) if more else value, too_large if more else None)
    return Conversion(value // _power(-more), value % _power(-more) != _number(0))


def _to_whole(old: Column, new: Column, value: ColumnElement[Any], dialect: Dialect) -> Conversion:
    scaled = dialect == "sqlite" and old.scale > 0
    whole = value // _power(old.scale) if scaled else value
    lost = [value % _power(old.scale) != _number(0)] if scaled else []
    if dialect == "postgresql" and old.kind in EXACT:
        lost.append(value != sa.func.trunc(value))
    if new.kind == "integer":
        lost.append(sa.not_(whole.between(_number(_INT32[0]), _number(_INT32[1]))))
    return Conversion(whole, sa.or_(*lost) if lost else None)


def _to_text(old: Column, value: ColumnElement[Any], dialect: Dialect) -> ColumnElement[str]:
    """As the API shows it, without the quotes."""
    shown = field_type(old.kind).json(plain_field(old.kind, old.scale), value, dialect)
    return sa.case((value.is_not(None), sa.func.trim(shown, text_literal('"'), type_=sa.Text())))


def _to_list(new: Column, value: ColumnElement[Any], dialect: Dialect) -> Conversion:
    """The only element of a list."""
    if dialect == "sqlite":
        return Conversion(sa.case((value.is_not(None), sa.func.json_array(value))))
    list_type = field_type(new.kind).column_type(plain_field(new.kind), dialect)
    return Conversion(sa.case((value.is_not(None), sa.cast(array([value]), list_type))))


def _from_list(value: ColumnElement[Any], dialect: Dialect) -> Conversion:
    """The only element, if there is not more than one."""
    if dialect == "sqlite":
        return Conversion(
            sa.func.json_extract(value, text_literal("$[0]")), sa.func.json_array_length(value) > _number(1)
        )
    return Conversion(value[sa.literal_column("1", sa.Integer())], sa.func.cardinality(value) > _number(1))


def _power(exponent: int) -> ColumnElement[Any]:
    return _number(10**exponent)


def _number(number: int) -> ColumnElement[Any]:
    return sa.literal_column(str(number), sa.BigInteger())
