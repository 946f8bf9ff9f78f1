"""The types that every schema has, whatever the metadata says."""

from collections.abc import Mapping

from salesmode.graph.blueprint import Blueprint, field, plain, required
from salesmode.graph.explanation import explanation_type
from salesmode.graph.filters import scalar_filter
from salesmode.graph.history import HISTORY
from salesmode.graph.metadata import METADATA
from salesmode.graph.opportunity_types import opportunity_type
from salesmode.graph.pipelines import PIPELINES
from salesmode.graph.plugged import plugged_type
from salesmode.graph.queues import QUEUE_NAME, QUEUE_TYPES, queue_names
from salesmode.graph.reports import REPORT_NAME, REPORT_TYPES, REPORT_WHERE, report_names, report_where
from salesmode.graph.scalars import SCALARS
from salesmode.graph.search import SEARCH
from salesmode.graph.snapshots import SNAPSHOT_TYPES
from salesmode.graph.tagging import TAG_TYPES
from salesmode.graph.targets import target_type
from salesmode.graph.transfer import PAYLOAD
from salesmode.graph.view import View
from salesmode.model.names import pascal

_ENUMS: Mapping[str, Mapping[str, str | None]] = {
    "SortDirection": {"ASC": None, "DESC": None},
    "ChangeOperation": {
        "created": "A record that the subscriber may see was created.",
        "updated": "Something that the subscriber may see of the record changed.",
        "deleted": "The record was deleted.",
        "appeared": "The record came into what the subscription is about.",
        "disappeared": "The record is no longer what the subscription is about, or no longer visible.",
    },
    "DateBucket": dict.fromkeys(("HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR")),
}

_PAGE_INFO = plain(
    "PageInfo",
    {
        "hasNextPage": required("Boolean"),
        "hasPreviousPage": required("Boolean"),
        "startCursor": "String",
        "endCursor": "String",
    },
)

_PLAIN: Mapping[str, Blueprint] = {
    **METADATA,
    **PIPELINES,
    **TAG_TYPES,
    **HISTORY,
    **PAYLOAD,
    **QUEUE_TYPES,
    **REPORT_TYPES,
    **SNAPSHOT_TYPES,
    "PageInfo": _PAGE_INFO,
}


def built_in(name: str, view: View) -> Blueprint | None:
    """The type of that name, if it is a built-in one that clients can use."""
    if name in SCALARS:
        return Blueprint(form="scalar", name=name, description=SCALARS[name]._meta.description)
    if name in _ENUMS:
        return Blueprint(form="enum", name=name, members=lambda: _ENUMS[name])
    if name in view.additions.types:
        return plugged_type(name, view)
    if name == "Node":
        return _node(view)
    if name == REPORT_NAME:
        return report_names(view)
    if name == REPORT_WHERE:
        return report_where(view)
    if name == QUEUE_NAME:
        return queue_names(view)
    if name in SEARCH:
        return SEARCH[name](view)
    known = _PLAIN.get(name) or scalar_filter(name) or explanation_type(name, view)
    return known or opportunity_type(name, view) or target_type(name, view)


def _node(view: View) -> Blueprint:
    """`interface Node`, for Relay (RULING 41): every record is one, and nothing else is."""
    return Blueprint(
        form="interface",
        name="Node",
        members=lambda: {"id": field(required("ID"))},
        description="Whatever has an id.",
        possible=lambda: [pascal(each) for each in view.policy.readable],
    )
