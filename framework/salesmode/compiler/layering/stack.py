"""The documents of all layers, merged by kind and name from the bottom up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from salesmode.compiler.layering.items import NAMED
from salesmode.compiler.layering.layered import Layered, Overridden
from salesmode.compiler.layering.merge import Merger, Removal
from salesmode.compiler.layers import CORE, Layer
from salesmode.compiler.located import Document, Path
from salesmode.diagnostics import Collector, Span

_OWN = frozenset({"name", "version", "label", "description", "extends"})
"""What an app says of itself; the rest of a preset's app document holds for the app above it."""

Key = tuple[str, str]
NamedLists = Mapping[str, frozenset[str]]
"""By kind the keys of lists whose items merge by name."""


def merge_layers(layers: Iterable[Layer], collector: Collector, lists: NamedLists) -> Layered:
    """One Layered of all layers, the lowest first; `lists` are the named ones of plugins' kinds."""
    stack = _Stack(collector, lists)
    for layer in layers:
        stack.add(layer)
    overridden = {(each.kind, each.name): stack.overridden.get(key, {}) for key, each in stack.merged.items()}
    removed = {name: tuple(spans) for name, spans in stack.removed.items()}
    return Layered(tuple(stack.merged.values()), tuple(stack.layers), stack.files, overridden, removed)


@dataclass
class _Stack:
    collector: Collector
    lists: NamedLists
    merged: dict[Key, Document] = field(default_factory=dict)
    overridden: dict[Key, dict[Path, tuple[Overridden, ...]]] = field(default_factory=dict)
    removed: dict[str, list[Span]] = field(default_factory=dict)
    layers: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)

    def add(self, layer: Layer) -> None:
        self.layers.append(layer.name)
        for key, document in self._once(layer).items():
            self.files[document.place().file] = len(self.layers) - 1
            if document.data.get("$remove") is True:
                self._drop(key, document, layer)
            else:
                self._merge(key, document, layer)

    def _once(self, layer: Layer) -> dict[Key, Document]:
        """The layer's documents by kind and name; a second one of the same is reported at both places."""
        found: dict[Key, Document] = {}
        for document in layer.documents:
            key = _key(document)
            if key in found:
                self._twice(document, found[key])
            else:
                found[key] = document
        return found

    def _twice(self, second: Document, first: Document) -> None:
        one = f"the {second.kind} '{second.name}' is" if second.kind != "app" else "the app is"
        self.collector.error(
            "SM403",
            f"{one} described twice in one layer",
            second.value_place(("name",)),
            hint="merge the two documents, or rename one",
            related=(first.value_place(("name",)),),
        )

    def _drop(self, key: Key, document: Document, layer: Layer) -> None:
        place = document.place(("$remove",))
        if self._of_core(key):
            self._protect(document.name, place)
        elif self.merged.pop(key, None) is None:
            what = f"the {document.kind} '{document.name}'"
            message = f"{what} cannot be removed: no layer below '{layer.name}' has it"
            self.collector.warning("SM404", message, place)
        else:
            self.removed.setdefault(document.name, []).append(place)

    def _of_core(self, key: Key) -> bool:
        return key in self.merged and self._stands_in_core(self.merged[key].place())

    def _stands_in_core(self, span: Span) -> bool:
        return self.layers[self.files[span.file]] == CORE

    def _protect(self, name: str, place: Span) -> None:
        why = "the engine and plugins rely on the objects and fields of core"
        self.collector.error(
            "SM408", f"'{name}' belongs to core and cannot be removed or replaced", place, why=why
        )

    def _merge(self, key: Key, document: Document, layer: Layer) -> None:
        if self._of_core(key) and document.data.get("$replace") is True:
            self._protect(document.name, document.place(("$replace",)))
        below = None if document.data.get("$replace") is True else self.merged.get(key)
        if below is not None and below.kind == "app":
            below = replace(below, data={name: part for name, part in below.data.items() if name not in _OWN})
        named = self.lists.get(document.kind, NAMED)
        merger = Merger(layer.name, self.collector, self.overridden.get(key, {}), named)
        self.merged[key] = merger.merge(below, document)
        self.overridden[key] = merger.overridden
        for removal in merger.removed:
            self._note(removal)

    def _note(self, removal: Removal) -> None:
        name = str(removal.said[-1])
        self.removed.setdefault(name, []).append(removal.place)
        if removal.said[:-1] == ("fields",) and self._stands_in_core(removal.declared):
            self._protect(name, removal.place)


def _key(document: Document) -> Key:
    """All app documents are one: each says of the whole what it knows."""
    return ("app", "") if document.kind == "app" else (document.kind, document.name)
