"""One plugin, loaded and held against the hooks."""

import inspect

import pluggy

from salesmode import hookspecs
from salesmode.diagnostics import did_you_mean
from salesmode.plugins.faults import NOT_LOADED, PluginFault
from salesmode.plugins.sources import Source

_IMPLEMENTED, _SPECIFIED = (f"{hookspecs.PROJECT}_{each}" for each in ("impl", "spec"))

HOOKS = tuple(name for name, each in vars(hookspecs).items() if hasattr(each, _SPECIFIED))
"""The names of all hooks, as hookspecs has them."""


def new_manager() -> pluggy.PluginManager:
    """A manager that knows every hook and no plugin."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def verified(source: Source) -> object | PluginFault:
    """The plugin, whose hooks are all hooks and take what hooks are given."""
    try:
        plugin = source.load()
    except (Exception, SystemExit) as error:  # whatever a stranger's import raises
        message = f"the plugin '{source.name}' cannot be imported"
        return PluginFault(source.name, NOT_LOADED, message, f"{type(error).__name__}: {error}")
    if inspect.isclass(plugin):
        message = f"the plugin '{source.name}' is a class"
        return PluginFault(source.name, NOT_LOADED, message, hint="name a module or an instance")
    return _misspelled(source.name, plugin) or plugin


def _misspelled(name: str, plugin: object) -> PluginFault | None:
    message = f"the plugin '{name}' does not fit the hooks"
    for hook in marked(plugin):
        if hook not in HOOKS:
            why = f"there is no hook `{hook}`"
            return PluginFault(name, NOT_LOADED, message, why, did_you_mean(hook, HOOKS))
    manager = new_manager()
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        return PluginFault(name, NOT_LOADED, message, " ".join(str(error).split()))
    for caller in manager.get_hookcallers(plugin) or ():
        if any(impl.wrapper or impl.hookwrapper for impl in caller.get_hookimpls()):
            why = f"it wraps `{caller.name}`; hooks are implemented and not wrapped"
            return PluginFault(name, NOT_LOADED, message, why)
    return None


def marked(plugin: object) -> list[str]:
    """The names of all that is marked as the implementation of a hook."""
    return [name for name in dir(plugin) if hasattr(getattr(plugin, name, None), _IMPLEMENTED)]
