"""`salesmode test` plays the stories of an app and says which hold."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from salesmode.cli.terminal import console, counted, say_diagnostics
from salesmode.cli.test_place import running
from salesmode.model.app import Model
from salesmode.stories.running import Verdict, play
from salesmode.stories.story import Story


async def played(stories: Sequence[Story], model: Model, url: str) -> list[Verdict]:
    """Each story from an empty beginning."""
    async with running(model, url) as app:
        return [await play(each, app) for each in stories]


def say_verdicts(verdicts: Sequence[Verdict], sources: Mapping[str, str]) -> None:
    """A line for each story, what failed at its place, and the count."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for each in verdicts:
        sign = Text("ok", "green") if each.passed else Text("FAILED", "bold red")
        table.add_row(sign, each.story.name, " ".join(each.story.covers))
    console.print(table)
    console.print()
    say_diagnostics([each for verdict in verdicts for each in verdict.failures], sources)
    failed = sum(not each.passed for each in verdicts)
    passed = len(verdicts) - failed
    console.print(f"{counted(passed, 'story', 'stories')} passed, {failed} failed")
