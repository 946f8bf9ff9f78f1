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
    """The merged documents. `layers`: file → layer.

    `overridden`: kind and name of a document → path in the merged document → lower values, the lowest first.
    `removed`: what `$remove` took away: its name → where that is said.
    """

    documents: tuple[Document, ...]
    layers: Mapping[str, str]
    overridden: Mapping[tuple[str, str], Mapping[Path, tuple[Overridden, ...]]]
    removed: Mapping[str, tuple[Span, ...]]
