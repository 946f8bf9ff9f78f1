"""All layers in one, with the origin of every part."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesmode.compiler.located import Document, Path
from salesmode.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Overridden:
    """A value of a lower layer that a higher one replaced or removed."""

    value: object
    span: Span


@dataclass(frozen=True, slots=True)
class Layered:
    """The merged documents. `layers`: their names, the lowest first; `files`: file → number of its layer.

    `overridden`: kind and name of a document → path in the merged document → lower values, the lowest first.
    `removed`: what `$remove` took away: its name → where that is said.
    """

    documents: tuple[Document, ...]
    layers: tuple[str, ...]
    files: Mapping[str, int]
    overridden: Mapping[tuple[str, str], Mapping[Path, tuple[Overridden, ...]]]
    removed: Mapping[str, tuple[Span, ...]]

    @property
    def top(self) -> int:
        """The number of the app's own layer."""
        return len(self.layers) - 1

    def number(self, span: Span) -> int:
        """The number of the layer that says it; what plugins add to documents stands as low as core."""
        return self.files.get(span.file, 0)

    def layer(self, span: Span) -> str:
        """The name of that layer; nothing for what plugins add."""
        return self.layers[self.files[span.file]] if span.file in self.files else ""
