"""The stories of an app, checked."""

from collections.abc import Collection, Sequence

from salesmode.cli.faults import usage
from salesmode.cli.terminal import counted, say_note
from salesmode.compiler.compiled import Compiled
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.stories.telling import Telling, telling


def told(made: Compiled, names: Sequence[str] | None = None) -> Telling:
    """The stories of the app and the layers below, or those of them that are named.

    MetadataError for what is wrong with any story of the app's own.
    """
    collector = Collector()
    found = telling(made, collector)
    collector.stop_on_errors(made.sources)
    known = [*(each.name for each in found.stories), *(each.name for each in found.left_out)]
    for name in names or ():
        if name not in known:
            raise usage(f"there is no story '{name}'", hint=did_you_mean(name, known))
    return only(found, names) if names else found


def note_left_out(found: Telling) -> None:
    """How many there are, where nothing else tells of them."""
    if found.left_out:
        stories = counted(len(found.left_out), "story", "stories")
        say_note(f"{stories} of the layers below left out; `salesmode test` tells why")


def only(found: Telling, names: Collection[str]) -> Telling:
    """The stories of these names."""
    return Telling(
        tuple(each for each in found.stories if each.name in names),
        tuple(each for each in found.proofs if each.story in names),
        tuple(each for each in found.left_out if each.name in names),
    )
