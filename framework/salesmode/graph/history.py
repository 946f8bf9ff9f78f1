"""The types of `history` (RULING 41), the same for every object; what is told is decided row by row."""

from collections.abc import Mapping
from typing import Any

from salesmode.graph.blueprint import Blueprint, Named, field, required, required_list_of

ARGUMENTS = {"first": "Int", "after": "String", "last": "Int", "before": "String", "offset": "Int"}

_MEMBERS: Mapping[str, Mapping[str, Any]] = {
    "HistoryConnection": {
        "edges": required_list_of("HistoryEdge"),
        "nodes": required_list_of("HistoryEntry"),
        "pageInfo": required("PageInfo"),
        "totalCount": required("Int"),
    },
    "HistoryEdge": {"node": required("HistoryEntry"), "cursor": required("String")},
    "HistoryEntry": {
        "at": required("DateTime"),
        "by": Named("User"),
        "operation": required("String"),
        "changes": required_list_of("HistoryChange"),
    },
    "HistoryChange": {
        "field": required("String"),
        "label": required("String"),
        "old": Named("JSON"),
        "new": Named("JSON"),
    },
}


def _blueprint(name: str, members: Mapping[str, Any]) -> Blueprint:
    return Blueprint(
        form="object", name=name, members=lambda: {each: field(type_) for each, type_ in members.items()}
    )


HISTORY = {name: _blueprint(name, members) for name, members in _MEMBERS.items()}
