"""Options in stored values: one in a choice; several in a multi_choice, an array on PostgreSQL, else JSON."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import text_literal
from salesmode.tables.shape import Column

Pairs = Iterable[tuple[str, str]]


def qualified(
    column: Column, value: ColumnElement[Any], pipeline: ColumnElement[Any] | None
) -> ColumnElement[Any]:
    """What options of the column are compared with: a stage means something in its pipeline only."""
    if column.kind != "stage" or pipeline is None:
        return value
    return pipeline.concat(text_literal(".")).concat(value)


def has_other(
    column: Column, value: ColumnElement[Any], kept: Iterable[str], *, dialect: Dialect
) -> ColumnElement[bool]:
    """Whether the value is, or has among others, something that is none of these options."""
    names = [text_literal(name) for name in kept]
    if column.kind != "multi_choice":
        return value.not_in(names)
    elements = _elements(value, dialect)
    return (
        sa.select(elements.c.value).where(elements.c.value.not_in(names)).correlate_except(elements).exists()
    )


def has(column: Column, value: ColumnElement[Any], name: str, *, dialect: Dialect) -> ColumnElement[bool]:
    """Whether the value is this option, or has it among others."""
    if column.kind != "multi_choice":
        return value == text_literal(name)
    elements = _elements(value, dialect)
    return (
        sa.select(elements.c.value)
        .where(elements.c.value == text_literal(name))
        .correlate_except(elements)
        .exists()
    )


def renamed(
    column: Column,
    value: ColumnElement[Any],
    names: Pairs,
    *,
    dialect: Dialect,
    pipeline: ColumnElement[Any] | None = None,
) -> ColumnElement[Any]:
    """The value with new names of options for old ones."""
    if column.kind == "multi_choice":
        return _renamed_in_list(value, names, dialect)
    if column.kind == "stage":
        names = [(old, new.partition(".")[2]) for old, new in names]
    return sa.case(*_cases(qualified(column, value, pipeline), names), else_=value)


def _renamed_in_list(value: ColumnElement[Any], names: Pairs, dialect: Dialect) -> ColumnElement[Any]:
    elements = _elements(value, dialect)
    new = sa.case(*_cases(elements.c.value, names), else_=elements.c.value)
    if dialect == "postgresql":
        gathered = sa.func.array(sa.select(new).correlate_except(elements).scalar_subquery())
        return sa.case((value.is_not(None), gathered))
    array = sa.select(sa.func.json_group_array(new)).correlate_except(elements).scalar_subquery()
    return sa.case((value.is_not(None), array))


def _elements(value: ColumnElement[Any], dialect: Dialect) -> Any:
    if dialect == "postgresql":
        return sa.func.unnest(value).table_valued("value").render_derived()
    return sa.func.json_each(value).table_valued("value")


def _cases(value: ColumnElement[Any], names: Pairs) -> list[Any]:
    return [(value == text_literal(old), text_literal(new)) for old, new in names]
