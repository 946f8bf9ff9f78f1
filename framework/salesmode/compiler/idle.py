"""What an app says in vain: right by itself, but nothing reads it.

Only an app's own layer is looked at, for a preset offers more than one app needs.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from salesmode.compiler.located import Document, Path
from salesmode.compiler.validator import Schemas
from salesmode.compiler.validator.contributed import Schema
from salesmode.diagnostics import Collector

_EACH = ("allOf", "anyOf", "oneOf")


def report_languages(
    own: Iterable[Document], merged: Iterable[Document], schemas: Schemas, collector: Collector
) -> None:
    """A warning for each text in no language of an app that says which ones it has."""
    locales = next((each.data.get("locales") for each in merged if each.kind == "app"), None)
    if locales is None:
        return
    read = {*locales, *(each.split("-")[0] for each in locales)}
    label = schemas["app"]["properties"]["label"]
    for document in own:
        found = _labels(document.data, schemas[document.kind], label)
        paths = dict.fromkeys((*path, tag) for path, tags in found for tag in tags if tag not in read)
        for path in paths:
            message = f"'{path[-1]}' is not among the app's locales: {', '.join(locales)}"
            hint = f"add `{path[-1]}` to `locales`, or leave the text out"
            collector.warning("SM901", message, document.place(path), hint=hint)


def report_unused(own: Iterable[Document], merged: Sequence[Document], collector: Collector) -> None:
    """A warning for each group that no role grants, and option set that no field takes.

    Only of metadata that is right: a misspelled use is no missing one.
    """
    for document in own:
        match document.kind:
            case "object":
                _report_groups(document, merged, collector)
            case "option_set":
                _report_option_set(document, merged, collector)


def _labels(data: Any, schema: Schema, label: Schema, path: Path = ()) -> Iterator[tuple[Path, list[str]]]:
    """The path and the locales of each label that has them, wherever the schema has a label."""
    if schema is label:
        if isinstance(data, dict):
            yield path, [*data]
        return
    for each in (each for key in _EACH for each in schema.get(key, ())):
        yield from _labels(data, each, label, path)
    for step, inner in _parts(data):
        below = _below(schema, step)
        if isinstance(below, dict):
            yield from _labels(inner, below, label, (*path, step))


def _parts(data: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(data, dict):
        return data.items()
    return enumerate(data) if isinstance(data, list) else ()


def _below(schema: Schema, step: str | int) -> Any:
    if isinstance(step, int):
        return schema.get("items")
    return schema.get("properties", {}).get(step, schema.get("additionalProperties"))


def _report_groups(document: Document, merged: Iterable[Document], collector: Collector) -> None:
    granted = {
        group
        for role in merged
        if role.kind == "role"
        for group in _groups(role.data.get("objects", {}).get(document.name, {}))
    }
    for name in document.data.get("groups", {}):
        if name not in granted:
            message = f"no role grants the group '{name}' of '{document.name}'"
            hint = f"a role names it: `fields: {{groups: {{{name}: read}}}}`"
            collector.warning("SM901", message, document.place(("groups", name)), hint=hint)


def _groups(grant: dict[str, Any]) -> list[str]:
    return [*grant.get("fields", {}).get("groups", {})]


def _report_option_set(document: Document, merged: Iterable[Document], collector: Collector) -> None:
    objects = (each.data.get("fields", {}) for each in merged if each.kind == "object")
    taken = {_source(field) for fields in objects for field in fields.values()}
    if document.name not in taken:
        message = f"no field takes its options from '{document.name}'"
        hint = f"a field names it: `options: {{from: {document.name}}}`"
        collector.warning("SM901", message, document.value_place(("name",)), hint=hint)


def _source(field: Any) -> str | None:
    options = field.get("options") if isinstance(field, dict) else None
    return options.get("from") if isinstance(options, dict) else None
