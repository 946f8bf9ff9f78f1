"""What rows are grouped by, and what is measured of a group."""

from dataclasses import dataclass

from salesmode.queries.nodes.leaves import TypeName


@dataclass(frozen=True, slots=True)
class Group:
    """One key of a grouping: `field` at the end of a path of references, in buckets `by` HOUR … YEAR."""

    path: tuple[str, ...]
    field: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    key: str


@dataclass(frozen=True, slots=True)
class Measured:
    """One field under a measure."""

    key: str
    field: str


@dataclass(frozen=True, slots=True)
class Measure:
    """`sum avg min max countDistinct` of some fields."""

    key: str
    function: str
    items: tuple[TypeName | Measured, ...]


@dataclass(frozen=True, slots=True)
class KeyValue:
    """A group's value; `group` is its place among the groups."""

    key: str
    group: int


@dataclass(frozen=True, slots=True)
class KeyNull:
    """A field that was not grouped by."""

    key: str


@dataclass(frozen=True, slots=True)
class MeasureCell:
    """A measure of one field, by itself."""

    key: str
    function: str
    field: str


@dataclass(frozen=True, slots=True)
class AggregateKey:
    """One key of an aggregate's order: a group's place, or a measure (`count` has no field)."""

    group: int | None
    function: str = ""
    field: str = ""
    descending: bool = False
