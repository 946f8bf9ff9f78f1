"""`salesmode test` plays the stories of an app and says which hold."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from salesmode.cli.faults import usage
from salesmode.cli.terminal import console, counted, say_diagnostics
from salesmode.cli.test_place import running
from salesmode.compiler import Compiled
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.model.app import Model
from salesmode.stories import Story, Verdict, play, stories_of


def told(made: Compiled, names: Sequence[str] | None) -> Sequence[Story]:
    """The stories of the app, or those of them that are named. MetadataError for what is wrong with them."""
    collector = Collector()
    found = {each.name: each for each in stories_of(made.layered.documents, made.model, collector)}
    collector.stop_on_errors(made.sources)
    for name in names or ():
        if name not in found:
            raise usage(f"there is no story '{name}'", hint=did_you_mean(name, found))
    return [found[name] for name in names] if names else list(found.values())


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
