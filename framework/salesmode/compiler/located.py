"""What the loader gives: plain data, and beside it the place of every key and value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from salesmode.diagnostics import Span

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of one layer, as written or as merged.

    `data`: dict, list, str, int, Decimal, bool, None. `keys` and `values`: path from the document → span.
    `refused`: parts that were there and wrong; they are reported, and no longer in `data`.
    """

    data: dict[str, Any]
    keys: Mapping[Path, Span]
    values: Mapping[Path, Span]
    refused: frozenset[Path] = frozenset()

    @property
    def kind(self) -> str:
        return str(self.data["kind"])

    @property
    def name(self) -> str:
        return text_of(self.data["name"])

    def place(self, path: Path = ()) -> Span:
        """Where to point for that part: its key, or the beginning of a list's item; else what is above it."""
        for end in range(len(path), -1, -1):
            found = self.keys.get(path[:end]) or self.values.get(path[:end])
            if found:
                return found
        raise AssertionError("a document has a place")

    def value_place(self, path: Path) -> Span:
        """Where the value of that part begins."""
        return self.values.get(path) or self.place(path)


@dataclass(frozen=True, slots=True)
class Tables:
    """The side tables of a document that is being put together."""

    keys: dict[Path, Span] = field(default_factory=dict)
    values: dict[Path, Span] = field(default_factory=dict)

    def note(self, source: Document, old: Path, new: Path) -> None:
        """The part `old` of `source` stands at `new` now."""
        for table, places in ((self.keys, source.keys), (self.values, source.values)):
            if old in places:
                table[new] = places[old]

    def take(self, source: Document, old: Path, new: Path, without: frozenset[Path] = frozenset()) -> Any:
        """A copy of that part of `source` with its places, leaving out the parts `without`."""
        self.note(source, old, new)
        return self._copy(part(source.data, old), source, old, new, without)

    def _copy(self, value: Any, source: Document, old: Path, new: Path, without: frozenset[Path]) -> Any:
        if isinstance(value, dict):
            copy = {}
            for key, inner in value.items():
                if (*old, key) not in without:
                    self.note(source, (*old, key), (*new, key))
                    copy[key] = self._copy(inner, source, (*old, key), (*new, key), without)
            return copy
        if isinstance(value, list):
            items: list[Any] = []
            for index, inner in enumerate(value):
                if (*old, index) not in without:
                    at = (*new, len(items))
                    self.note(source, (*old, index), at)
                    items.append(self._copy(inner, source, (*old, index), at, without))
            return items
        return value


def part(data: Any, path: Path) -> Any:
    """What stands at that path."""
    for step in path:
        data = data[step]
    return data


def text_of(value: object) -> str:
    """The source text of a scalar: `1.10` and `12` are text where text is meant (RULING 1)."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
