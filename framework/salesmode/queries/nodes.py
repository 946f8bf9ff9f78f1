"""The plan tree: frozen, without behaviour. Names in it are the model's, and every one came out of the
policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object
from salesmode.model.opportunity import Line
from salesmode.model.queue import QueueItem
from salesmode.model.report import Report as SavedReport
from salesmode.model.target import Target
from salesmode.queries.cursor import CursorLeaf
from salesmode.queries.pick import Leaf, Pick


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
class StageFact:
    """`name`, `label`, `probability` or `forecast` of a stage."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StageOf:
    """A stage as an object."""

    key: str
    field: str
    items: tuple[TypeName | StageFact, ...]


@dataclass(frozen=True, slots=True)
class One:
    """The record a reference points to, or null."""

    key: str
    field: str
    record: "Record"


@dataclass(frozen=True, slots=True)
class Listed:
    """The records that a list of ids points to, in its order."""

    key: str
    field: str
    record: "Record"


@dataclass(frozen=True, slots=True)
class Many:
    """A connection over the rows that point here; a `plain` one is the list of its nodes and nothing else."""

    key: str
    inverse: Inverse
    rows: "Rows"
    plain: bool = False


@dataclass(frozen=True, slots=True)
class TagLabel:
    """`label` of a tag, in the caller's language."""

    key: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that is made of the row's own fields, those that it `needs`, after the statement."""

    key: str
    number: int
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A connection over the changes of a row, newest first (RULING 41). It has no filter."""

    key: str
    parts: tuple["HistoryPart", ...]
    args: Mapping[str, Any]
    page: "Page | None" = None


@dataclass(frozen=True, slots=True)
class BlockerFact:
    """`path`, `code`, `message` or `name` of what stands in the way."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Blockers:
    """`blockedBy`: all that stands in the way of a stage."""

    key: str
    items: tuple[TypeName | BlockerFact, ...]


@dataclass(frozen=True, slots=True)
class NextFact:
    """`name`, `label` or `allowed` of a stage that may be next."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class NextStages:
    """The other stages of a record's pipeline, and whether it may move there now."""

    key: str
    items: tuple[TypeName | NextFact | Blockers, ...]


@dataclass(frozen=True, slots=True)
class OpportunityFact:
    """One value of an opportunity in a view, or of a total of them."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class OpportunityNodes:
    """`nodes` of a view of opportunities."""

    key: str
    items: tuple["OpportunityItem", ...]


@dataclass(frozen=True, slots=True)
class OpportunityNode:
    """`node` of an edge of a view."""

    key: str
    items: tuple["OpportunityItem", ...]


@dataclass(frozen=True, slots=True)
class OpportunityEdges:
    """`edges` of a view."""

    key: str
    items: tuple["TypeName | EdgeCursor | OpportunityNode", ...]


@dataclass(frozen=True, slots=True)
class OpportunityTotals:
    """`totals` of a view: an entry for each granularity."""

    key: str
    items: tuple[TypeName | OpportunityFact, ...]


@dataclass(frozen=True, slots=True)
class Opportunities:
    """A connection over the opportunities of a row in all granularities; `below`: of all rows below it too.

    `args` is what the client gave; a pass turns it into `where`, `order` and `page`.
    """

    key: str
    lines: tuple[Line, ...]
    parts: tuple["OpportunityPart", ...]
    args: Mapping[str, Any]
    below: bool = False
    where: Condition = ALWAYS
    order: tuple["OrderKey", ...] = ()
    page: "Page | None" = None


Item = (
    TypeName | Value | StageOf | NextStages | One | Listed | Many | TagLabel | Hole | History | Opportunities
)


@dataclass(frozen=True, slots=True)
class Record:
    """What is selected of one row."""

    object: Object
    items: tuple[Item, ...]


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


@dataclass(frozen=True, slots=True)
class EntryFact:
    """`at` or `operation` of a history entry."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class EntryAuthor:
    """`by` of a history entry: the user, or null."""

    key: str
    record: Record


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """`field label old new` of one changed field."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """`changes` of a history entry."""

    key: str
    items: tuple[TypeName | ChangeFact, ...]


EntryItem = TypeName | EntryFact | EntryAuthor | EntryChanges


@dataclass(frozen=True, slots=True)
class Entries:
    """`nodes` of a history."""

    key: str
    items: tuple[EntryItem, ...]


@dataclass(frozen=True, slots=True)
class EntryNode:
    """`node` of an edge of a history."""

    key: str
    items: tuple[EntryItem, ...]


@dataclass(frozen=True, slots=True)
class EntryEdges:
    """`edges` of a history."""

    key: str
    items: tuple[TypeName | EdgeCursor | EntryNode, ...]


HistoryPart = TypeName | Entries | EntryEdges | PageInfo | Total


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
class KeyRecord:
    """A group that is a reference: the record."""

    key: str
    group: int
    record: Record


@dataclass(frozen=True, slots=True)
class KeyNull:
    """A field that was not grouped by."""

    key: str


@dataclass(frozen=True, slots=True)
class KeyObject:
    """`key`, and below it the references on the way to a group's field."""

    key: str
    items: tuple["TypeName | KeyValue | KeyRecord | KeyNull | KeyObject", ...]


@dataclass(frozen=True, slots=True)
class KeyTitle:
    """A group that is a reference, as the id and the title of its record."""

    key: str
    group: int


@dataclass(frozen=True, slots=True)
class MeasureCell:
    """A measure of one field, by itself."""

    key: str
    function: str
    field: str


KeyItem = TypeName | KeyValue | KeyRecord | KeyNull | KeyObject


@dataclass(frozen=True, slots=True)
class AggregateKey:
    """One key of an aggregate's order: a group's place, or a measure (`count` has no field)."""

    group: int | None
    function: str = ""
    field: str = ""
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Measures over the rows of `where`: a list with an entry for each group, or (in a connection) one
    object.

    The Pick of `key` waits until the groups are known. Without a `size` a list has all groups, or, where
    they are too many to be told, it is NULL.
    """

    key: str
    object: Object
    items: tuple[TypeName | Count | Measure | MeasureCell | KeyObject | KeyValue | KeyTitle | Pick, ...]
    listed: bool
    args: Mapping[str, Any] = field(default_factory=dict)
    where: Condition = ALWAYS
    groups: tuple[Group, ...] = ()
    order: tuple[AggregateKey, ...] = ()
    size: Leaf | None = None


Part = TypeName | Nodes | Edges | PageInfo | Total | Aggregation


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
class HitRecord:
    """`record` of what a search found."""

    key: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """Rows of `objects` in whose searchable fields the text stands, whatever its case."""

    text: Leaf
    objects: tuple[Object, ...]
    items: tuple[TypeName | HitFact | HitRecord, ...]
    size: Leaf


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of an analysis, by its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class FunnelStages:
    """`stages` of a funnel, or `states` of one of a tag, in their order."""

    key: str
    items: tuple[TypeName | Fact, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far the records of a pipeline came (D14): of those that entered it between `since` and `until`."""

    object: Object
    pipeline: Leaf
    items: tuple[TypeName | Fact | FunnelStages, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class TagFunnel:
    """What came of a tag (D74) that was set between `since` and `until`; `where` is one of its records."""

    object: Object
    tag: Leaf
    items: tuple[TypeName | Fact | FunnelStages, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Forecast:
    """What open records are expected to bring, and won ones have brought, by the dimensions `by` (D33)."""

    object: Object
    by: tuple[str, ...]
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class WinRate:
    """How many closed records of a pipeline were won (D34): all, or by the dimension `by`."""

    object: Object
    pipeline: Leaf
    by: str | None
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of records since the snapshot `since` (D33), until another one or, where `until` is None,
    until now.
    """

    object: Object
    by: tuple[str, ...]
    items: tuple[TypeName | Fact | KeyObject, ...]
    args: Mapping[str, Any]
    since: Leaf | None = None
    until: Leaf | None = None
    where: Condition = ALWAYS


Analysis = Funnel | TagFunnel | Forecast | WinRate | Comparison

OpportunityItem = TypeName | OpportunityFact | HitRecord
OpportunityPart = TypeName | OpportunityNodes | OpportunityEdges | OpportunityTotals | PageInfo | Total


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
    """`name label rows total` of a report, or `name label type` of a column."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportColumns:
    """`columns` of a report."""

    key: str
    items: tuple[TypeName | ReportFact, ...]


ReportItem = TypeName | ReportFact | ReportColumns


@dataclass(frozen=True, slots=True)
class ReportColumn:
    """What is said of one column."""

    name: str
    label: Label
    type: str


@dataclass(frozen=True, slots=True)
class Report:
    """A saved aggregation and what it adds up to."""

    report: SavedReport
    columns: tuple[ReportColumn, ...]
    rows: Aggregation
    total: Aggregation
    items: tuple[ReportItem, ...]


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
