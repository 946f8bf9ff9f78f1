"""`metadata`: what the caller may see and write of the model, in the caller's language.

Objects and options are named as in YAML, fields as in GraphQL: each as in the enums of RULING 31.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import plain, required, required_list_of
from salesmode.graph.list_views import LIST_VIEW, list_view_rows
from salesmode.graph.pipelines import pipeline_rows
from salesmode.graph.plugged_metadata import PLUGGED, action_rows, field_rows, panel_rows
from salesmode.graph.queues import queue_rows
from salesmode.graph.reports import report_rows
from salesmode.graph.tagging import tag_rows
from salesmode.graph.targets import target_rows
from salesmode.graph.view import View
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.names import camel, pascal

Row = Mapping[str, Any]

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Metadata:
    """The answer to `metadata` for one policy in one language. `may_ask`: whether a question is one that its
    schema allows.
    """

    view: View
    locale: str
    may_ask: Callable[[str], bool]

    def row(self) -> Row:
        return {
            "app": self._app(),
            "objects": [self._object(each) for each in self.view.policy.objects.values()],
            "pipelines": list(pipeline_rows(self.view, self._text)),
            "listViews": list(list_view_rows(self.view, self._text)),
            "queues": list(queue_rows(self.view, self._text)),
            "targets": list(target_rows(self.view, self._text)),
            "reports": list(report_rows(self.view, self._text)),
            "actions": list(action_rows(self.view, None)),
            "panels": list(panel_rows(self.view, self.may_ask)),
        }

    def _app(self) -> Row:
        app = self.view.model.app
        told = {name: getattr(app, name) for name in ("name", "version", "currency", "timezone", "country")}
        return {**told, "label": self._text(app.label), "locales": list(app.locales), "locale": self.locale}

    def _object(self, granted: ObjectPolicy) -> Row:
        described = granted.object
        readable = self.view.readable(described.name)
        written = {name: self.view.writable(granted, name) for name in ("create", "update")}
        names = {camel(name) for name in granted.fields} if readable else set()
        fields = {camel(name): each for name, each in described.fields.items()}
        return {
            "name": described.name,
            "plural": described.plural,
            "typeName": pascal(described.name),
            "label": self._text(described.label),
            "pluralLabel": self._text(described.plural_label),
            "help": self._text(described.help),
            "title": _PLACE.sub(lambda place: _named(place[1], names), described.title),
            "rights": _rights(granted, readable=readable),
            "fields": [
                self._field(name, each, granted, readable=name in names, written=written)
                for name, each in fields.items()
                if name in names or any(name in inputs for inputs in written.values())
            ],
            "tags": list(tag_rows(self.view, granted, self._text)),
            "pluginFields": list(field_rows(self.view, described)) if readable else [],
            "actions": list(action_rows(self.view, described.name)),
        }

    def _field(
        self,
        name: str,
        described: Field,
        granted: ObjectPolicy,
        *,
        readable: bool,
        written: Mapping[str, Any],
    ) -> Row:
        writable = {operation: name in inputs for operation, inputs in written.items()}
        return {
            "name": name,
            "type": described.type,
            "label": self._text(described.label),
            "help": self._text(described.help),
            "required": described.required == ALWAYS,
            "readable": readable,
            "masked": readable and granted.fields[described.name].masked != NEVER,
            "unmaskable": described.name in granted.unmaskable,
            "computed": described.computed is not None,
            "writable": any(writable.values()),
            "creatable": writable["create"],
            "updatable": writable["update"],
            "to": described.to if described.to in self.view.policy.objects else None,
            "scale": described.scale,
            "maxLength": described.max_length,
            "options": [self._option(each) for each in described.options],
        }

    def _option(self, option: Option) -> Row:
        return {"name": option.name, "label": self._text(option.label), "active": option.active}

    def _text(self, label: Label | None) -> str | None:
        return label.text(self.locale) if label else None


def _named(name: str, readable: set[str]) -> str:
    """A field in the template of a title, as clients call it; nothing where it is hidden."""
    return f"{{{camel(name)}}}" if camel(name) in readable else ""


def _rights(granted: ObjectPolicy, *, readable: bool) -> Row:
    written = {name: bool(getattr(granted, name)) for name in ("create", "update", "delete")}
    return {"read": readable, **written}


_STRING, _FLAG = "String", required("Boolean")

_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "Metadata": {
        "app": required("MetadataApp"),
        "objects": required_list_of("MetadataObject"),
        "pipelines": required_list_of("MetadataPipeline"),
        "listViews": required_list_of("MetadataListView"),
        "queues": required_list_of("MetadataQueue"),
        "targets": required_list_of("MetadataTarget"),
        "reports": required_list_of("MetadataReport"),
        "actions": required_list_of("MetadataAction"),
        "panels": required_list_of("MetadataPanel"),
    },
    "MetadataApp": {
        **dict.fromkeys(("name", "version", "label", "currency", "timezone", "country"), required("String")),
        "locales": required_list_of("String"),
        "locale": required("String"),
    },
    "MetadataObject": {
        **dict.fromkeys(("name", "plural", "typeName", "label", "pluralLabel"), required("String")),
        "help": _STRING,
        "title": required("String"),
        "rights": required("MetadataRights"),
        "fields": required_list_of("MetadataField"),
        "tags": required_list_of("MetadataTag"),
        "pluginFields": required_list_of("MetadataPluginField"),
        "actions": required_list_of("MetadataAction"),
    },
    "MetadataRights": dict.fromkeys(("read", "create", "update", "delete"), _FLAG),
    "MetadataField": {
        **dict.fromkeys(("name", "type", "label"), required("String")),
        "help": _STRING,
        **dict.fromkeys(
            (
                *("required", "readable", "masked", "unmaskable", "computed"),
                *("writable", "creatable", "updatable"),
            ),
            _FLAG,
        ),
        "to": _STRING,
        "scale": "Int",
        "maxLength": "Int",
        "options": required_list_of("MetadataOption"),
    },
    "MetadataOption": {"name": required("String"), "label": required("String"), "active": _FLAG},
}


METADATA = {**{name: plain(name, members) for name, members in _MEMBERS.items()}, **LIST_VIEW, **PLUGGED}
