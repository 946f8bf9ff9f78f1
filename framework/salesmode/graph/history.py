"""The types of `history` (RULING 41), the same for every object; what is told is decided row by row."""

from collections.abc import Mapping

from salesmode.graph.blueprint import plain, required, required_list_of

ARGUMENTS = {"first": "Int", "after": "String", "last": "Int", "before": "String", "offset": "Int"}

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "HistoryConnection": {
        "edges": required_list_of("HistoryEdge"),
        "nodes": required_list_of("HistoryEntry"),
        "pageInfo": required("PageInfo"),
        "totalCount": required("Int"),
    },
    "HistoryEdge": {"node": required("HistoryEntry"), "cursor": required("String")},
    "HistoryEntry": {
        "at": required("DateTime"),
        "by": "User",
        "operation": required("String"),
        "changes": required_list_of("HistoryChange"),
    },
    "HistoryChange": {
        "field": required("String"),
        "label": required("String"),
        "old": "JSON",
        "new": "JSON",
    },
}


HISTORY = {name: plain(name, members) for name, members in _MEMBERS.items()}
