"""What every connection has: an order, a page, cursors and a count."""

from dataclasses import dataclass

from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.nodes.leaves import TypeName
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class EdgeCursor:
    key: str


@dataclass(frozen=True, slots=True)
class PageFact:
    """One of `hasNextPage hasPreviousPage startCursor endCursor`."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class PageInfo:
    key: str
    items: tuple[TypeName | PageFact, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """`totalCount`."""

    key: str


@dataclass(frozen=True, slots=True)
class OrderKey:
    """One key of an order: `field` at the end of a path of references."""

    path: tuple[str, ...]
    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of the order: `size` from the start, or from the end when `backward`."""

    size: Leaf
    backward: bool = False
    offset: Leaf | None = None
    cursor: CursorLeaf | None = None
