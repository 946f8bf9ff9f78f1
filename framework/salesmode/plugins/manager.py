"""All plugins of an app, by the names that it lists; made once for each list."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count

from salesmode.plugins.brought import Collection
from salesmode.plugins.faults import PluginFault
from salesmode.plugins.implementations import Implementation, implementations
from salesmode.plugins.sources import Source, chosen, sources
from salesmode.plugins.verified import HOOKS, verified

_provided: dict[str, Source] = {}
_numbers = count(1)


class Plugins:
    """The plugins that work, of those that are named; `faults` says why the others do not.

    An app whose plugins have faults does not compile, so whoever has a Model need not look at them.
    """

    def __init__(self, names: tuple[str, ...], known: dict[str, tuple[Source, ...]]) -> None:
        found = [(name, chosen(name, known)) for name in dict.fromkeys(names)]
        self.sources = {name: each for name, each in found if isinstance(each, Source)}
        loaded = {name: verified(each) for name, each in self.sources.items()}
        working = {name: each for name, each in loaded.items() if not isinstance(each, PluginFault)}
        self._hooks = implementations(working)
        collection = Collection(self._hooks)
        self.brought = collection.brought()
        absent = [each for _, each in found if isinstance(each, PluginFault)]
        broken = [each for each in loaded.values() if isinstance(each, PluginFault)]
        self.faults: tuple[PluginFault, ...] = (*absent, *broken, *collection.faults)
        self.names = tuple(working)

    def calls(self, hook: str) -> tuple[Implementation, ...]:
        """Who implements the hook, in the order in which they are asked."""
        return self._hooks[hook]

    def hooks_of(self, name: str) -> tuple[str, ...]:
        """The hooks that one plugin implements."""
        return tuple(hook for hook in HOOKS if any(each.plugin == name for each in self._hooks[hook]))

    @property
    def stamp(self) -> tuple[str, ...]:
        """Which plugins these are, and in which versions."""
        return tuple(self.sources[name].stamp for name in self.names)


@cache
def plugins_of(names: tuple[str, ...]) -> Plugins:
    """The plugins of these names, in this order."""
    return Plugins(names, dict(sources(_provided)) if names else {})


def available() -> tuple[str, ...]:
    """The names of all plugins that could be switched on."""
    return tuple(sources(_provided))


def stand_ins() -> tuple[str, ...]:
    """Which plugins `provided` gives now; no two of its calls give the same."""
    return tuple(each.stamp for each in _provided.values())


@contextmanager
def provided(**plugins: object) -> Iterator[None]:
    """Meanwhile these names are these plugins, in the whole process; for tests."""
    before = dict(_provided)
    for name, plugin in plugins.items():
        _provided[name] = Source(name, "this process", str(next(_numbers)), None, plugin)
    plugins_of.cache_clear()
    try:
        yield
    finally:
        _provided.clear()
        _provided.update(before)
        plugins_of.cache_clear()
