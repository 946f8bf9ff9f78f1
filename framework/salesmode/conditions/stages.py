"""Atoms about where a record stands in its own pipeline: `before after atLeast` (RULING 13)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from salesmode.conditions.operands import among
from salesmode.conditions.place import Place
from salesmode.database.environment import getter
from salesmode.fieldtypes.slots import texts_slot
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import Compare, Literal
from salesmode.model.pipeline import LOST, PIPELINE, Pipeline

Cut = Callable[[list[str], int], list[str]]

_CUTS: Mapping[str, Cut] = {
    "before": lambda names, at: names[:at],
    "after": lambda names, at: names[at + 1 :],
    "atLeast": lambda names, at: names[at:],
}
POSITIONS = tuple(_CUTS)


def names_at(pipeline: Pipeline, op: str, stage: str) -> list[str]:
    """The stages of the pipeline that are before, after, or at least there. A lost one has no place among
    the others: it is at least itself.
    """
    if stage not in {each.name for each in pipeline.stages}:
        return []
    if pipeline.stage(stage).closes == LOST:
        return [stage] if op == "atLeast" else []
    names = [each.name for each in pipeline.stages if each.closes != LOST]
    return _CUTS[op](names, names.index(stage))


def standing(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    """The row's pipeline is read whatever the right to it: the stage's own right guards the answer."""
    field = place.field(PIPELINE)
    column = place.source.table.c[field.column]
    pipelines = (place.scope.model.pipelines[option.name] for option in field.options)
    found = [
        and_(column == text_literal(each.name), there)
        for each in pipelines
        if (there := _among(raw, each, compare, place)) is not None
    ]
    return or_(*found) if found else false()


def _among(
    raw: ColumnElement[Any], pipeline: Pipeline, compare: Compare, place: Place
) -> ColumnElement[bool] | None:
    """Whether it is one of the stages that are meant, in one pipeline; None where there is none. What only a
    request says becomes a list when it is bound.
    """
    if isinstance(compare.value, Literal):
        names = names_at(pipeline, compare.op, str(compare.value.value))
        return raw.in_([text_literal(each) for each in names]) if names else None
    if not pipeline.stages:
        return None
    find = getter(compare.value)
    return among(
        raw,
        texts_slot(lambda environment: names_at(pipeline, compare.op, str(find(environment))), place.dialect),
        place,
    )
