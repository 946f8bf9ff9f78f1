"""A way from one place to another, and all that is in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from salesmode.diagnostics import Message
from salesmode.model.app import Model
from salesmode.model.pipeline import Stage
from salesmode.pipelines.barrier import ROLE, Barrier
from salesmode.pipelines.gates import entry_barriers, exit_barriers, own_barriers
from salesmode.pipelines.places import place
from salesmode.pipelines.steps import Direction, direction, leaves_forward, order_barriers


@dataclass(frozen=True, slots=True)
class Passage:
    """Names of a pipeline and of two of its places; `source` None: a new record."""

    pipeline: str
    source: str | None
    target: str


def barriers(model: Model, passage: Passage, roles: frozenset[str] | None) -> Iterator[Barrier]:
    """Everything that may be in the way: of the order of stages first, then of the gates.

    A new record is held to the rules of its object as such.
    """
    pipeline = model.pipelines[passage.pipeline]
    object_ = model.objects[pipeline.object]
    fields = object_.fields
    source, target = ends(model, passage)
    yield from order_barriers(pipeline, source, target, roles)
    if source is not None and leaves_forward(pipeline, source, target):
        yield from exit_barriers(source, target, fields)
    yield from entry_barriers(target, fields)
    if source is not None:
        yield from own_barriers(object_, target)


def no_right(model: Model, passage: Passage) -> Barrier:
    """What is told to whom no role lets move a record of that pipeline."""
    target = ends(model, passage)[1]
    return Barrier(ROLE, Message("stage_role", {"stage": target.label}), target.span)


def way(model: Model, passage: Passage) -> Direction:
    """Which way the passage goes."""
    return direction(model.pipelines[passage.pipeline], *ends(model, passage))


def ends(model: Model, passage: Passage) -> tuple[Stage | None, Stage]:
    """Where it comes from, and where it leads."""
    pipeline = model.pipelines[passage.pipeline]
    source = None if passage.source is None else place(pipeline, passage.source)
    return source, place(pipeline, passage.target)
