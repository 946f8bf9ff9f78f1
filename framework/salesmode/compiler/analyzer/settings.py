"""The settings of plugins."""

from collections.abc import Iterable, Mapping
from typing import Any

from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.located import Document
from salesmode.compiler.validator import settings_of, unset
from salesmode.plugins import Plugins


def plugin_settings(
    documents: Iterable[Document], plugins: Plugins, app: Reporter
) -> Mapping[str, Mapping[str, Any]]:
    """By plugin; one that needs settings and has none is told where the app names it."""
    found = settings_of(documents, plugins, app.collector)
    for name in unset(found, plugins):
        path = ("plugins", list(app.document.data["plugins"]).index(name))
        hint = f"add `{{kind: settings, name: {name}, values: {{…}}}}`"
        app.error_at_value("SM915", f"the plugin '{name}' needs settings", *path, hint=hint)
    return found
