"""`salesmode test` plays the stories of an app and says which hold."""

import asyncio
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from rich.table import Table
from rich.text import Text

from salesmode.cli.stories import told
from salesmode.cli.terminal import console, counted, say_diagnostics
from salesmode.cli.test_place import OWN, running
from salesmode.compiler import compile_app
from salesmode.diagnostics import Diagnostic
from salesmode.model.app import Model
from salesmode.stories.running import Verdict, play
from salesmode.stories.story import Story
from salesmode.stories.telling import LeftOut

_WORTH = 16
"""So many stories take longer than another process takes to begin."""


def played(folder: Path, stories: Sequence[Story], model: Model, url: str) -> list[Verdict]:
    """Each story from an empty beginning; many in as many processes as there are processors, each with a
    database of its own.
    """
    parts = min(os.cpu_count() or 1, len(stories) // _WORTH) if url == OWN else 1
    if parts < 2:
        return asyncio.run(_played(stories, model, url))
    names = [each.name for each in stories]
    with ProcessPoolExecutor(parts, get_context("spawn")) as pool:  # there are threads here
        found = dict(
            chain.from_iterable(pool.map(partial(_part, folder), (names[at::parts] for at in range(parts))))
        )
    return [Verdict(each, found[each.name]) for each in stories]


def _part(folder: Path, names: Sequence[str]) -> list[tuple[str, tuple[Diagnostic, ...]]]:
    """Runs in a process of its own."""
    made = compile_app(folder)
    return [
        (each.story.name, each.failures)
        for each in asyncio.run(_played(told(made, names).stories, made.model, OWN))
    ]


async def _played(stories: Sequence[Story], model: Model, url: str) -> list[Verdict]:
    async with running(model, url) as app:
        return [await play(each, app) for each in stories]


def say_left_out(left_out: Iterable[LeftOut]) -> None:
    """Stories of the layers below that the app does without: what they miss, and where it was taken out."""
    for each in left_out:
        console.print(f"{each.span}: '{each.name}' of '{each.layer}' is left out")
        for why in each.why:
            console.print(f"  {why.span}: {why.message}")
            for place in why.related:
                console.print(f"  see {place}")
        console.print()


def say_verdicts(
    verdicts: Sequence[Verdict], left_out: Sequence[LeftOut], sources: Mapping[str, str]
) -> None:
    """A line for each story, what failed at its place, what was left out, and the counts."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in verdicts:
        sign = Text("ok", "green") if each.passed else Text("FAILED", "bold red")
        table.add_row(sign, each.story.name, " ".join(each.story.covers))
    if verdicts:
        console.print(table)
        console.print()
    say_diagnostics(dict.fromkeys(each for verdict in verdicts for each in verdict.failures), sources)
    say_left_out(left_out)
    failed = sum(not each.passed for each in verdicts)
    passed = len(verdicts) - failed
    last = f", {len(left_out)} left out" if left_out else ""
    console.print(f"{counted(passed, 'story', 'stories')} passed, {failed} failed{last}")
