"""The places where a record could go from where it stands, and what may be in its way to each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Condition, both, either, negated
from salesmode.model.pipeline import Pipeline, Stage
from salesmode.pipelines.barrier import ROLE, Barrier, told
from salesmode.pipelines.movers import roles_asked
from salesmode.pipelines.passage import Passage, barriers, no_right
from salesmode.pipelines.places import places, telling


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A barrier; one `of_right` is about the row as it is, any other about the row as it would be."""

    barrier: Barrier
    of_right: bool


@dataclass(frozen=True, slots=True)
class Way:
    """One other place, and what may be in the way there, in the order in which it is told."""

    target: Stage
    hindrances: tuple[Hindrance, ...]


def shown(granted: ObjectPolicy) -> Condition:
    """Where the policy shows where a record stands."""
    return both(*(granted.fields[name].clear for name in telling(granted.object)))


def ways(pipeline: Pipeline, source: Stage, model: Model, policy: Policy) -> Iterator[Way]:
    """The other places. Who has no right to move the record is told of no other role."""
    granted, roles = policy.objects[pipeline.object], roles_asked(model, policy)
    for target in places(pipeline):
        if target.name != source.name:
            passage = Passage(pipeline.name, source.name, target.name)
            right = replace(no_right(model, passage), free=granted.moves)
            asked = told(barriers(model, passage, roles), granted.names)
            found = (Hindrance(right, True), *(_hindrance(each, granted) for each in asked))
            yield Way(target, tuple(each for each in found if each.barrier.free != ALWAYS))


def _hindrance(barrier: Barrier, granted: ObjectPolicy) -> Hindrance:
    if barrier.code != ROLE:
        return Hindrance(barrier, False)
    return Hindrance(replace(barrier, free=either(barrier.free, negated(granted.moves))), True)
