"""What a root field can be."""

from dataclasses import dataclass

from salesmode.model.object import Object
from salesmode.queries.nodes.analyses import Analysis
from salesmode.queries.nodes.leaves import TypeName
from salesmode.queries.nodes.records import Aggregation, HitRecord, Record, Rows
from salesmode.queries.nodes.saved import Attainment, Queue, Report
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class Point:
    """One record by its id, or null. One that is `leaving` is told as the deletion leaves it."""

    id: Leaf
    record: Record
    leaving: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Records of one object, by their `ids`."""

    ids: Leaf
    record: Record


@dataclass(frozen=True, slots=True)
class Gathered:
    """Records of several objects: a row for each, with its place among the `places`, its id and its text."""

    places: tuple[Several, ...]


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller's own record."""

    record: Record


@dataclass(frozen=True, slots=True)
class AnyPoint:
    """One record by its id, of whichever of these types, or null."""

    id: Leaf
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class HitFact:
    """`object`, `id` or `title` of what a search found."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Search:
    """Rows of `objects` in whose searchable fields the text stands, whatever its case."""

    text: Leaf
    objects: tuple[Object, ...]
    items: tuple[TypeName | HitFact | HitRecord, ...]
    size: Leaf


Root = (
    Rows
    | Point
    | Viewer
    | Gathered
    | Aggregation
    | AnyPoint
    | Search
    | Analysis
    | Queue
    | Attainment
    | Report
)
