"""From a derived name to its blueprint, or to nothing where the policy does not grant it."""

from collections.abc import Callable, Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph import (
    aggregates,
    analyses,
    filters,
    inputs,
    list_views,
    orders,
    outputs,
    payloads,
    tagging,
)
from salesmode.graph.blueprint import Blueprint
from salesmode.graph.view import View
from salesmode.model.object import Object
from salesmode.model.published import Derived

Build = Callable[[View, str, Object], Blueprint]
BuildGranted = Callable[[View, str, ObjectPolicy], Blueprint | None]

# Other objects point to these; whether they are there is known without composing what is granted.
_POINTED_AT: Mapping[str, Build] = {
    "record": outputs.record,
    "connection": outputs.connection,
    "edge": outputs.edge,
    "change": payloads.change,
    "aggregate": aggregates.aggregate,
    "aggregate_key": aggregates.key,
    "aggregate_count_distinct": aggregates.distinct,
    "where": filters.where,
    "reference_where": filters.reference_where,
    "list_where": filters.list_where,
    "order_by": orders.order_by,
    "group_by": orders.group_by,
    "aggregate_order_by": aggregates.order_by,
}

_OF_READABLE: Mapping[str, BuildGranted] = {
    "aggregate_sum": aggregates.sums,
    "aggregate_avg": aggregates.averages,
    "aggregate_min": aggregates.extremes,
    "aggregate_max": aggregates.extremes,
    "field": orders.field_enum,
    "masked_field": orders.masked_field_enum,
    "list_view": list_views.view_enum,
    "funnel_type": analyses.funnel_type,
    "funnel_stage": analyses.funnel_stage,
    "tag_funnel_type": analyses.tag_funnel_type,
    "tag_funnel_state": analyses.tag_funnel_state,
    "forecast_type": analyses.forecast_type,
    "forecast_key": analyses.forecast_key,
    "forecast_by": analyses.forecast_by,
    "win_rate_type": analyses.win_rate_type,
    "win_rate_key": analyses.win_rate_key,
    "win_rate_by": analyses.win_rate_by,
    "comparison_type": analyses.comparison_type,
    "comparison_key": analyses.comparison_key,
    "comparison_by": analyses.comparison_by,
    "tag": tagging.tag_enum,
    "tags_where": tagging.tags_where,
    "aggregate_key_order_by": aggregates.key_order,
    "aggregate_sum_order_by": aggregates.sum_order,
    "aggregate_min_order_by": aggregates.extreme_order,
    "aggregate_count_distinct_order_by": aggregates.distinct_order,
}

_OF_WRITABLE: Mapping[str, BuildGranted] = {
    "create": inputs.create,
    "update": inputs.update,
    "list_create": inputs.list_create,
    "payload": payloads.payload,
    "records_payload": payloads.records_payload,
}


def blueprint_of(view: View, name: str, derived: Derived) -> Blueprint | None:
    """The blueprint of a derived type; None if there is no such type for this policy."""
    readable = view.readable(derived.object)
    if derived.kind in _POINTED_AT:
        described = view.model.objects[derived.object]
        return _POINTED_AT[derived.kind](view, name, described) if readable else None
    granted = view.policy.objects.get(derived.object)
    if granted is None:
        return None
    if derived.field is not None:
        return _of_field(view, name, granted, derived)
    build = _OF_WRITABLE.get(derived.kind) or (_OF_READABLE.get(derived.kind) if readable else None)
    return build(view, name, granted) if build else None


def _of_field(view: View, name: str, granted: ObjectPolicy, derived: Derived) -> Blueprint | None:
    described = granted.object.fields[derived.field or ""]
    if derived.kind == "choice":
        return inputs.choice(view, name, granted, described)
    seen = granted.fields.get(described.name)
    return filters.choice_filter(view, name, granted, described) if seen and seen.comparable else None
