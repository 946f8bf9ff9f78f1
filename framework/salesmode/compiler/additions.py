"""Fields that documents of plugins' kinds bring to the objects that they name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from salesmode.compiler.layering import Layered
from salesmode.compiler.located import Document, Path
from salesmode.compiler.validator import Schemas, check_shapes, check_whole, whole_schemas_of
from salesmode.diagnostics import Collector, Span
from salesmode.hooks.kinds import MetadataKind
from salesmode.plugins import Failed, Plugins, asked

_FAILED = "SM912"
_OBJECT, _PIPELINE = "object", "pipeline"


def with_additions(layered: Layered, plugins: Plugins, schemas: Schemas, collector: Collector) -> Layered:
    """The documents of objects with what is brought to them; what their own documents say goes before it. It
    applies in every pipeline.
    """
    found = {(each.kind, each.name): each for each in layered.documents}
    asked = check_whole(layered.documents, whole_schemas_of(plugins), Collector())  # whoever reads them tells
    right = [each for each, whole in asked if whole]
    for plugin, kinds in plugins.brought.kinds.items():
        for kind in kinds:
            naming = [each for each in right if each.kind == kind.name]
            for brought in check_shapes(_brought(plugin, kind, naming, collector), schemas, collector):
                key = (_OBJECT, brought.name)
                if key in found:  # whoever reads the kind tells of an object that is not there
                    found[key] = _added(found[key], brought)
                    found |= _applying(found.values(), brought)
    return replace(layered, documents=tuple(found.values()))


def _applying(documents: Iterable[Document], brought: Document) -> dict[tuple[str, str], Document]:
    """The pipelines of the object that name their fields, with those that are brought."""
    added: dict[tuple[str, str], Document] = {}
    for each in documents:
        named = each.data.get("fields")
        if each.kind == _PIPELINE and each.data.get("object") == brought.name and isinstance(named, list):
            names = [*dict.fromkeys((*named, *brought.data["fields"]))]
            added[_PIPELINE, each.name] = replace(each, data={**each.data, "fields": names})
    return added


def _brought(
    plugin: str, kind: MetadataKind, naming: Sequence[Document], collector: Collector
) -> Iterator[Document]:
    """As documents of objects, which stand where the first of the kind's documents does."""
    if not naming:
        return
    place = naming[0].value_place(("name",))
    documents = asked(partial(_objects, kind, naming))
    if isinstance(documents, Failed):
        message = f"the plugin '{plugin}' failed to say which fields '{kind.name}' brings"
        collector.error(_FAILED, message, place, why=documents.why)
        return
    for data in documents:
        keys: dict[Path, Span] = {("fields", name): place for name in data["fields"]}
        yield Document(data, keys, {(): place})


def _objects(kind: MetadataKind, naming: Sequence[Document]) -> list[dict[str, Any]]:
    brought = kind.fields([each.data for each in naming])
    return [_object(name, fields) for name, fields in brought.items()]


def _object(name: str, fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {"kind": _OBJECT, "name": name, "fields": {each: dict(raw) for each, raw in fields.items()}}


def _added(own: Document, brought: Document) -> Document:
    fields = dict(own.data.get("fields", {}))
    for name, raw in brought.data.get("fields", {}).items():
        fields[name] = {**raw, **fields.get(name, {})}
    keys = {path: span for path, span in brought.keys.items() if path not in own.keys}
    return replace(own, data={**own.data, "fields": fields}, keys={**own.keys, **keys})
