"""Rows of an analysis as a JSON array, in an order of their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.queries.json_text import joined

_ALL: ColumnElement[Any] = literal_column("-1")


def array_of(
    rows: Select[Any], entry: str, order: Sequence[str], dialect: Dialect, *, most: int | None = None
) -> Select[Any]:
    """Selects the array of the column `entry` of `rows`, ordered by the columns `order`, nulls last; NULL
    where there are more than `most`.
    """
    if dialect == "sqlite":  # where a limit keeps the order alive
        directed: list[ColumnElement[Any]] = [literal_column(each).asc().nulls_last() for each in order]
        found: FromClause = rows.order_by(*directed).limit(_ALL).subquery()
        gathered: Any = func.group_concat(found.c[entry], text_literal(","), type_=Text())
    else:
        found = rows.subquery()
        keys: list[ColumnElement[Any]] = [found.c[each].asc().nulls_last() for each in order]
        listed: Any = aggregate_order_by(text_literal(","), *keys) if keys else text_literal(",")
        gathered = func.string_agg(found.c[entry], listed, type_=Text())
    whole = joined(["[", func.coalesce(gathered, text_literal(""), type_=Text()), "]"])
    if most is not None:
        whole = case((func.count() <= integer_literal(most), whole))
    return select(whole).select_from(found)
