"""Which requirement is shown by which story, and which part of the metadata decides it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from salesmode.stories.proofs import Proof
from salesmode.stories.story import Story


@dataclass(frozen=True, slots=True)
class Shown:
    """A requirement, a story that covers it, and what the story proves."""

    requirement: str
    story: Story
    proofs: tuple[Proof, ...]


def coverage(stories: Iterable[Story], proofs: Sequence[Proof]) -> list[Shown]:
    """A row for each requirement and story, in the order of the stories."""
    return [
        Shown(requirement, story, tuple(each for each in proofs if each.story == story.name))
        for story in stories
        for requirement in story.covers
    ]
