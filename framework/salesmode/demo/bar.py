"""Shows in a terminal how far loading is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from salesmode.demo.generation import Records
from salesmode.demo.loading import Told


@contextmanager
def loading_bar(records: Sequence[Records], console: Console, locale: str) -> Iterator[Told]:
    """A bar per object while the block runs; gives what `load` wants as `told`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as progress:
        tasks = {
            each.of.name: progress.add_task(each.of.plural_label.text(locale), total=len(each.rows))
            for each in records
        }
        yield lambda each, done: progress.update(tasks[each.of.name], completed=done)
