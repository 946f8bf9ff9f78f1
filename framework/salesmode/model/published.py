"""Every name that the GraphQL schema has: the built-in ones, and those derived from metadata (RULINGS 3, 4,
31, 52).

The analyzer looks for clashes among them; the schema of a policy is built by them. Names differ by policy
only in whether they are there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from salesmode.model.field import Field
from salesmode.model.grant import GRANT
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE
from salesmode.model.tag import TAGS

SCALARS = ("String", "Int", "Float", "Boolean", "ID", "Decimal", "BigInt", "Date", "DateTime", "JSON")

FILTERS = tuple(f"{each}Filter" for each in (*SCALARS, "StringList", "IDList"))

BUILT_IN_TYPES = frozenset(
    {
        *SCALARS,
        *FILTERS,
        *("Query", "Mutation", "Subscription", "Node", "PageInfo", "SortDirection", "DateBucket"),
        *("Metadata", "MetadataApp", "MetadataObject", "MetadataField", "MetadataOption", "MetadataRights"),
        *(
            "MetadataPipeline",
            "MetadataStage",
            "MetadataRequirement",
            "MetadataTag",
            "MetadataTagState",
            "MetadataTagField",
            "MetadataListView",
            "MetadataQueue",
            "MetadataQueueItem",
            "MetadataTarget",
            "MetadataReport",
            "MetadataPluginField",
            "MetadataAction",
            "MetadataArgument",
            "MetadataPanel",
            "MetadataColumn",
            "Report",
            "ReportColumn",
            "ReportName",
            "ReportWhere",
            "ReportSubtotal",
            "TargetName",
            "QuotaHolder",
            "Attainment",
            "QueueName",
            "WorkQueueConnection",
            "WorkQueueEdge",
            "WorkQueueEntry",
            "ObjectName",
            "Right",
            "SearchHit",
            "TransferPayload",
            "Transferred",
        ),
        *("HistoryConnection", "HistoryEdge", "HistoryEntry", "HistoryChange", "ChangeOperation"),
        *(
            "Stage",
            "ForecastCategory",
            "SnapshotGroup",
            "NextStage",
            "Blocker",
            "Status",
        ),
        *(
            "Tag",
            "OpportunityView",
            "OpportunityViewConnection",
            "OpportunityViewEdge",
            "OpportunityViewRecord",
            "OpportunityViewTotal",
            "OpportunityViewWhere",
            "OpportunityViewOrderBy",
            "OpportunityViewGranularity",
            "OpportunityViewGranularityFilter",
            "OpportunityViewStatus",
            "OpportunityViewStatusFilter",
        ),
        *("AccessExplanation", "AccessDecision", "AccessRule", "AccessCondition", "AccessChange"),
        *("StageExplanation", "StageAhead", "StageObstacle"),
        "AccessOutcome",
    }
)

BUILT_IN_QUERIES = frozenset(
    {
        "search",
        "viewer",
        "metadata",
        "node",
        "workQueue",
        "attainment",
        "report",
        "explainAccess",
        "explainStage",
    }
)
BUILT_IN_MUTATIONS = frozenset({"transferOwnership"})

RECORD_NAMES = frozenset(
    ["id", "version", "history", "tags", "grants", "key", "count", "default", "groups", "opportunityView"]
)
"""What no field of an object may be called."""

_BY_SINGULAR: Mapping[str, str] = {
    "record": "",
    "connection": "Connection",
    "edge": "Edge",
    "aggregate": "Aggregate",
    "aggregate_key": "AggregateKey",
    "aggregate_sum": "AggregateSum",
    "aggregate_avg": "AggregateAvg",
    "aggregate_min": "AggregateMin",
    "aggregate_max": "AggregateMax",
    "aggregate_count_distinct": "AggregateCountDistinct",
    "where": "Where",
    "reference_where": "ReferenceWhere",
    "list_where": "ListWhere",
    "order_by": "OrderBy",
    "group_by": "GroupBy",
    "field": "Field",
    "masked_field": "MaskedField",
    "list_view": "ListView",
    "aggregate_order_by": "AggregateOrderBy",
    "aggregate_key_order_by": "AggregateKeyOrderBy",
    "aggregate_sum_order_by": "AggregateSumOrderBy",
    "aggregate_min_order_by": "AggregateMinOrderBy",
    "aggregate_count_distinct_order_by": "AggregateCountDistinctOrderBy",
    "create": "Create",
    "list_create": "ListCreate",
    "update": "Update",
    "payload": "Payload",
    "change": "Change",
}


_OF_PIPELINES: Mapping[str, str] = {
    "funnel_type": "Funnel",
    "funnel_stage": "FunnelStage",
    "forecast_type": "Forecast",
    "forecast_key": "ForecastKey",
    "forecast_by": "ForecastBy",
    "win_rate_type": "WinRate",
    "win_rate_key": "WinRateKey",
    "win_rate_by": "WinRateBy",
    "comparison_type": "SnapshotComparison",
    "comparison_key": "SnapshotComparisonKey",
    "comparison_by": "SnapshotComparisonBy",
}
ANALYSES: Mapping[str, str] = {
    "funnel": "Funnel",
    "forecast": "Forecast",
    "win_rate": "WinRate",
    "snapshot_comparison": "SnapshotComparison",
}
"""Root fields of objects with pipelines, by what they are."""
TAG_FUNNEL = "tag_funnel"
_OF_TAGS: Mapping[str, str] = {
    "tag": "Tag",
    "tags_where": "TagsWhere",
    "tag_funnel_type": "TagFunnel",
    "tag_funnel_state": "TagFunnelState",
}


@dataclass(frozen=True, slots=True)
class Derived:
    """Where a name comes from: `kind` says which of the names that an object (or one of its fields) brings
    along.
    """

    kind: str
    object: str
    field: str | None = None


def types_of(object_: Object) -> list[tuple[str, Derived]]:
    """The type names that one object brings along; a name twice is a clash within the object."""
    name = pascal(object_.name)
    found = [(name + suffix, Derived(kind, object_.name)) for kind, suffix in _BY_SINGULAR.items()]
    found.append((f"{pascal(object_.plural)}Payload", Derived("records_payload", object_.name)))
    for field in object_.fields.values():
        if field.options and not field.open_options:
            choice = choice_type(object_, field)
            found.append((choice, Derived("choice", object_.name, field.name)))
            found.append((f"{choice}Filter", Derived("choice_filter", object_.name, field.name)))
    if _has_pipelines(object_):
        found += [(name + suffix, Derived(kind, object_.name)) for kind, suffix in _OF_PIPELINES.items()]
    if TAGS in object_.inverses:
        found += [(name + suffix, Derived(kind, object_.name)) for kind, suffix in _OF_TAGS.items()]
    return found


def _has_pipelines(object_: Object) -> bool:
    return PIPELINE in object_.fields and object_.fields[PIPELINE].kept


def choice_type(object_: Object, field: Field) -> str:
    """The enum of a choice; the one of the engine's grants has a name of its own."""
    of_engine = (object_.name, field.name) == (GRANT, "right")
    return "Right" if of_engine else pascal(object_.name) + pascal(field.name)


def queries_of(object_: Object) -> list[tuple[str, Derived]]:
    """The fields of `Query` that one object brings along."""
    name = camel(object_.name)
    found = [
        (name, Derived("point", object_.name)),
        (camel(object_.plural), Derived("list", object_.name)),
        (f"{name}Aggregate", Derived("aggregate", object_.name)),
    ]
    if _has_pipelines(object_):
        found += [(name + suffix, Derived(kind, object_.name)) for kind, suffix in ANALYSES.items()]
    if TAGS in object_.inverses:
        found.append((f"{name}TagFunnel", Derived(TAG_FUNNEL, object_.name)))
    return found


def mutations_of(object_: Object) -> list[tuple[str, Derived]]:
    """The fields of `Mutation` that one object brings along."""
    one, many = pascal(object_.name), pascal(object_.plural)
    names = {
        "create": f"create{one}",
        "create_many": f"create{many}",
        "update": f"update{one}",
        "update_many": f"update{many}",
        "upsert": f"upsert{many}",
        "delete": f"delete{one}",
        "restore": f"restore{one}",
        "move": f"move{one}",
        "tag": f"tag{one}",
        "untag": f"untag{one}",
        "promote_tag": f"promote{one}Tag",
        "grant": f"grant{one}",
        "revoke": f"revoke{one}",
        "unmask": f"unmask{one}",
    }
    if _has_pipelines(object_):
        names["take_snapshot"] = f"take{one}Snapshot"
    return [(spelled, Derived(kind, object_.name)) for kind, spelled in names.items()]


def subscriptions_of(object_: Object) -> list[tuple[str, Derived]]:
    """The fields of `Subscription` that one object brings along."""
    return [(f"{camel(object_.name)}Changed", Derived("changed", object_.name))]


@dataclass(frozen=True, slots=True)
class Published:
    """Every derived name of a model whose names do not clash."""

    types: Mapping[str, Derived]
    queries: Mapping[str, Derived]
    mutations: Mapping[str, Derived]
    subscriptions: Mapping[str, Derived]


def published(objects: Iterable[Object]) -> Published:
    """The names that these objects bring along."""
    types: dict[str, Derived] = {}
    queries: dict[str, Derived] = {}
    mutations: dict[str, Derived] = {}
    subscriptions: dict[str, Derived] = {}
    for each in objects:
        types.update(types_of(each))
        queries.update(queries_of(each))
        mutations.update(mutations_of(each))
        subscriptions.update(subscriptions_of(each))
    return Published(types, queries, mutations, subscriptions)
