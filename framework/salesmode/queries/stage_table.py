"""The stages of an object's pipelines as a table, for joining stays to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Text, cast, null, select, union_all

from salesmode.fieldtypes.sql import integer_literal, text_literal
from salesmode.model.pipeline import Pipeline

_NOWHERE: Mapping[str, ColumnElement[Any]] = {
    **{name: cast(null(), Text()) for name in ("pipeline", "stage")},
    **{name: cast(null(), Integer()) for name in ("place", "closes")},
}
"""What an app without stages has in the place of one."""


def stage_table(pipelines: Sequence[Pipeline]) -> CTE:
    """One row for each stage: its `place` in its own pipeline, and whether it `closes`."""
    rows = [
        select(
            text_literal(pipeline.name).label("pipeline"),
            text_literal(stage.name).label("stage"),
            integer_literal(at).label("place"),
            integer_literal(int(stage.closes is not None)).label("closes"),
        )
        for pipeline in pipelines
        for at, stage in enumerate(pipeline.stages)
    ]
    nowhere = select(*(column.label(name) for name, column in _NOWHERE.items()))
    return union_all(*(rows or [nowhere])).cte("sm_places")
