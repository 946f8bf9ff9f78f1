"""Lists of values as rows: one bound place for each column, whatever the number of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import BindParameter, ColumnElement, FromClause, Text, column, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from salesmode.database.statement import Dialect, slot_from
from salesmode.fieldtypes.sql import text_literal


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
    """One list of rows, however many lists: SQLite has no index to look up in one what stands in another."""
    if len(lists) == 1:
        rows = func.json_each(lists[0]).table_valued("key", "value", name="listed")
        return Listed(rows, rows.c.key, (rows.c.value,))
    slots: list[Any] = [each.value for each in lists]
    together = slot_from(lambda environment: [each.value(environment) for each in slots], Text(), _zipped)
    rows = func.json_each(together).table_valued("key", "value", name="listed")
    cells = (func.json_extract(rows.c.value, text_literal(f"$[{at}]")) for at in range(len(lists)))
    return Listed(rows, rows.c.key, tuple(cells))


def _zipped(texts: Sequence[str]) -> str:
    return orjson.dumps(list(zip(*map(orjson.loads, texts), strict=True))).decode()


def _element(list_: BindParameter[Any]) -> TypeEngine[Any]:
    assert isinstance(list_.type, ARRAY)
    return list_.type.item_type
