"""Plugins that a test writes down itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from salesmode.hookspecs import GraphFields, hookimpl
from salesmode.plugins import provide, withdraw


@contextmanager
def plugged(**plugins: object) -> Iterator[None]:
    """Those plugins can be switched on by their names."""
    for name, plugin in plugins.items():
        provide(name, plugin)
    try:
        yield
    finally:
        for name in plugins:
            withdraw(name)


def adding(*fields: GraphFields | Callable[[Any], Any]) -> object:
    """A plugin that adds to the API; a function is the hook itself."""
    (given,) = fields

    @hookimpl
    def graph_fields(model: Any) -> Any:
        return given(model) if callable(given) else given

    return SimpleNamespace(graph_fields=graph_fields)
