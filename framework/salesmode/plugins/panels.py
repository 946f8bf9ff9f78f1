"""Tables that plugins add to the console by `console_panels`."""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from salesmode.hooks.shell import Panel
from salesmode.model.app import Model
from salesmode.plugins.added import Added
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.faults import PluginFault, nonsense, raised
from salesmode.plugins.manager import plugins_of

HOOK = "console_panels"

_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PATH = re.compile(r"\w+(\.\w+)*")


def panels_of(model: Model, faults: list[PluginFault]) -> Iterator[Added[Panel]]:
    """The panels of the app; what is wrong with others is added to the faults."""
    names: set[str] = set()
    for plugin, call in plugins_of(model.app.plugins).calls(HOOK):
        answer = asked(partial(call, model=model))
        if isinstance(answer, Failed):
            faults.append(raised(plugin, HOOK, answer.why))
            continue
        for each in answer if isinstance(answer, Sequence) else (answer,):
            wrong = next(_wrong(each, names), None)
            if wrong is None:
                names.add(each.name)
                yield Added(plugin, each)
            else:
                faults.append(nonsense(plugin, HOOK, wrong))


def _wrong(panel: object, taken: set[str]) -> Iterator[str]:
    if not isinstance(panel, Panel):
        yield f"a Panel is expected, not {shown(panel)}"
        return
    if not _NAME.fullmatch(panel.name):
        yield f"'{panel.name}' is no name for a panel"
    if panel.name in taken:
        yield f"the panel '{panel.name}' is there already"
    if not _PATH.fullmatch(panel.rows):
        yield f"the rows of '{panel.name}' are no path: {panel.rows!r}"
    if not panel.columns:
        yield f"the panel '{panel.name}' has no columns"
        return
    for title, path in panel.columns.items():
        if not _PATH.fullmatch(path):
            yield f"the column '{title}' of '{panel.name}' is no path: {path!r}"
