"""What a record is worth in the forecast: how likely it is won, and in which category it counts (D33, D34).

A question of its pipeline and of its place there, so one CASE over both, in whatever rows they stand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column

from salesmode.database.statement import Dialect
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.pipeline import Pipeline, Stage
from salesmode.pipelines.places import places
from salesmode.tables.engine import plain_field

PERCENT = plain_field("percent", 2)
"""The field that a probability is like: its column type, its scale, its JSON."""

Told = Callable[[Stage], ColumnElement[Any]]


@dataclass(frozen=True)
class Standing:
    """Where rows stand, as expressions over them: their columns, or what a reader may see of these."""

    pipeline: ColumnElement[Any]
    stage: ColumnElement[Any]
    status: ColumnElement[Any]


def probability(pipelines: Iterable[Pipeline], at: Standing, dialect: Dialect) -> ColumnElement[Any]:
    """In per cent, as a column of PERCENT holds it; null for a place that there is no more."""
    encode, type_ = field_type("percent").encode(PERCENT, dialect), field_type("percent")
    bound = type_.bind_type(PERCENT, dialect)
    return told_of(pipelines, at, lambda stage: literal_column(f"{encode(stage.probability)}", bound))


def forecast(pipelines: Iterable[Pipeline], at: Standing) -> ColumnElement[str]:
    """The category: `pipeline best_case commit closed omitted`; null for a place that there is no more."""
    return told_of(pipelines, at, lambda stage: text_literal(stage.forecast))


def told_of(pipelines: Iterable[Pipeline], at: Standing, told: Told) -> ColumnElement[Any]:
    """What `told` says of the place of each row."""
    found = [
        (
            text_literal(each.name),
            case(
                *((text_literal(place.name), told(place)) for place in places(each)),
                value=at.stage if each.staged else at.status,
            ),
        )
        for each in pipelines
    ]
    return case(*found, value=at.pipeline)
