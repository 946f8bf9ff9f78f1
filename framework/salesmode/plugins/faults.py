"""What is wrong with a plugin, told to whoever switched it on."""

from dataclasses import dataclass

NOT_INSTALLED = "SM910"
NOT_LOADED = "SM911"
BAD_ANSWER = "SM912"


@dataclass(frozen=True, slots=True)
class PluginFault:
    """`message` names the plugin; `why` and `hint` are for its developer."""

    plugin: str
    code: str
    message: str
    why: str | None = None
    hint: str | None = None


def raised(plugin: str, hook: str, why: str) -> PluginFault:
    """The plugin's code raised something while a hook was called, or did not come to an end."""
    return PluginFault(plugin, BAD_ANSWER, f"the plugin '{plugin}' failed in `{hook}`", why)


def nonsense(plugin: str, hook: str, what: str, hint: str | None = None) -> PluginFault:
    """A hook gave something that it may not give."""
    message = f"the plugin '{plugin}' gave something wrong in `{hook}`"
    return PluginFault(plugin, BAD_ANSWER, message, what, hint)
