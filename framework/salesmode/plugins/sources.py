"""Where plugins come from: entry points of installed distributions, and what a test provides."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, EntryPoint, entry_points

from salesmode.diagnostics import did_you_mean
from salesmode.hookspecs import PROJECT
from salesmode.plugins.faults import NOT_INSTALLED, NOT_LOADED, PluginFault


@dataclass(frozen=True, slots=True)
class Source:
    """One plugin that could be switched on.

    `stamp` changes with the plugin's code as far as that can be known.
    """

    name: str
    distribution: str
    version: str
    entry: EntryPoint | None
    provided: object = None

    @property
    def stamp(self) -> str:
        return f"{self.name} {self.distribution} {self.version}"

    def load(self) -> object:
        """The plugin itself. Raises whatever its import raises."""
        return self.provided if self.entry is None else self.entry.load()


def installed() -> Mapping[str, tuple[Source, ...]]:
    """The plugins of installed distributions by name; more than one of a name is a mistake of whoever
    installed them.
    """
    found: dict[str, tuple[Source, ...]] = {}
    for entry in entry_points(group=PROJECT):
        known = found.get(entry.name, ())
        found[entry.name] = (*known, _source(entry, entry.dist))
    return dict(sorted(found.items()))


def sources(provided: Mapping[str, Source]) -> Mapping[str, tuple[Source, ...]]:
    """All plugins by name; what is provided goes before what is installed."""
    return {**installed(), **{name: (source,) for name, source in provided.items()}}


def chosen(name: str, known: Mapping[str, tuple[Source, ...]]) -> Source | PluginFault:
    """The one plugin of that name."""
    match known.get(name, ()):
        case ():
            hint = did_you_mean(name, known) or _what_there_is(known)
            return PluginFault(name, NOT_INSTALLED, f"there is no plugin '{name}'", hint=hint)
        case (source,):
            return source
        case several:
            from_ = " and ".join(each.distribution for each in several)
            message = f"the plugin '{name}' is installed twice"
            return PluginFault(name, NOT_LOADED, message, f"it comes from {from_}", "uninstall one of them")


def _what_there_is(known: Mapping[str, tuple[Source, ...]]) -> str:
    return f"installed: {', '.join(known)}" if known else "install the package that brings it"


def _source(entry: EntryPoint, distribution: Distribution | None) -> Source:
    if distribution is None:
        return Source(entry.name, entry.module, "", entry)
    return Source(entry.name, distribution.metadata["Name"], distribution.version, entry)
