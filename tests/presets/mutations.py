"""Takes out what the stories of the presets prove, each in the preset that tells it.

`python -m tests.presets.mutations`; ends with 1 where a story holds all the same.
"""

import sys

from salesmode.cli.test_mutations import mutated as of_app, say_mutants
from salesmode.resources import presets_dir
from salesmode.stories.mutations import Mutant
from tests.presets.compiled import compiled
from tests.presets.stories import told


def mutated(preset: str) -> list[Mutant]:
    """Every part that the preset's own stories prove, taken out."""
    return of_app(presets_dir() / preset, told()[preset].proofs)


def main() -> int:
    wrong = 0
    for preset, of in told().items():
        print(preset, flush=True)
        mutants = mutated(preset)
        say_mutants(mutants, of.stories, compiled(preset).sources)
        wrong += sum(each.wrong is not None for each in mutants)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
