"""What plugins add to the command line by `cli_commands`: asked when a command is looked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salesmode.hooks.shell import Argument, Command
from salesmode.plugins.added import Added
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.faults import PluginFault, nonsense, raised
from salesmode.plugins.manager import plugins_of

HOOK = "cli_commands"

_WORD = re.compile("[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_OF_EVERY_COMMAND = frozenset({"app", "database", "json", "help"})

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """By name; `faults`: what is wrong with others."""

    found: Mapping[Name, Added[Command]]
    faults: tuple[PluginFault, ...]


def commands_of(plugins: tuple[str, ...], taken: Sequence[Name]) -> Commands:
    """The commands of these plugins. `taken`: those that are there already."""
    found: dict[Name, Added[Command]] = {}
    faults: list[PluginFault] = []
    for plugin, call in plugins_of(plugins).calls(HOOK):
        answer = asked(call)
        if isinstance(answer, Failed):
            faults.append(raised(plugin, HOOK, answer.why))
            continue
        for each in answer if isinstance(answer, Sequence) else (answer,):
            wrong = next(_wrong(each, {*taken, *found}), None)
            if wrong is None:
                found[each.name] = Added(plugin, each)
            else:
                faults.append(nonsense(plugin, HOOK, wrong))
    return Commands(found, tuple(faults))


def _wrong(command: object, taken: set[Name]) -> Iterator[str]:
    if not isinstance(command, Command):
        yield f"a Command is expected, not {shown(command)}"
        return
    name = " ".join(command.name)
    if not 0 < len(command.name) < 3 or not all(map(_WORD.fullmatch, command.name)):
        yield f"'{name}' is no name for a command: one word or two"
    if command.name in taken:
        yield f"the command '{name}' is there already"
    given: Sequence[object] = command.arguments
    names = [each.name for each in given if isinstance(each, Argument)]
    if len(set(names)) < len(given):
        yield f"the arguments of '{name}' are not Arguments of different names"
    for each in names:
        if not each.isidentifier() or each in _OF_EVERY_COMMAND:
            yield f"'{each}' is no name for an argument of '{name}'"
