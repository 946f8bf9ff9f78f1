"""The order of the stages, in one place."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from salesmode.compiler.additions import with_additions
from salesmode.compiler.analyzer import analyze
from salesmode.compiler.idle import report_languages, report_unused
from salesmode.compiler.layering import Layered, merge_layers
from salesmode.compiler.layers import Layer, Stack, folder_layers, text_layers
from salesmode.compiler.plugged import Plugged, plugged
from salesmode.compiler.removals import report_removals
from salesmode.compiler.taking_out import taken_out
from salesmode.diagnostics import Collector, Diagnostic, Span
from salesmode.model.app import Model


@dataclass(frozen=True, slots=True)
class Compiled:
    """An app that is right. `warnings` says what is odd; `sources` are the texts for rendering them."""

    model: Model
    warnings: tuple[Diagnostic, ...]
    layered: Layered
    sources: Mapping[str, str]


def compile_app(folder: Path, *, without: str | None = None) -> Compiled:
    """Compiles the app in a folder. Raises MetadataError with every problem found.

    `without`: the path of a part (as `explain` takes it) that is taken out of the merged documents; raises
    UnknownPath where there is none.
    """
    collector = Collector()
    return _compile(folder_layers(folder, collector), collector, without)


def compile_texts(files: Mapping[str, str], *, without: str | None = None) -> Compiled:
    """The same of an app that is given as file name → text."""
    collector = Collector()
    return _compile(text_layers(files, collector), collector, without)


def _compile(read: Stack, collector: Collector, without: str | None) -> Compiled:
    app = plugged(read, collector)
    stack = app.stack
    shaped = app.shaped(collector)
    _stop_where_incomplete(app, shaped, collector)
    merged = merge_layers(shaped, collector, app.lists)
    if without is not None:
        merged = taken_out(merged, without, app.schemas, collector)
    layered = with_additions(merged, app.plugins, app.schemas, collector)
    model = analyze(layered.documents, app.plugins, collector)
    report_removals(layered.removed, collector)
    own = shaped[-1].documents
    report_languages(own, layered.documents, app.schemas, collector)
    collector.stop_on_errors(stack.sources)
    app.report_additions(model, collector)
    collector.stop_on_errors(stack.sources)
    report_unused(own, layered.documents, collector)
    return Compiled(model, collector.diagnostics, layered, stack.sources)


def _stop_where_incomplete(app: Plugged, shaped: tuple[Layer, ...], collector: Collector) -> None:
    """Without part of what was written, names would seem to be missing that are there."""
    stack = app.stack
    if not _has_app(stack.layers) and stack.complete:
        place = Span(next(iter(reversed([*stack.sources])), "app.yaml"), 1, 1)
        collector.error("SM110", "there is no document of the kind 'app'", place, hint=_HOW)
    if app.plugins.faults or not stack.complete or not _has_app(shaped):
        collector.stop_on_errors(stack.sources)


def _has_app(layers: tuple[Layer, ...]) -> bool:
    return any(document.data.get("kind") == "app" for layer in layers for document in layer.documents)


_HOW = "an app begins with `kind: app` and `name: …`, in any file of its folder"
