"""The plan tree: frozen, without behaviour. Names in it are the model's, and every one came out of the policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Inverse, Object
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class TypeName:
    """`__typename`."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A field of the record itself."""

    key: str
    field: str


@dataclass(frozen=True, slots=True)
class One:
    """The record a reference points to, or null."""

    key: str
    field: str
    record: "Record"


@dataclass(frozen=True, slots=True)
class Many:
    """A connection over the rows that point here."""

    key: str
    inverse: Inverse
    rows: "Rows"


@dataclass(frozen=True, slots=True)
class Record:
    """What is selected of one row."""

    object: Object
    items: tuple[TypeName | Value | One | Many, ...]


@dataclass(frozen=True, slots=True)
class Nodes:
    """`nodes` of a connection."""

    key: str
    record: Record


@dataclass(frozen=True, slots=True)
class EdgeCursor:
    key: str


@dataclass(frozen=True, slots=True)
class EdgeNode:
    key: str
    record: Record


@dataclass(frozen=True, slots=True)
class Edges:
    """`edges` of a connection."""

    key: str
    items: tuple[TypeName | EdgeCursor | EdgeNode, ...]


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


Part = TypeName | Nodes | Edges | PageInfo | Total


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


@dataclass(frozen=True, slots=True)
class Rows:
    """A connection. `args` is what the client gave; the passes turn it into `where`, `order` and `page`."""

    object: Object
    parts: tuple[Part, ...]
    args: Mapping[str, Any] = field(default_factory=dict)
    where: Condition = ALWAYS
    order: tuple[OrderKey, ...] = ()
    page: Page | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One record by its id, or null."""

    id: Leaf
    record: Record


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller's own record."""

    record: Record


Root = Rows | Point | Viewer
