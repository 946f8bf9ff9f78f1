"""What records are worth, and when they are expected to close: the fields that their pipelines name."""

from collections.abc import Callable, Iterable
from typing import Any, Literal as OneOf

from sqlalchemy import ColumnElement, Numeric, case, cast, literal_column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.field import Field
from salesmode.model.pipeline import Pipeline

Worth = OneOf["amount", "close_date"]
Told = Callable[[str], ColumnElement[Any] | None]

_WIDE = 38


def of_pipeline(
    what: Worth,
    pipelines: Iterable[Pipeline],
    pipeline: ColumnElement[Any],
    told: Told,
    nothing: ColumnElement[Any],
) -> ColumnElement[Any]:
    """What `told` says of the field that the pipeline of each row names; `nothing` where there is none, or
    nothing is told of it.
    """
    by_field: dict[str | None, list[str]] = {}
    for each in pipelines:
        by_field.setdefault(getattr(each, what), []).append(each.name)
    values = {name: told(name) if name else None for name in by_field}
    if len(values) == 1:
        (value,) = values.values()
        return nothing if value is None else value
    branches = [
        (pipeline.in_([text_literal(each) for each in by_field[name]]), value)
        for name, value in values.items()
        if value is not None
    ]
    return case(*branches, else_=nothing) if branches else nothing


def scaled(value: ColumnElement[Any], field: Field, scale: int, dialect: Dialect) -> ColumnElement[Any]:
    """An amount of the field with so many places, which are at least its own."""
    if dialect == "postgresql":
        return cast(value, Numeric(_WIDE, scale))
    places = scale - field.scale
    return value * literal_column(str(10**places)) if places else value
