"""Plugins that a test writes down itself."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from salesmode.hookspecs import GraphFields, hookimpl
from salesmode.plugins import provided as plugged

__all__ = ["adding", "plugged"]


def adding(given: GraphFields | Callable[[Any], Any], panels: Sequence[Any] = ()) -> object:
    """A plugin that adds to the API, and to the console; a function is the hook itself."""

    @hookimpl
    def graph_fields(model: Any) -> Any:
        return given(model) if callable(given) else given

    @hookimpl
    def console_panels(model: Any) -> Any:
        return panels

    return SimpleNamespace(graph_fields=graph_fields, console_panels=console_panels)
