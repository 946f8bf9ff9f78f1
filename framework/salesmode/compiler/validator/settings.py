"""Documents of kind `settings`, held against what their plugins say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from salesmode.compiler.located import Document, Path, part, text_of
from salesmode.compiler.validator.contributed import Schema
from salesmode.compiler.validator.grammar import TEXT_MEANT, Grammar
from salesmode.compiler.validator.schemas import settings_schemas_of
from salesmode.compiler.validator.shape import report_fault
from salesmode.diagnostics import Collector, did_you_mean
from salesmode.plugins import Plugins

_KIND, _VALUES = "settings", "values"
_STRANGE = "SM915"


def settings_of(
    documents: Iterable[Document], plugins: Plugins, collector: Collector
) -> dict[str, Mapping[str, Any]]:
    """The settings by plugin; what stands in the environment is still `{"env": NAME}`."""
    schemas = settings_schemas_of(plugins)
    found = {each.name: each for each in documents if each.kind == _KIND}
    for name, document in found.items():
        if name in schemas:
            _check(document, schemas[name], collector)
        else:
            _report_strange(document, plugins, collector)
    return {name: each.data.get(_VALUES, {}) for name, each in found.items() if name in schemas}


def unset(settings: Iterable[str], plugins: Plugins) -> Iterator[str]:
    """The plugins that need settings and have none."""
    for name, schema in settings_schemas_of(plugins).items():
        if name not in settings and any(Grammar(schema).iter_errors({})):
            yield name


def _check(document: Document, schema: Schema, collector: Collector) -> None:
    whole = {"type": "object", "properties": {_VALUES: schema}, "required": [_VALUES]}
    data = {_VALUES: {}, **document.data}
    for error in Grammar(whole).iter_errors(data):
        path = tuple(error.absolute_path)
        if error.validator == TEXT_MEANT:
            part(document.data, path[:-1])[path[-1]] = text_of(part(document.data, path))
        elif not _from_environment(data, path):
            report_fault(error, document, collector)


def _from_environment(data: Mapping[str, Any], path: Path) -> bool:
    """Whether the value there, or what it belongs to, is taken from the environment."""
    return any(_is_variable(part(data, path[:end])) for end in range(len(path) - 1, len(path) + 1) if end > 0)


def _is_variable(value: object) -> bool:
    return isinstance(value, Mapping) and [*value] == ["env"] and isinstance(value["env"], str)


def _report_strange(document: Document, plugins: Plugins, collector: Collector) -> None:
    name = document.name
    if name in plugins.names:
        message, hint = f"the plugin '{name}' has no settings", None
    else:
        message = f"the app does not use a plugin '{name}'"
        hint = did_you_mean(name, plugins.names) or f"add `{name}` to the app's `plugins`"
    collector.error(_STRANGE, message, document.value_place(("name",)), hint=hint)
