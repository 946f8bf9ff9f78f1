"""The stories of an app and of the layers that it stands on, each with what it proves."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from salesmode.compiler import Compiled, explain
from salesmode.compiler.layering import Layered
from salesmode.compiler.located import Document
from salesmode.compiler.removals import removed_at
from salesmode.diagnostics import Collector, Diagnostic, Span
from salesmode.model.role import ADMIN
from salesmode.stories.proofs import Proof, proofs_of
from salesmode.stories.reading import Reading
from salesmode.stories.story import Story


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A story of a layer below that tells of what the app took out. `why`: what it misses, and where that was
    taken out (`related`).
    """

    name: str
    layer: str
    span: Span
    why: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """The stories that can be played, in order, what they prove, and those that the app does without."""

    stories: tuple[Story, ...]
    proofs: tuple[Proof, ...]
    left_out: tuple[LeftOut, ...]


def telling(made: Compiled, collector: Collector) -> Telling:
    """What is wrong with the app's own stories goes to the collector; then the result is of no use.

    A layer below is right by itself: what does not fit one of its stories is the app's doing.
    """
    stories: list[Story] = []
    proofs: list[Proof] = []
    left_out: list[LeftOut] = []
    for document in (each for each in made.layered.documents if each.kind == "story"):
        found = Collector()
        story = story_of(document, made, found)
        proved = proofs_of(document, made.layered, found)
        if not found.failed:
            stories.append(replace(story, changed=_changed(proved, story, made.layered)))
            proofs += proved
        elif story.own:
            for each in found.diagnostics:
                collector.add(each)
        else:
            left_out.append(_left_out(story, found, made.layered))
    return Telling(tuple(stories), tuple(proofs), tuple(left_out))


def story_of(document: Document, made: Compiled, collector: Collector) -> Story:
    """One story, of the highest layer that says something of it; of no use when the collector has errors.

    It begins with the records that its layer and those below load, as the app has them.
    """
    layered, span = made.layered, document.value_place(("name",))
    number = layered.number(span)
    data = tuple(each for each in made.model.user_data if layered.number(each.span) <= number)
    loaded = [(each.object, str(row.get("name"))) for each in data for row in each.records]
    reading = Reading(document, made.model, collector, [("user", ADMIN), *loaded])
    given, when, then = reading.parts()
    return Story(
        name=document.name,
        layer=layered.layers[number],
        own=number == layered.top,
        span=span,
        covers=tuple(document.data.get("covers", ())),
        data=data,
        given=given,
        when=when,
        then=then,
    )


def _changed(proofs: Iterable[Proof], story: Story, layered: Layered) -> tuple[Span, ...]:
    """Where layers above the story's say otherwise what it proves; of each proof the first place."""
    number = layered.number(story.span)
    places = ([part.span for part in explain(layered, each.path)] for each in proofs)
    above = ([span for span in each if layered.number(span) > number] for each in places)
    return tuple(dict.fromkeys(each[0] for each in above if each))


def _left_out(story: Story, found: Collector, layered: Layered) -> LeftOut:
    why = (
        replace(each, related=each.related or removed_at(each, layered.removed)) for each in found.diagnostics
    )
    return LeftOut(story.name, story.layer, story.span, tuple(why))
