"""The implementations of each hook, in the order in which they are asked."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pluggy

from salesmode.plugins.verified import HOOKS, marked, new_manager


class Implementation(NamedTuple):
    """What one plugin does for one hook. `call` takes the hook's arguments by keyword, and hands on those
    that the plugin's function names; what it gives or raises is the plugin's own.
    """

    plugin: str
    call: Callable[..., Any]


def implementations(plugins: Mapping[str, object]) -> Mapping[str, tuple[Implementation, ...]]:
    """By hook; plugins in the order of `plugins`, but for those that are to be asked first or last."""
    manager = new_manager()
    for name in reversed([*plugins]):  # pluggy asks the last first
        manager.register(_Hooks(plugins[name]), name)
    return {hook: _of(getattr(manager.hook, hook)) for hook in HOOKS}


class _Hooks:
    """What a plugin implements. Two plugins are two, however equal; pluggy would take them for one."""

    def __init__(self, plugin: object) -> None:
        for name in marked(plugin):
            setattr(self, name, getattr(plugin, name))


def _of(caller: pluggy.HookCaller) -> tuple[Implementation, ...]:
    return tuple(
        Implementation(impl.plugin_name, _taking_its_own(impl)) for impl in reversed(caller.get_hookimpls())
    )


def _taking_its_own(impl: pluggy.HookImpl) -> Callable[..., Any]:
    def call(**arguments: Any) -> Any:
        return impl.function(*(arguments[name] for name in impl.argnames))

    return call
