"""What an app stands on, part by part: all layers below its own, merged; and what it says itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from salesmode.compiler.layering import merge_layers
from salesmode.compiler.layering.items import NAMED, Target, item_name
from salesmode.compiler.layering.merge import WHOLE
from salesmode.compiler.layers import CORE, Layer, folder_layers
from salesmode.compiler.located import Document, Path, text_of
from salesmode.compiler.plugged import plugged
from salesmode.compiler.provenance import shown
from salesmode.diagnostics import Collector, Span

Key = tuple[str, str]
"""Kind and name of a document."""

_OF_ITSELF = ("kind", "name", "subject")
_APP = "app"


@dataclass(frozen=True, slots=True)
class Part:
    """A single value as text, and where it stands."""

    text: str
    span: Span


Parts = Mapping[Key, Mapping[Path, Part]]
"""By document and path, items by their names."""


@dataclass(frozen=True, slots=True)
class Ground:
    """`below`: what the layers under the app say together; `own`: what the app says; `versions`: of presets
    by name.
    """

    below: Parts
    own: Parts
    versions: Mapping[str, str]


def ground_of(folder: Folder) -> Ground:
    """What the app in a folder stands on; what is wrong with it is for `compile_app` to tell. Raises
    MetadataError where it cannot be read at all.
    """
    collector = Collector()
    app = plugged(folder_layers(folder, collector), collector)
    if not app.stack.complete or app.plugins.faults:
        collector.stop_on_errors(app.stack.sources)
    *below, own = app.shaped(Collector())
    merged = merge_layers(below, Collector(), app.lists).documents
    lists = {**dict.fromkeys(app.schemas, NAMED), **app.lists}
    return Ground(_parts_of(merged, lists), _parts_of(own.documents, lists), dict(_versions(below)))


def _versions(layers: Iterable[Layer]) -> Iterator[tuple[str, str]]:
    for layer in layers:
        apps = (each.data for each in layer.documents if each.kind == _APP)
        said = next((each["version"] for each in apps if "version" in each), None)
        if said is not None and layer.name != CORE:
            yield layer.name, text_of(said)


def _parts_of(documents: Iterable[Document], lists: Mapping[str, frozenset[str]]) -> Parts:
    return {
        (each.kind, each.name): {
            target.said: Part(shown(value), each.place(target.path))
            for value, target in _leaves(each.data, Target(), lists[each.kind])
        }
        for each in documents
        if each.kind != _APP
    }


def _leaves(value: Any, at: Target, named: frozenset[str]) -> Iterator[tuple[Any, Target]]:
    """Down to single values; a condition is one, and so is a list without names. An item with a name is a
    part even where nothing else is said of it.
    """
    if isinstance(value, dict) and value and at.keyword not in WHOLE:
        for key, inner in value.items():
            if not (key in _OF_ITSELF and (at.path == () or isinstance(at.path[-1], int))):
                yield from _leaves(inner, at.child(key), named)
    elif isinstance(value, list) and at.keyword in named:
        for index, item in enumerate(value):
            target = at.item(index, item_name(item))
            yield item_name(item), target
            if isinstance(item, dict):
                yield from _leaves(item, target, named)
    else:
        yield value, at
