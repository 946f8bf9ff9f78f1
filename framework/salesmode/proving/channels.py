"""The registry: every way by which a field's value can reach or influence an answer, or be written.

A channel is a name, its prober, and the spots of the schema that it claims. A test walks the schema and the
operators of all types and fails at a spot that no channel claims: there is no way in without its prober.
"""

from dataclasses import dataclass

from salesmode.proving import (
    analyses,
    moving,
    naming,
    opportunities,
    plugged,
    reading,
    saved,
    snapshots,
    tagging,
    taking,
    writing,
)
from salesmode.proving.naming import Prober


@dataclass(frozen=True, slots=True)
class Channel:
    """One way. `claims`: spots as `KIND.MEMBER`, KIND as in `model.published`; `*` stands for any field."""

    name: str
    probe: Prober
    claims: frozenset[str]


def _channel(name: str, probe: Prober, claims: str) -> Channel:
    return Channel(name, probe, frozenset(claims.split()))


_PAGE = "list.first list.after list.last list.before list.offset"
_PAGE_INFO = "page_info.hasNextPage page_info.hasPreviousPage page_info.startCursor page_info.endCursor"
_HISTORY = "history.first history.after history.last history.before history.offset"
_ONE_PAYLOAD = "payload.id payload.record"

CHANNELS: tuple[Channel, ...] = (
    _channel(
        "select", reading.select, "query.list list.first connection.nodes record.* type.choice type.Stage"
    ),
    _channel("edges", reading.edges, "list.last connection.edges edge.node edge.cursor connection.pageInfo"),
    _channel("point", reading.point, "query.point point.id"),
    _channel("node", reading.node, "query.node node.id type.Node"),
    _channel("viewer", reading.viewer, "query.viewer"),
    _channel("nested", reading.nested, "record.*reference"),
    _channel("nested list", reading.nested_list, "record.*inverse"),
    _channel(
        "where equality",
        reading.where_equal,
        "list.where aggregate_root.where where.* operator.eq operator.ne operator.in "
        "operator.not_in type.choice_filter",
    ),
    _channel(
        "where order",
        reading.where_order,
        "operator.lt operator.lte operator.gt operator.gte operator.between "
        "operator.before operator.after operator.at_least",
    ),
    _channel(
        "where text",
        reading.where_text,
        "operator.contains operator.starts_with operator.ends_with operator.icontains",
    ),
    _channel("where list", reading.where_list, "operator.has operator.has_any operator.has_all"),
    _channel("where tree", reading.where_tree, "operator.under"),
    _channel("where null", reading.where_null, "connection.totalCount operator.is_null operator.is_empty"),
    _channel("where not", reading.where_under_not, "where.and where.or where.not"),
    _channel("where through", reading.where_through, "where.*reference type.reference_where"),
    _channel(
        "where many", reading.where_many, "where.*inverse list_where.some list_where.none list_where.every"
    ),
    _channel(
        "tags",
        tagging.tags,
        "record.label type.tag",
    ),
    _channel("where tags", tagging.where_tags, "type.tags_where"),
    _channel(
        "set tags",
        tagging.set_tags,
        "mutation.tag tag.id tag.tag tag.state tag.input tag.owner tag.source "
        "mutation.untag untag.id untag.tag",
    ),
    _channel(
        "promote",
        tagging.promote,
        "mutation.promote_tag promote_tag.id promote_tag.tag promote_tag.input",
    ),
    _channel("list view", saved.list_view, "list.view type.list_view type.MetadataListView"),
    _channel(
        "report",
        saved.report,
        "query.report report.name report.where report.at type.Report type.ReportColumn type.ReportSubtotal "
        "type.MetadataReport",
    ),
    _channel(
        "attainment",
        saved.attainment,
        "query.attainment attainment.target attainment.from attainment.to attainment.by attainment.first "
        "type.Attainment type.MetadataTarget",
    ),
    _channel(
        "work queue",
        saved.work_queue,
        "query.workQueue workQueue.name workQueue.first workQueue.after workQueue.last workQueue.before "
        "workQueue.offset type.WorkQueueConnection type.WorkQueueEdge type.WorkQueueEntry "
        "type.MetadataQueue type.MetadataQueueItem",
    ),
    _channel("order", reading.order, "list.orderBy order_by.*"),
    _channel("order through", reading.order_through, "order_by.*reference"),
    _channel("cursor", reading.cursor, f"{_PAGE} {_PAGE_INFO}"),
    _channel(
        "group",
        reading.group,
        "query.aggregate aggregate_root.groupBy group_by.field group_by.by aggregate.key "
        "aggregate.count type.aggregate_key type.field",
    ),
    _channel("group through", reading.group_through, "group_by.*reference"),
    _channel(
        "group order",
        reading.group_order,
        "aggregate_root.orderBy aggregate_root.first aggregate_order_by.key "
        "aggregate_order_by.count type.aggregate_key_order_by",
    ),
    _channel(
        "measure",
        reading.measure,
        "aggregate.sum aggregate.avg aggregate.min aggregate.max aggregate.countDistinct "
        "type.aggregate_sum type.aggregate_avg type.aggregate_min type.aggregate_max "
        "type.aggregate_count_distinct",
    ),
    _channel("page measure", reading.page_measure, "connection.aggregate"),
    _channel(
        "measure order",
        reading.measure_order,
        "aggregate_order_by.sum aggregate_order_by.avg "
        "aggregate_order_by.min aggregate_order_by.max aggregate_order_by.countDistinct "
        "type.aggregate_sum_order_by type.aggregate_min_order_by "
        "type.aggregate_count_distinct_order_by",
    ),
    _channel("search", reading.search, "query.search search.text search.objects search.first type.SearchHit"),
    _channel(
        "history",
        reading.history,
        f"record.history {_HISTORY} type.HistoryConnection type.HistoryEdge history_entry.at "
        "history_entry.by history_entry.operation history_entry.changes history_change.field "
        "history_change.label history_change.old history_change.new",
    ),
    _channel(
        "metadata",
        naming.metadata,
        "query.metadata type.Metadata type.MetadataApp type.MetadataObject type.MetadataField "
        "type.MetadataOption type.MetadataRights type.MetadataPipeline type.MetadataStage "
        "type.MetadataTag type.MetadataTagState type.MetadataTagField "
        "type.MetadataRequirement type.MetadataPluginField type.MetadataAction type.MetadataArgument "
        "type.MetadataPanel type.MetadataColumn",
    ),
    _channel("introspection", naming.introspection, "query.__type query.__schema"),
    _channel(
        "explanation",
        naming.explanation,
        "query.explainAccess explainAccess.user explainAccess.object explainAccess.id "
        "explainAccess.field type.AccessExplanation type.AccessDecision type.AccessRule "
        "type.AccessCondition type.AccessChange query.explainStage explainStage.object explainStage.id "
        "explainStage.to type.StageExplanation type.StageAhead type.StageObstacle",
    ),
    _channel("suggestion", naming.suggestion, "error.suggestion"),
    _channel("unknown name", naming.unknown, "error.unknown"),
    _channel(
        "update",
        writing.update,
        f"mutation.update update.id update.input update.ifVersion {_ONE_PAYLOAD} type.update",
    ),
    _channel("update text", writing.update_text, "error.validation"),
    _channel("update reference", writing.update_reference, "error.reference"),
    _channel(
        "update where",
        writing.update_where,
        "mutation.update_many update_many.where update_many.input "
        "records_payload.count records_payload.nodes",
    ),
    _channel("create", writing.create, "mutation.create create.input mutation.create_many create_many.input"),
    _channel("create nested", writing.create_nested, "create.*inverse type.list_create"),
    _channel("conflict", writing.conflict, "error.conflict"),
    _channel("upsert", writing.upsert, "mutation.upsert upsert.by upsert.input"),
    _channel("ahead", moving.ahead, "record.nextStages type.NextStage type.Blocker"),
    _channel("move", moving.move, "mutation.move move.id move.to move.input move.comment move.ifVersion"),
    _channel(
        "opportunities",
        opportunities.view,
        "record.opportunityView list.below type.OpportunityView type.OpportunityViewConnection "
        "type.OpportunityViewEdge type.OpportunityViewTotal",
    ),
    _channel(
        "funnel",
        analyses.funnel,
        "query.funnel funnel.pipeline funnel.where funnel.from funnel.to type.funnel_type type.funnel_stage",
    ),
    _channel(
        "tag funnel",
        analyses.tag_funnel,
        "query.tag_funnel tag_funnel.tag tag_funnel.where tag_funnel.from tag_funnel.to type.tag_funnel_type "
        "type.tag_funnel_state",
    ),
    _channel(
        "forecast",
        analyses.forecast,
        "query.forecast forecast.where forecast.from forecast.to forecast.by type.forecast_type "
        "type.forecast_key type.forecast_by",
    ),
    _channel(
        "win rate",
        analyses.win_rate,
        "query.win_rate win_rate.pipeline win_rate.by win_rate.where win_rate.from win_rate.to "
        "type.win_rate_type type.win_rate_key type.win_rate_by",
    ),
    _channel(
        "snapshot comparison",
        snapshots.comparison,
        "query.snapshot_comparison snapshot_comparison.from snapshot_comparison.to snapshot_comparison.where "
        "snapshot_comparison.by type.comparison_type type.comparison_key type.comparison_by",
    ),
    _channel("snapshot", snapshots.take, "mutation.take_snapshot take_snapshot.name"),
    _channel("delete", writing.delete, "mutation.delete delete.id mutation.restore restore.id"),
    _channel(
        "share",
        writing.share,
        "mutation.grant mutation.revoke grant.id grant.user grant.team grant.right "
        "grant.share grant.until revoke.id revoke.user revoke.team revoke.right",
    ),
    _channel("plugin fields", plugged.fields, "record.*plugin"),
    _channel("plugin answers", plugged.answers, "query.*plugin"),
    _channel("plugin targets", plugged.targets, "mutation.*plugin"),
    _channel("export", taking.export, "cli.export"),
    _channel("import", taking.import_, "cli.import"),
    _channel(
        "subscription",
        taking.subscription,
        "subscription.changed changed.where change.id change.operation change.changedFields change.record",
    ),
    _channel("unmask", taking.unmask, "mutation.unmask unmask.id unmask.fields type.masked_field"),
    _channel(
        "transfer",
        writing.transfer,
        "mutation.transferOwnership transferOwnership.from transferOwnership.to "
        "transferOwnership.objects type.TransferPayload type.Transferred",
    ),
)


def claimed() -> frozenset[str]:
    """Every spot that some channel answers for."""
    return frozenset[str]().union(*(each.claims for each in CHANNELS))
