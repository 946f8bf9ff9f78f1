"""The stages of a pipeline and the ways between them, as a state diagram."""

from collections.abc import Iterator

from salesmode.conditions.spell import spelled
from salesmode.model.condition import ALWAYS, NEVER, Condition, both
from salesmode.model.pipeline import Pipeline, Stage
from salesmode.pipelines.places import places, starts
from salesmode.pipelines.steps import direction, order_barriers


def stage_diagram(pipeline: Pipeline, locale: str) -> Iterator[str]:
    """The lines of a `stateDiagram-v2`. Of the ways back only the shortest is drawn, and of those that reopen
    the one to the beginning.
    """
    yield from ("---", f"title: {_text(pipeline.label.text(locale))}", "---", "stateDiagram-v2")
    for each in places(pipeline):
        yield f'    state "{_named(each, locale)}" as {each.name}'
    for name in starts(pipeline):
        yield f"    [*] --> {name}"
    for source in places(pipeline):
        yield from _ways(pipeline, source)
    for each in places(pipeline):
        if each.closes:
            yield f"    {each.name} --> [*]"


def _named(stage: Stage, locale: str) -> str:
    return f"{_text(stage.label.text(locale))} ({stage.probability:f} %)"


def _ways(pipeline: Pipeline, source: Stage) -> Iterator[str]:
    for target in _targets(pipeline, source):
        free = _free(pipeline, source, target)
        way = direction(pipeline, source, target)
        if free == NEVER or source.name == target.name:
            continue
        words: list[str] = [way] if way in ("back", "reopen") else []
        words += [] if free == ALWAYS else [_text(spelled(free))]
        label = f" : {', '.join(words)}" if words else ""
        yield f"    {source.name} --> {target.name}{label}"


def _targets(pipeline: Pipeline, source: Stage) -> list[Stage]:
    every = list(places(pipeline))
    if source.closes:
        return [each for each in every if each.closes or each.name == starts(pipeline)[0]]
    at = every.index(source)
    nearest = _nearest([each for each in every[:at] if each.closes is None])
    explicit = source.next is not None
    return [each for each in every if explicit or each in nearest or each.closes or every.index(each) > at]


def _nearest(earlier: list[Stage]) -> list[Stage]:
    """Back to the last one that every record has, and to the branches behind it."""
    lasting = [at for at, each in enumerate(earlier) if each.when == ALWAYS]
    return earlier[lasting[-1] :] if lasting else earlier


def _free(pipeline: Pipeline, source: Stage, target: Stage) -> Condition:
    """When the order of stages lets a record go that way, whoever moves it."""
    return both(*(each.free for each in order_barriers(pipeline, source, target, None)))


def _text(text: str) -> str:
    """What means something to Mermaid within a label."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace(":", "#58;").replace("\n", " ")
