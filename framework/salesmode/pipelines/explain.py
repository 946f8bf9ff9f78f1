"""Why a record may move to another stage or not: which lines say so, and what would have to change.

Pure: it says what to ask of the record, and what the answers mean. `queries.explain_stage` asks, `telling`
puts it in words. Nobody's roles are asked for: it tells which roles a stage wants.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from salesmode.access.explain import holds, lacking, leaves
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Condition, Const
from salesmode.model.object import Object
from salesmode.model.pipeline import Pipeline, Stage
from salesmode.pipelines.barrier import Barrier
from salesmode.pipelines.passage import Passage, barriers
from salesmode.pipelines.places import place, places
from salesmode.pipelines.steps import reopening_roles

Asked = tuple[Condition, str]
"""A condition, of the row as a move to the place of that name would leave it."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way now. `missing`: the fewest conditions that would have to hold; None: nothing that
    the record holds opens it.
    """

    barrier: Barrier
    missing: tuple[Condition, ...] | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """One other place. `roles`: those that may bring a record there (None: whoever may update it)."""

    target: Stage
    obstacles: tuple[Obstacle, ...]
    roles: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class StageExplanation:
    """Where a record stands, and each place where it could go."""

    object: Object
    id: str
    pipeline: Pipeline
    here: Stage
    ahead: tuple[Ahead, ...]


def questions(model: Model, pipeline: Pipeline, here: str, to: str | None) -> tuple[Asked, ...]:
    """Every condition that may be in the way, and every leaf of it."""
    found: dict[Asked, None] = {}
    for target in _targets(pipeline, here, to):
        for barrier in _barriers(model, pipeline, here, target):
            for each in (barrier.free, *leaves(barrier.free)):
                found |= {(each, target.name): None} if not isinstance(each, Const) else {}
    return tuple(found)


def explained_stage(
    model: Model, pipeline: Pipeline, id: str, here: str, to: str | None, truths: Mapping[Asked, bool]
) -> StageExplanation:
    """What the answers mean. `to`: about this place alone."""
    return StageExplanation(
        model.objects[pipeline.object],
        id,
        pipeline,
        place(pipeline, here),
        tuple(
            Ahead(
                target,
                tuple(_obstacles(model, pipeline, here, target, truths)),
                _roles(pipeline, here, target),
            )
            for target in _targets(pipeline, here, to)
        ),
    )


def _targets(pipeline: Pipeline, here: str, to: str | None) -> Iterator[Stage]:
    return (each for each in places(pipeline) if (each.name == to if to else each.name != here))


def _barriers(model: Model, pipeline: Pipeline, here: str, target: Stage) -> Iterator[Barrier]:
    found = barriers(model, Passage(pipeline.name, here, target.name), None)
    return (each for each in found if each.free != ALWAYS)


def _obstacles(
    model: Model, pipeline: Pipeline, here: str, target: Stage, truths: Mapping[Asked, bool]
) -> Iterator[Obstacle]:
    of_target = {condition: truth for (condition, name), truth in truths.items() if name == target.name}
    for each in _barriers(model, pipeline, here, target):
        if not holds(each.free, of_target):
            yield Obstacle(each, lacking(each.free, of_target))


def _roles(pipeline: Pipeline, here: str, target: Stage) -> tuple[str, ...] | None:
    """Those of the stage, among those that may reopen where that is what it takes."""
    reopening = reopening_roles(pipeline, place(pipeline, here), target)
    if reopening is None or target.roles is None:
        return target.roles if reopening is None else reopening
    return tuple(each for each in target.roles if each in reopening)
