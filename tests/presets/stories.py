"""The stories of the shipped presets, each in the first preset that tells it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from salesmode.diagnostics import Collector, Span
from salesmode.stories.proofs import Proof
from salesmode.stories.story import Story
from salesmode.stories.telling import telling
from tests.presets.compiled import PRESETS, compiled


@dataclass(frozen=True)
class Told:
    """A preset, its stories that none before it tells, and what they prove."""

    preset: str
    stories: tuple[Story, ...]
    proofs: tuple[Proof, ...]


def place(span: Span) -> str:
    """In the folder of the presets; a preset that is compiled alone is named by its whole path."""
    return str(span).rpartition("presets/")[2]


@cache
def told() -> Mapping[str, Told]:
    """By preset, from the bottom up."""
    return {each.preset: each for each in _told()}


def _told() -> Iterator[Told]:
    known: set[str] = set()
    for preset in PRESETS:
        made, collector = compiled(preset), Collector()
        found = telling(made, collector)
        collector.stop_on_errors(made.sources)
        own = tuple(each for each in found.stories if place(each.span) not in known)
        known |= {place(each.span) for each in own}
        names = {each.name for each in own}
        yield Told(preset, own, tuple(each for each in found.proofs if each.story in names))
