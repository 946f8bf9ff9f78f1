"""Atoms about where a record stands in its own pipeline: `before after atLeast` (RULING 13)."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from salesmode.conditions.place import Place
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
    assert isinstance(compare.value, Literal)
    field = place.field(PIPELINE)
    pipeline = place.source.table.c[field.column]
    found = []
    for option in field.options:
        names = names_at(place.scope.model.pipelines[option.name], compare.op, str(compare.value.value))
        if names:
            found.append(and_(pipeline == text_literal(option.name), raw.in_(map(text_literal, names))))
    return or_(*found) if found else false()
