"""List views: the argument `view` of a connection, and what `metadata` tells of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.asked import list_views_asked, seen
from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.label import Label
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.queries.list_view import VIEW

_TEXT = required("String")

LIST_VIEW = {
    "MetadataListView": plain(
        "MetadataListView",
        {**dict.fromkeys(("name", "label", "object"), _TEXT), "columns": required_list_of("String")},
    )
}


def view_argument(view: View, described: Object) -> Mapping[str, str]:
    """The argument, where the policy is offered a view of the object."""
    offered = list_views_asked(described.name, view.policy, view.model)
    return {VIEW: f"{pascal(described.name)}ListView"} if offered else {}


def view_enum(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`DealListView`: the views that the policy is offered, spelled as in YAML."""
    offered = list_views_asked(granted.object.name, view.policy, view.model)
    members = {each.name: view.said(each.label) for each in offered}
    return Blueprint(form="enum", name=name, members=lambda: members) if members else None


def list_view_rows(view: View, text: Callable[[Label | None], str | None]) -> Iterator[Mapping[str, Any]]:
    """The views of all objects; columns that the caller does not see are left out."""
    for name in dict.fromkeys(each.object for each in view.model.list_views.values()):
        for each in list_views_asked(name, view.policy, view.model):
            shown = (path for path in each.columns if seen(path, name, view.policy))
            yield {
                "name": each.name,
                "label": text(each.label),
                "object": name,
                "columns": [".".join(map(camel, path)) for path in shown],
            }
