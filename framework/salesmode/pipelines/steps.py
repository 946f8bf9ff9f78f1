"""The order of stages: which way a passage goes, and what of skip, back, next, closed, branch and role is in
its way (RULING 36).
"""

from collections.abc import Iterator
from typing import Literal

from salesmode.diagnostics import Message
from salesmode.model.condition import ALWAYS, NEVER, Condition, negated
from salesmode.model.pipeline import LOST, Pipeline, Stage
from salesmode.pipelines.barrier import BACK, BRANCH, CLOSED, NEXT, ROLE, SKIP, Barrier
from salesmode.pipelines.places import places

Direction = Literal["start", "forward", "back", "close", "reopen"]


def direction(pipeline: Pipeline, source: Stage | None, target: Stage) -> Direction:
    """Which way it goes; from nowhere it is a start."""
    if source is None:
        return "start"
    if target.closes:
        return "close"
    if source.closes:
        return "reopen"
    order = places(pipeline)
    return "forward" if order.index(target) > order.index(source) else "back"


def leaves_forward(pipeline: Pipeline, source: Stage, target: Stage) -> bool:
    """Whether the exit gate is asked: not on the way back, and not on the way to a lost stage."""
    return direction(pipeline, source, target) in ("forward", "close") and target.closes != LOST


def order_barriers(
    pipeline: Pipeline, source: Stage | None, target: Stage, roles: frozenset[str] | None
) -> Iterator[Barrier]:
    """What of the order, of branches and of roles is in the way. `roles` None: nobody is asked for theirs."""
    if source is not None:
        yield from _order(pipeline, source, target)
        yield from _reopening(pipeline, source, target, roles)
    if target.when != ALWAYS:
        yield _barrier(BRANCH, target, free=target.when)
    if roles is not None and target.roles is not None and roles.isdisjoint(target.roles):
        yield _barrier(ROLE, target)


def _order(pipeline: Pipeline, source: Stage, target: Stage) -> Iterator[Barrier]:
    """An explicit `next` beats skip and back, and leads from one closed stage to another."""
    if source.name == target.name:
        yield Barrier(NEXT, Message("stage_there", {"stage": target.label}), target.span)
    elif source.next is not None:
        if target.name not in source.next:
            yield _barrier(NEXT, target, said=source)
    elif source.closes and target.closes:
        yield _barrier(CLOSED, source)
    elif not source.closes and target.closes != LOST:
        yield from _there_and_back(pipeline, source, target)


def _there_and_back(pipeline: Pipeline, source: Stage, target: Stage) -> Iterator[Barrier]:
    order = places(pipeline)
    for each in order[order.index(source) + 1 : order.index(target)]:
        if not each.closes and not each.skip:
            yield _barrier(SKIP, each, free=negated(each.when))
    if direction(pipeline, source, target) == "back" and not source.back:
        yield _barrier(BACK, source)


def _reopening(
    pipeline: Pipeline, source: Stage, target: Stage, roles: frozenset[str] | None
) -> Iterator[Barrier]:
    reopening = reopening_roles(pipeline, source, target)
    if reopening == ():
        yield _barrier(CLOSED, source)
    elif reopening is not None and roles is not None and roles.isdisjoint(reopening):
        yield Barrier(ROLE, Message("stage_reopen", {"stage": source.label}), pipeline.span)


def reopening_roles(pipeline: Pipeline, source: Stage, target: Stage) -> tuple[str, ...] | None:
    """Who may go that way if it is a reopening; None: whoever may update the record, as any other way."""
    if direction(pipeline, source, target) != "reopen" or pipeline.reopen is True:
        return None
    return pipeline.reopen or ()


def _barrier(code: str, stage: Stage, *, said: Stage | None = None, free: Condition = NEVER) -> Barrier:
    """About a stage; `said`: the stage whose lines say so, where it is another one."""
    return Barrier(code, Message(f"stage_{code}", {"stage": stage.label}), (said or stage).span, free)
