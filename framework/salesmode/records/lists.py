"""Lists of values as rows: one bound place for each column, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows, the number of each from 0, and its values."""

    rows: FromClause
    place: ColumnElement[int]
    values: tuple[ColumnElement[Any], ...]


def listed(lists: Sequence[BindParameter[Any]], dialect: Dialect) -> Listed:
    """`lists` are slots of equal length, made with `many=True`."""
    return _arrays(lists) if dialect == "postgresql" else _texts(lists)


def _arrays(lists: Sequence[BindParameter[Any]]) -> Listed:
    names = [column(f"value_{number}", _element(each)) for number, each in enumerate(lists)]
    rows = func.unnest(*lists).table_valued(*names, with_ordinality="place", name="listed").render_derived()
    return Listed(rows, rows.c.place - 1, tuple(rows.c[each.name] for each in names))


def _texts(lists: Sequence[BindParameter[Any]]) -> Listed:
    first, *others = [_elements(each, f"list_{n}", alone=len(lists) == 1) for n, each in enumerate(lists)]
    rows: FromClause = first
    for each in others:
        rows = rows.join(each, each.c.key == first.c.key)
    return Listed(rows, first.c.key, tuple(each.c.value for each in (first, *others)))


def _elements(list_: BindParameter[Any], name: str, *, alone: bool) -> FromClause:
    """Of several lists each is put down first, as LIMIT makes SQLite do, so that it looks up the elements of
    the others by an index of its own: else it would go through all of them for each element.
    """
    each = func.json_each(list_).table_valued("key", "value", name=name)
    if alone:
        return each
    key = cast(each.c.key, Integer)
    return select(key.label("key"), each.c.value).limit(literal_column("-1", Integer)).subquery(name)


def _element(list_: BindParameter[Any]) -> TypeEngine[Any]:
    assert isinstance(list_.type, ARRAY)
    return list_.type.item_type
