"""Where the rows of worlds stand in pipelines: always somewhere where a row can be."""

from collections.abc import Mapping
from random import Random
from typing import Any

from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS, STATUSES, Stage


def drawn_place(model: Model, field: Field, row: Mapping[str, Any], random: Random) -> Any:
    """The stage or the status of a row whose pipeline is drawn already, and whose stage was before."""
    if field.type == "stage":
        stages = model.pipelines[row[PIPELINE]].stages
        return random.choice(stages).name if stages else None
    stage = _stage(model, row)
    return stage.status if stage else random.choice(STATUSES)


def other_place(model: Model, field: Field, row: Mapping[str, Any], random: Random) -> Any:
    """Another stage that gives the row the same status, or where it has no stage another status."""
    stage = _stage(model, row)
    if field.type == "stage" and stage is not None:
        alike = [each.name for each in model.pipelines[row[PIPELINE]].stages if each.status == stage.status]
        return random.choice(alike)
    if field.name == STATUS and stage is None:
        return random.choice(STATUSES)
    return row[field.name]


def _stage(model: Model, row: Mapping[str, Any]) -> Stage | None:
    name = row.get(STAGE)
    return None if name is None else model.pipelines[row[PIPELINE]].stage(name)
