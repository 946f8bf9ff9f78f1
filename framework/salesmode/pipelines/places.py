"""Where a record can stand: in a stage, or, in a simple pipeline, open, won or lost."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from salesmode.model.label import Label
from salesmode.model.object import Object
from salesmode.model.pipeline import (
    CLOSED_AT,
    LOST,
    OPEN,
    PIPELINE,
    STAGE,
    STAGE_SINCE,
    STATUS,
    WON,
    Pipeline,
    Stage,
)

_LABELS: Mapping[str, Mapping[str, str]] = {
    OPEN: {"en": "Open", "zh": "进行中"},
    WON: {"en": "Won", "zh": "赢单"},
    LOST: {"en": "Lost", "zh": "输单"},
}


def places(pipeline: Pipeline) -> tuple[Stage, ...]:
    """The stages; those of a simple pipeline are its statuses, between which there are no gates."""
    if pipeline.granularity == "staged":
        return pipeline.stages
    return (
        _status(pipeline, OPEN, None, pipeline.probability, pipeline.forecast),
        _status(pipeline, WON, WON, Decimal(100), "closed"),
        _status(pipeline, LOST, LOST, Decimal(0), "omitted"),
    )


def _status(pipeline: Pipeline, name: str, closes: str | None, probability: Decimal, forecast: str) -> Stage:
    return Stage(name, Label(_LABELS[name]), pipeline.span, probability, forecast, closes)


def place(pipeline: Pipeline, name: str) -> Stage:
    """The place of that name; it exists, or the caller is at fault."""
    return next(each for each in places(pipeline) if each.name == name)


def starts(pipeline: Pipeline) -> tuple[str, ...]:
    """Where a record may begin; without being told it begins at the first."""
    return pipeline.start if pipeline.granularity == "staged" else (OPEN,)


def standing(pipeline: Pipeline, row: Mapping[str, object]) -> str:
    """The name of the place where a row of the pipeline is."""
    return str(row[place_field(pipeline)])


def place_field(pipeline: Pipeline) -> str:
    """The field that tells the place."""
    return STAGE if pipeline.granularity == "staged" else STATUS


def telling(object_: Object) -> tuple[str, ...]:
    """The fields that tell where a record of the object stands; none where it has no pipelines."""
    if PIPELINE not in object_.fields or not object_.fields[PIPELINE].kept:
        return ()
    several = len(object_.fields[PIPELINE].options) > 1
    found = (PIPELINE, STAGE, STATUS) if several else (STAGE if STAGE in object_.fields else STATUS,)
    return tuple(name for name in found if name in object_.fields)


def kept_values(pipeline: Pipeline, name: str, now: datetime) -> dict[str, object]:
    """What a row holds once it stands there since `now`."""
    stage = place(pipeline, name)
    return {
        PIPELINE: pipeline.name,
        STAGE: name if pipeline.granularity == "staged" else None,
        STATUS: stage.status,
        STAGE_SINCE: now,
        CLOSED_AT: now if stage.closes else None,
    }
