"""`salesmode test --mutations` takes out what stories prove, part by part: each has to fail then."""

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from salesmode.cli.terminal import console, counted, say_diagnostics
from salesmode.cli.test_place import OWN, running
from salesmode.compiler import Compiled, compile_app
from salesmode.compiler.provenance import UnknownPath
from salesmode.diagnostics import MetadataError
from salesmode.stories.mutations import Mutant, judged, needed
from salesmode.stories.proofs import Proof
from salesmode.stories.story import Story


def mutated(folder: Path, proofs: Sequence[Proof]) -> list[Mutant]:
    """Every proof put to the test: as many parts at once as there are processors, each on its own SQLite."""
    by_part: dict[str, list[Proof]] = {}
    for each in proofs:
        by_part.setdefault(each.path, []).append(each)
    most = min(os.cpu_count() or 1, len(by_part) or 1)
    with ProcessPoolExecutor(most, get_context("spawn")) as pool:  # there are threads here
        return [*chain.from_iterable(pool.map(partial(_of_part, folder), by_part.values()))]


def _of_part(folder: Path, proofs: Sequence[Proof]) -> list[Mutant]:
    """Runs in a process of its own."""
    try:
        made = compile_app(folder, without=proofs[0].path)
    except MetadataError as error:
        first = next(each for each in error.diagnostics if each.severity == "error")
        return needed(proofs, first.message, first.span)
    except UnknownPath:
        return needed(proofs, "a plugin brings it")
    return asyncio.run(_played(proofs, made))


async def _played(proofs: Sequence[Proof], made: Compiled) -> list[Mutant]:
    async with running(made.model, OWN) as app:
        return await judged(proofs, made, app)


def say_mutants(mutants: Sequence[Mutant], stories: Sequence[Story], sources: Mapping[str, str]) -> None:
    """What is wrong at its place, stories that prove nothing, and the counts."""
    say_diagnostics([each.wrong for each in mutants if each.wrong], sources)
    proving = {each.proof.story for each in mutants}
    for each in stories:
        if each.name not in proving:
            console.print(f"{each.span}: '{each.name}' does not say what it proves")
    console.print(", ".join(_counts(mutants)))


def _counts(mutants: Sequence[Mutant]) -> Iterator[str]:
    fates = [each.fate for each in mutants]
    yield counted(len({each.proof.path for each in mutants}), "part") + " taken out"
    yield f"{counted(fates.count('fails'), 'story', 'stories')} failed as they should"
    yield f"{fates.count('untold')} could not be told any more"
    yield f"{fates.count('holds')} held all the same"
    yield f"{fates.count('needed')} not tried"
