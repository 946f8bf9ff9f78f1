"""What the loader gives: plain data, and beside it the place of every key and value."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from salesmode.diagnostics import Span

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One document of one layer, as written or as merged.

    `data`: dict, list, str, int, Decimal, bool, None. `keys` and `values`: path from the document → span.
    """

    data: dict[str, Any]
    keys: Mapping[Path, Span]
    values: Mapping[Path, Span]

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


def text_of(value: object) -> str:
    """The source text of a scalar: `1.10` and `12` are text where text is meant (RULING 1)."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
