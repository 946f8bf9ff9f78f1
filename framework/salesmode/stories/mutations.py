"""Whether stories fail without what they prove."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from salesmode.compiler import Compiled
from salesmode.diagnostics import Collector, Diagnostic, Span
from salesmode.stories.proofs import Proof
from salesmode.stories.running import play
from salesmode.stories.telling import story_of
from salesmode.testing import Running

HOLDS, NEEDED = "SM834", "SM835"

Fate = Literal["fails", "untold", "holds", "needed"]
"""What became of a story without a part: it failed as it should; it names what is gone and cannot be told any
more; it holds all the same; or the app is wrong without the part."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A proof put to the test; `wrong` says so where it is none."""

    proof: Proof
    fate: Fate
    wrong: Diagnostic | None = None


def needed(proofs: Iterable[Proof], reason: str, *places: Span) -> list[Mutant]:
    """The proofs of a part that cannot be taken out, for that reason at these places."""
    return [
        Mutant(
            each,
            "needed",
            Diagnostic(
                NEEDED,
                f"'{each.path}' cannot be taken out: {reason}",
                each.span,
                why="what a story proves shows where the app is right without it",
                hint="name a part that nothing is built on: a rule, a right, a condition, a computed field",
                related=(each.part, *places),
            ),
        )
        for each in proofs
    ]


async def judged(proofs: Sequence[Proof], made: Compiled, app: Running) -> list[Mutant]:
    """The proofs of one part; `made` is the app without it, `app` the same, running."""
    return [await _judged(each, made, app) for each in proofs]


async def _judged(proof: Proof, made: Compiled, app: Running) -> Mutant:
    collector = Collector()
    told = {each.name: each for each in made.layered.documents if each.kind == "story"}
    story = story_of(told[proof.story], made, collector)
    if collector.failed:
        return Mutant(proof, "untold")
    if not (await play(story, app)).passed:
        return Mutant(proof, "fails")
    message = f"'{proof.story}' holds without '{proof.path}'"
    hint = "say what would be otherwise without it, or name what the story really shows"
    return Mutant(proof, "holds", Diagnostic(HOLDS, message, proof.span, hint=hint, related=(proof.part,)))
