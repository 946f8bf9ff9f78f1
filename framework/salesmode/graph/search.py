"""The types of `search`: what was found, of whichever object."""

from salesmode.graph.blueprint import Blueprint, plain, required
from salesmode.graph.view import View
from salesmode.queries.expand import searchable


def can_search(view: View) -> bool:
    """Whether there is anything that this policy can look into."""
    return any(searchable(granted) for granted in view.policy.roots)


def object_names(view: View) -> Blueprint:
    """`ObjectName`: the readable objects, spelled as in YAML (RULING 31)."""
    return Blueprint(
        form="enum",
        name="ObjectName",
        members=lambda: {name: view.said(view.model.objects[name].label) for name in view.policy.readable},
    )


def search_hit(_view: View) -> Blueprint:
    """`SearchHit`: a record that holds the text."""
    members = {
        "object": required("ObjectName"),
        "id": required("ID"),
        "title": required("String"),
        "record": "Node",
    }
    return plain("SearchHit", members)


SEARCH = {"ObjectName": object_names, "SearchHit": search_hit}
