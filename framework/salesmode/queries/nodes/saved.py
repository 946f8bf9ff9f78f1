"""Questions that the metadata keeps: queues, targets, reports."""

from dataclasses import dataclass

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.label import Label
from salesmode.model.queue import QueueItem
from salesmode.model.report import Report as SavedReport
from salesmode.model.target import Target
from salesmode.queries.nodes.leaves import TypeName
from salesmode.queries.nodes.pages import EdgeCursor, Page, PageInfo, Total
from salesmode.queries.nodes.records import Aggregation, HitRecord
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class QueueFact:
    """`item priority reason script due object id title` of a record in a queue."""

    key: str
    name: str


QueueEntryItem = TypeName | QueueFact | HitRecord


@dataclass(frozen=True, slots=True)
class QueueNodes:
    """`nodes` of a queue."""

    key: str
    items: tuple[QueueEntryItem, ...]


@dataclass(frozen=True, slots=True)
class QueueNode:
    """`node` of an edge of a queue."""

    key: str
    items: tuple[QueueEntryItem, ...]


@dataclass(frozen=True, slots=True)
class QueueEdges:
    """`edges` of a queue."""

    key: str
    items: tuple[TypeName | EdgeCursor | QueueNode, ...]


QueuePart = TypeName | QueueNodes | QueueEdges | PageInfo | Total


@dataclass(frozen=True, slots=True)
class Queue:
    """Records for which one of the items `asked` holds, the most pressing first; each once."""

    name: str
    asked: tuple[QueueItem, ...]
    parts: tuple[QueuePart, ...]
    page: Page


@dataclass(frozen=True, slots=True)
class AttainmentFact:
    """`startsOn quota actual attainment gap` of a holder in a period."""

    key: str
    name: str


AttainmentItem = TypeName | AttainmentFact | HitRecord


@dataclass(frozen=True, slots=True)
class Attainment:
    """A target held against its quotas, in the periods that begin between `since` and `until`. `holder`:
    whose quotas, users' or teams'.
    """

    target: Target
    holder: str
    items: tuple[AttainmentItem, ...]
    since: Leaf
    until: Leaf
    size: Leaf


@dataclass(frozen=True, slots=True)
class ReportFact:
    """`name label rows total from to` of a report, or `name label type` of a column."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """`columns` of a report."""

    key: str
    items: tuple[TypeName | ReportFact, ...]


@dataclass(frozen=True, slots=True)
class ReportSubtotals:
    """`subtotals` of a report, `dimension` and `rows`: by each dimension alone."""

    key: str
    items: tuple[TypeName | ReportFact, ...]


ReportItem = TypeName | ReportFact | ReportColumns | ReportSubtotals


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """What is said of one column."""

    name: str
    label: Label
    type: str


@dataclass(frozen=True, slots=True)
class ReportSubtotal:
    """What the rows of a report add up to by the dimension of that column."""

    name: str
    rows: Aggregation


@dataclass(frozen=True, slots=True)
class Report:
    """A saved aggregation, what it adds up to, and by each dimension; of the records that are `asked` for in
    the request, and in the period of the day `at`.
    """

    report: SavedReport
    columns: tuple[ReportColumn, ...]
    rows: Aggregation
    total: Aggregation
    subtotals: tuple[ReportSubtotal, ...]
    items: tuple[ReportItem, ...]
    asked: Condition = ALWAYS
    at: Leaf | None = None
