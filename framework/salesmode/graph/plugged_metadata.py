"""What `metadata` tells of plugins: fields of records, what root fields do, and tables to show."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.graph.blueprint import plain, required, required_list_of
from salesmode.graph.plugged import has_plugged, plugged_field, plugged_fields
from salesmode.graph.view import View
from salesmode.hooks.api import ApiField
from salesmode.model.object import Object
from salesmode.plugins import Added

Row = Mapping[str, Any]


def field_rows(view: View, described: Object) -> Iterator[Row]:
    """The fields that plugins add to records of an object."""
    for name, added in plugged_fields(view, described).items():
        given = added.given
        yield {
            "name": name,
            "type": given.answer,
            "plugin": added.plugin,
            "description": given.description or None,
        }


def action_rows(view: View, of: str | None) -> Iterator[Row]:
    """The root fields that plugins add: those about a record of that object, or about no record."""
    roots = (("query", view.additions.queries), ("mutation", view.additions.mutations))
    for kind, added in roots:
        for name, each in added.items():
            target = each.given.target
            if (target.object if target else None) == of and has_plugged(view, added, name):
                yield _action(view, kind, name, each)


def _action(view: View, kind: str, name: str, added: Added[ApiField]) -> Row:
    member, target = plugged_field(view, added), added.given.target
    return {
        "name": name,
        "kind": kind,
        "type": member.type,
        "plugin": added.plugin,
        "description": member.description,
        "record": target.argument if target else None,
        "right": target.right if target else None,
        "arguments": [{"name": each, "type": found.type} for each, found in member.args.items()],
    }


def panel_rows(view: View, may_ask: Callable[[str], bool]) -> Iterator[Row]:
    """The tables whose questions the caller may ask."""
    for added in view.additions.panels:
        panel = added.given
        if may_ask(panel.query):
            columns = [{"title": title, "path": path} for title, path in panel.columns.items()]
            told = {"name": panel.name, "title": panel.title, "query": panel.query, "rows": panel.rows}
            yield {**told, "plugin": added.plugin, "columns": columns}


_TEXT = required("String")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "MetadataPluginField": {**dict.fromkeys(("name", "type", "plugin"), _TEXT), "description": "String"},
    "MetadataAction": {
        **dict.fromkeys(("name", "kind", "type", "plugin"), _TEXT),
        **dict.fromkeys(("description", "record", "right"), "String"),
        "arguments": required_list_of("MetadataArgument"),
    },
    "MetadataArgument": {"name": _TEXT, "type": _TEXT},
    "MetadataPanel": {
        **dict.fromkeys(("name", "title", "plugin", "query", "rows"), _TEXT),
        "columns": required_list_of("MetadataColumn"),
    },
    "MetadataColumn": {"title": _TEXT, "path": _TEXT},
}

PLUGGED = {name: plain(name, members) for name, members in _MEMBERS.items()}
