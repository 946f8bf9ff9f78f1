"""`salesmode test --coverage`: requirement → part of the metadata → story, each with its place."""

import re

from rich.table import Table

from salesmode.cli.stories import note_left_out
from salesmode.cli.terminal import console
from salesmode.stories.coverage import coverage
from salesmode.stories.telling import Telling


def say_coverage(told: Telling) -> None:
    """A line for each requirement, story and part, in the order of the requirements."""
    table = Table(box=None, pad_edge=False)
    for name in ("requirement", "story", "at", "proves", "part at"):
        table.add_column(name)
    for row in sorted(coverage(told.stories, told.proofs), key=lambda each: natural(each.requirement)):
        story = (row.requirement, row.story.name, str(row.story.span))
        for path, part in [(each.path, str(each.part)) for each in row.proofs] or [("", "")]:
            table.add_row(*story, path, part)
    console.print(table)
    note_left_out(told)


def natural(name: str) -> list[tuple[int, str]]:
    """`D9` before `D9a` before `D10`."""
    return [(int(number or 0), letters) for number, letters in re.findall(r"(\d+)|(\D+)", name)]
