"""Plugins: found by name, verified against the hooks, and asked one by one, so that a failing one is named.

Takes: the names that an app lists under `plugins`.
Gives: Plugins: the implementations of each hook in order, what hooks of compile time brought, what is wrong.
Rejects when: never; a plugin that is not installed, misspells a hook or answers nonsense is a PluginFault,
  which the compiler reports at the app's `plugins`.
Modules: faults; sources (entry points, and what a test provides) → verified (one plugin against the hooks) →
  implementations (of all, in order) → brought (kinds, layers, types, masks, settings); manager;
  asking (what runs when an app is compiled); written_types → additions (what they add to one app: added,
  panels, works); commands.
"""

from salesmode.plugins.added import Added, Additions
from salesmode.plugins.additions import additions_of
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.brought import Brought
from salesmode.plugins.commands import Commands, commands_of
from salesmode.plugins.faults import PluginFault
from salesmode.plugins.implementations import Implementation
from salesmode.plugins.manager import Plugins, available, plugins_of, provided, stand_ins
from salesmode.plugins.sources import Source
from salesmode.plugins.verified import HOOKS

__all__ = [
    "HOOKS",
    "Added",
    "Additions",
    "Brought",
    "Commands",
    "Failed",
    "Implementation",
    "PluginFault",
    "Plugins",
    "Source",
    "additions_of",
    "asked",
    "available",
    "commands_of",
    "plugins_of",
    "provided",
    "shown",
    "stand_ins",
]
