"""Lists whose items have names: merged by name, not by position (RULING 2)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from salesmode.compiler.located import Document, Path

NAMED = frozenset({"options", "stages", "validations", "tasks", "states", "rules", "items", "creates"})
"""Keys of such lists in the engine's kinds. A list under any other key is replaced whole."""


class Source(NamedTuple):
    """A part of a document of one layer."""

    document: Document
    value: Any
    path: Path

    def child(self, step: str | int) -> "Source":
        return Source(self.document, self.value[step], (*self.path, step))

    def marked(self, directive: str) -> bool:
        return isinstance(self.value, dict) and self.value.get(directive) is True


_NAMES_BELOW = frozenset({"fields", "groups", "objects"})
"""Keys below which stand names of the implementer's own, which mean nothing to the merging."""


class Target(NamedTuple):
    """Where a part comes to stand: `path` counts items, `said` names them."""

    path: Path = ()
    said: Path = ()

    @property
    def keyword(self) -> str:
        """The key that it stands under, if that is a word of the language."""
        own = len(self.path) > 1 and self.path[-2] in _NAMES_BELOW
        return str(self.path[-1]) if self.path and not own else ""

    def child(self, step: str) -> "Target":
        return Target((*self.path, step), (*self.said, step))

    def item(self, index: int, name: str) -> "Target":
        return Target((*self.path, index), (*self.said, name))


def item_name(value: object) -> str:
    """The name of an item (of a task its subject); a scalar is short for a mapping with that name."""
    return str(value.get("name", value.get("subject")) if isinstance(value, Mapping) else value)


def placed(names: list[str], name: str, after: object) -> bool:
    """Moves `name` behind `after`, to the front where that is None; False where there is no such name."""
    if after is not None and after not in names:
        return False
    names.remove(name)
    names.insert(0 if after is None else names.index(str(after)) + 1, name)
    return True
