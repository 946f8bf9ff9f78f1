"""Pipelines in tables: which stages there are in which, and where the rows go that were there before any."""

from collections.abc import Mapping
from dataclasses import replace

from salesmode.model.app import Model
from salesmode.model.condition import Literal, Moment, Value
from salesmode.model.object import Object
from salesmode.model.pipeline import OPEN, PIPELINE, STAGE, STAGE_SINCE, STATUS, Pipeline
from salesmode.tables.shape import Column


def stages(object_: Object, model: Model) -> tuple[str, ...]:
    """`PIPELINE.STAGE` for each stage in which a row can be, in the order of their names."""
    names = {each.name for each in object_.fields[PIPELINE].options}
    pipelines = (each for each in model.pipelines.values() if each.name in names)
    return tuple(sorted(f"{each.name}.{stage.name}" for each in pipelines for stage in each.stages))


def beginnings(object_: Object, model: Model) -> Mapping[str, Value]:
    """What the fields of pipelines hold in rows from before: the first pipeline, where it begins, open."""
    pipelines = model.pipelines_of(object_.name)
    if not pipelines:
        return {}
    first: dict[str, Value] = {
        PIPELINE: Literal(pipelines[0].name),
        STATUS: Literal(OPEN),
        STAGE_SINCE: Moment("now"),
    }
    if pipelines[0].staged:
        first[STAGE] = Literal(pipelines[0].start[0])
    return first


def begun_in(column: Column, pipelines: tuple[Pipeline, ...]) -> Column:
    """The column, filled with a stage only where rows are in the pipeline that has it."""
    if column.kind != STAGE or column.fill is None or all(each.staged for each in pipelines):
        return column
    return replace(column, fill=f"CASE {PIPELINE} WHEN '{pipelines[0].name}' THEN {column.fill} END")
