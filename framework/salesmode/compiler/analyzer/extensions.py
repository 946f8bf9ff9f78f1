"""Documents of plugins' kinds become the values that the plugins make of them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from salesmode.compiler.analyzer.reading import DocumentReader, Names
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import Document
from salesmode.compiler.validator import check_whole, whole_schemas_of
from salesmode.diagnostics import Collector
from salesmode.hooks.kinds import MetadataKind
from salesmode.plugins import Failed, Plugins, asked

FAILED = "SM912"


def extensions_of(
    documents: Iterable[Document], plugins: Plugins, names: Names, collector: Collector
) -> dict[str, Mapping[str, Any]]:
    """By kind and name; every kind of every plugin is there."""
    whole = check_whole(documents, whole_schemas_of(plugins), collector)
    return {
        kind.name: dict(_built(plugin, kind, whole, names, collector))
        for plugin, kinds in plugins.brought.kinds.items()
        for kind in kinds
    }


def _built(
    plugin: str,
    kind: MetadataKind,
    documents: Iterable[tuple[Document, bool]],
    names: Names,
    collector: Collector,
) -> Iterator[tuple[str, Any]]:
    for document, right in ((each, right) for each, right in documents if each.kind == kind.name):
        say = Reporter(document, collector)
        reader = DocumentReader(say, names)
        value = asked(partial(kind.build, reader))
        if isinstance(value, Failed):
            if right and not reader.failed:  # else it did without a part that is reported
                message = f"the plugin '{plugin}' failed to read this {kind.name.replace('_', ' ')}"
                say.error_at_value(FAILED, message, "name", why=value.why)
            continue
        yield document.name, value
