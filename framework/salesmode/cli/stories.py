"""The stories of an app, checked."""

from collections.abc import Sequence

from salesmode.cli.faults import usage
from salesmode.compiler.compiled import Compiled
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.stories.reading import stories_of
from salesmode.stories.story import Story


def told(made: Compiled, names: Sequence[str] | None) -> Sequence[Story]:
    """The stories of the app, or those of them that are named. MetadataError for what is wrong with them."""
    collector = Collector()
    found = {each.name: each for each in stories_of(made.layered.documents, made.model, collector)}
    collector.stop_on_errors(made.sources)
    for name in names or ():
        if name not in found:
            raise usage(f"there is no story '{name}'", hint=did_you_mean(name, found))
    return [found[name] for name in names] if names else list(found.values())
