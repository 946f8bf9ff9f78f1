"""The plugins of an app: which it names, what they add to the layers, and what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from salesmode.compiler.layering import NamedLists, merge_layers
from salesmode.compiler.layers import Layer, Stack, folder_layers, plugin_layers
from salesmode.compiler.located import Document
from salesmode.compiler.validator import Schemas, check_shapes, schemas_with, shipped_schemas
from salesmode.diagnostics import Collector, Span
from salesmode.fieldtypes.masks import bring_mask
from salesmode.fieldtypes.registry import bring_type
from salesmode.model.app import Model
from salesmode.plugins import PluginFault, Plugins, additions_of, available, plugins_of


@dataclass(frozen=True, slots=True)
class Plugged:
    """The layers with those of the plugins, and the grammar of all kinds. `document`: what all layers say of
    the app, if they say anything.
    """

    document: Document | None
    plugins: Plugins
    stack: Stack
    schemas: Schemas
    lists: NamedLists

    def shaped(self, collector: Collector) -> tuple[Layer, ...]:
        """The layers without what does not fit the grammar."""
        return tuple(
            Layer(
                each.name,
                check_shapes(self._known(each.documents), self.schemas, collector, brought=self._bringing),
            )
            for each in self.stack.layers
        )

    def report_additions(self, model: Model, collector: Collector) -> None:
        """What the plugins would add to the API of this app, and may not."""
        assert self.document is not None, "it is an app that was compiled"
        _report(self.document, additions_of(model).faults, collector)

    def _known(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:
        """A plugin that does not work may be the one that brings an unknown kind."""
        if not self.plugins.faults:
            return documents
        return tuple(each for each in documents if _kind(each) is None or _kind(each) in self.schemas)

    def _bringing(self, kind: str) -> str | None:
        for name in available():
            if any(each.name == kind for each in plugins_of((name,)).brought.kinds.get(name, ())):
                return f"the plugin '{name}' brings it: add `{name}` to the app's `plugins`"
        return None


def plugins_named(folder: Path) -> tuple[str, ...]:
    """The plugins that the app in a folder names, as far as it can be read; none where there is no app."""
    unheard = Collector()
    app = _app(folder_layers(folder, unheard)) if folder.is_dir() else None
    return tuple(app.data.get("plugins", ())) if app else ()


def plugged(stack: Stack, collector: Collector) -> Plugged:
    """The plugins that the app documents of all layers name; their faults are reported where they stand."""
    app = _app(stack)
    plugins = plugins_of(tuple(app.data.get("plugins", ()))) if app else plugins_of(())
    if app is not None:
        _report(app, plugins.faults, collector)
        _report_idle(app, plugins, collector)
    for type_ in (each for own in plugins.brought.types.values() for each in own):
        bring_type(type_)
    for mask in (each for own in plugins.brought.masks.values() for each in own):
        bring_mask(mask.name, (mask.least, mask.most), mask.show)
    brought = plugin_layers(plugins.brought.layers, collector)
    between = (_without_app(each, collector) for each in brought.layers)
    layers = (*stack.layers[:1], *between, *stack.layers[1:])
    lists = {each.name: each.lists for own in plugins.brought.kinds.values() for each in own}
    whole = replace(stack, layers=layers, sources={**stack.sources, **brought.sources})
    return Plugged(app, plugins, whole, schemas_with(plugins), lists)


def _app(stack: Stack) -> Document | None:
    """What all layers say of the app; what is wrong with it is reported by the stages."""
    unheard = Collector()
    documents = (Layer(each.name, _of_app(each)) for each in stack.layers)
    schemas = {"app": shipped_schemas()["app"]}
    shaped = (Layer(each.name, check_shapes(each.documents, schemas, unheard)) for each in documents)
    return next(iter(merge_layers(shaped, unheard, {}).documents), None)


def _of_app(layer: Layer) -> tuple[Document, ...]:
    return tuple(each for each in layer.documents if _kind(each) == "app")


def _kind(document: Document) -> str | None:
    kind = document.data.get("kind")
    return kind if isinstance(kind, str) else None


def _report(app: Document, faults: Iterable[PluginFault], collector: Collector) -> None:
    for fault in faults:
        collector.error(fault.code, fault.message, _place(app, fault.plugin), why=fault.why, hint=fault.hint)


def _report_idle(app: Document, plugins: Plugins, collector: Collector) -> None:
    for name in plugins.names:
        if not plugins.hooks_of(name):
            collector.warning("SM901", f"the plugin '{name}' implements no hook", _place(app, name))


def _place(app: Document, plugin: str) -> Span:
    return app.value_place(("plugins", [*app.data["plugins"]].index(plugin)))


def _without_app(layer: Layer, collector: Collector) -> Layer:
    """A plugin does not say what the app is."""
    for each in _of_app(layer):
        message = f"the {layer.name} describes an app"
        collector.error("SM912", message, each.place(), hint="a plugin's layer has no `kind: app`")
    own = _of_app(layer)
    return Layer(layer.name, tuple(each for each in layer.documents if each not in own))
