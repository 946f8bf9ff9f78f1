"""Records and all that is found below them: connections, history, opportunities, aggregations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.object import Inverse, Object
from salesmode.model.opportunity import Line
from salesmode.queries.nodes.groups import (
    AggregateKey,
    Compared,
    Count,
    Group,
    KeyNull,
    KeyValue,
    Measure,
    MeasureCell,
    ReachedCell,
)
from salesmode.queries.nodes.leaves import Hole, NextStages, StageOf, TagLabel, TypeName, Value
from salesmode.queries.nodes.pages import EdgeCursor, OrderKey, Page, PageInfo, Total
from salesmode.queries.pick import Leaf, Pick


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
class History:
    """A connection over the changes of a row, newest first (RULING 41). It has no filter."""

    key: str
    parts: tuple["HistoryPart", ...]
    args: Mapping[str, Any]
    page: "Page | None" = None


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
class EdgeNode:
    key: str
    record: Record


@dataclass(frozen=True, slots=True)
class Edges:
    """`edges` of a connection."""

    key: str
    items: tuple[TypeName | EdgeCursor | EdgeNode, ...]


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
class KeyRecord:
    """A group that is a reference: the record."""

    key: str
    group: int
    record: Record


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


KeyItem = TypeName | KeyValue | KeyRecord | KeyNull | KeyObject


AggregateItem = (
    TypeName | Count | Measure | MeasureCell | ReachedCell | KeyObject | KeyValue | KeyTitle | Pick
)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Measures over the rows of `where`: a list with an entry for each group, or (in a connection) one
    object.

    The Pick of `key` waits until the groups are known. Without a `size` a list has all groups, or, where
    they are too many to be told, it is NULL. `compared`: with what else its measures are told.
    """

    key: str
    object: Object
    items: tuple[AggregateItem, ...]
    listed: bool
    args: Mapping[str, Any] = field(default_factory=dict)
    where: Condition = ALWAYS
    groups: tuple[Group, ...] = ()
    order: tuple[AggregateKey, ...] = ()
    size: Leaf | None = None
    compared: Compared | None = None


Part = TypeName | Nodes | Edges | PageInfo | Total | Aggregation


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
class HitRecord:
    """`record` of what a search found."""

    key: str
    records: tuple[Record, ...]


OpportunityItem = TypeName | OpportunityFact | HitRecord
OpportunityPart = TypeName | OpportunityNodes | OpportunityEdges | OpportunityTotals | PageInfo | Total
