"""An explanation of stages in words, line by line."""

from collections.abc import Callable, Iterator

from salesmode.access.telling import place as place_of
from salesmode.conditions.spell import spelled
from salesmode.diagnostics import Span
from salesmode.pipelines.explain import Ahead, Obstacle, StageExplanation

Places = Callable[[Span], str]


def told_stages(found: StageExplanation, places: Places = place_of, locale: str = "en") -> Iterator[str]:
    """Where the record stands, then each other place: free, or what is in the way, where that is said, and
    what would have to change.
    """
    yield f"{found.object.name} {found.id} is in {found.pipeline.name}: {found.here.name}"
    yield f"    {places(found.here.span)}"
    for each in found.ahead:
        yield from _ahead(each, places, locale)


def _ahead(ahead: Ahead, places: Places, locale: str) -> Iterator[str]:
    yield f"{'may not' if ahead.obstacles else 'may'} move to {ahead.target.name}"
    if ahead.roles is not None:
        yield f"  only by {' or '.join(ahead.roles) or 'nobody'}"
    for each in ahead.obstacles:
        yield from _obstacle(each, places, locale)


def _obstacle(obstacle: Obstacle, places: Places, locale: str) -> Iterator[str]:
    barrier = obstacle.barrier
    about = barrier.field or barrier.name
    code = barrier.code if about is None else f"{barrier.code} {about}"
    yield f"  {code}: {barrier.message.text(locale)}"
    yield f"    {places(barrier.span)}"
    if obstacle.missing:
        yield f"    it could, if {' and '.join(spelled(each) for each in obstacle.missing)}"
