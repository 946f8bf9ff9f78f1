"""Timed work of plugins (`jobs`)."""

from collections.abc import Iterator, Sequence
from functools import partial

from croniter import croniter

from salesmode.hooks.jobs import TimedWork
from salesmode.model.app import Model
from salesmode.plugins.added import Added
from salesmode.plugins.asking import Failed, asked, shown
from salesmode.plugins.faults import PluginFault, nonsense, raised
from salesmode.plugins.manager import plugins_of

HOOK = "jobs"
_FIELDS = 5


def works_of(model: Model, faults: list[PluginFault]) -> Iterator[Added[TimedWork]]:
    """The timed work of the app; what is wrong with others is added to the faults."""
    for plugin, call in plugins_of(model.app.plugins).calls(HOOK):
        answer = asked(partial(call, model=model))
        if isinstance(answer, Failed):
            faults.append(raised(plugin, HOOK, answer.why))
            continue
        names: set[str] = set()
        for each in answer if isinstance(answer, Sequence) else (answer,):
            wrong = _wrong(each, names)
            if wrong is None:
                names.add(each.name)
                yield Added(plugin, each)
            else:
                faults.append(nonsense(plugin, HOOK, wrong))


def _wrong(work: object, taken: set[str]) -> str | None:
    if not isinstance(work, TimedWork):
        return f"a TimedWork is expected, not {shown(work)}"
    if work.name in taken:
        return f"two pieces of work have the name '{work.name}'"
    if not croniter.is_valid(work.schedule) or len(work.schedule.split()) != _FIELDS:
        return f"{shown(work.schedule)} of '{work.name}' is no schedule of cron"
    return None
