"""The stories of an app, checked."""

from collections.abc import Sequence

from salesmode.cli.faults import usage
from salesmode.compiler.compiled import Compiled
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.stories.proofs import Proof, proofs_of
from salesmode.stories.reading import stories_of
from salesmode.stories.story import Story


def told(made: Compiled, names: Sequence[str] | None) -> tuple[Sequence[Story], Sequence[Proof]]:
    """The stories of the app, or those of them that are named, and what they prove.

    MetadataError for what is wrong with any story of the app.
    """
    collector = Collector()
    documents = made.layered.documents
    found = {each.name: each for each in stories_of(documents, made.model, collector)}
    proofs = proofs_of(documents, collector)
    collector.stop_on_errors(made.sources)
    for name in names or ():
        if name not in found:
            raise usage(f"there is no story '{name}'", hint=did_you_mean(name, found))
    wanted = [found[name] for name in names or found]
    return wanted, [each for each in proofs if each.story in (names or found)]
