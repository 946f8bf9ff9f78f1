"""What rows are grouped by, and what is measured of a group."""

from dataclasses import dataclass

from salesmode.model.report import Period
from salesmode.model.target import Target
from salesmode.queries.nodes.leaves import TypeName
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class Group:
    """One key of a grouping: `field` at the end of a path of references, in buckets `by` HOUR … YEAR."""

    path: tuple[str, ...]
    field: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows; `former`: in the period before."""

    key: str
    former: bool = False


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
    """A measure of one field, by itself; `former`: in the period before."""

    key: str
    function: str
    field: str
    former: bool = False


@dataclass(frozen=True, slots=True)
class ReachedCell:
    """`target attainment gap` of a group: what quotas ask for beside what is measured."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What an aggregation is compared with: with the period before the one of the day `at`, and with the
    quotas of `target`.
    """

    period: Period | None
    at: Leaf | None
    target: Target | None


@dataclass(frozen=True, slots=True)
class AggregateKey:
    """One key of an aggregate's order: a group's place, or a measure (`count` has no field)."""

    group: int | None
    function: str = ""
    field: str = ""
    descending: bool = False
