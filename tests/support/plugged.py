"""Plugins that a test writes down itself."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from salesmode.hookspecs import GraphFields, hookimpl
from salesmode.plugins import provided as plugged

__all__ = ["adding", "plugged"]


def adding(*fields: GraphFields | Callable[[Any], Any]) -> object:
    """A plugin that adds to the API; a function is the hook itself."""
    (given,) = fields

    @hookimpl
    def graph_fields(model: Any) -> Any:
        return given(model) if callable(given) else given

    return SimpleNamespace(graph_fields=graph_fields)
