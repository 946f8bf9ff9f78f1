"""Timed work of plugins."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import Any

from croniter import croniter

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.hooks.jobs import TimedWork
from salesmode.jobs.work import Hand, Work
from salesmode.plugins import plugins_of
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from salesmode.tables import Tables

_HOOK = "jobs"
_MOST_TIMES = 10_000


def plugin_works(tables: Tables) -> Iterator[Work]:
    """What the plugins of the app bring; a Refusal names the one that brings something wrong."""
    app = tables.model.app
    for plugin, call in plugins_of(app.plugins).calls(_HOOK):
        code = Code(plugin, _HOOK, app.plugin_timeout)
        for each in _checked(code, call(model=tables.model)):
            run = partial(_carry_out, code, each)
            yield Work(f"plugin {plugin}: {each.name}", each.schedule, run)


def _checked(code: Code, answer: Any) -> Sequence[TimedWork]:
    if not isinstance(answer, Sequence) or not all(isinstance(each, TimedWork) for each in answer):
        raise code.nonsense(f"a sequence of TimedWork is expected, not {answer!r:.100}")
    for each in answer:
        if not croniter.is_valid(each.schedule):
            raise code.nonsense(f"'{each.schedule}' of '{each.name}' is no schedule of cron")
    if len({each.name for each in answer}) < len(answer):
        raise code.nonsense("two pieces of work have one name")
    return answer


async def _carry_out(code: Code, work: TimedWork, hand: Hand) -> int:
    """Again and again, until it finds nothing more to do."""
    total = 0
    for times in count(1):
        done = await hand.do(lambda: _once(code, work, hand))
        total += done
        if not done:
            return total
        if times == _MOST_TIMES:
            raise code.nonsense(f"'{work.name}' always finds something to do")
    raise AssertionError


def _once(code: Code, work: TimedWork, hand: Hand) -> UnitOf[int]:
    desk = desk_of(SystemScope(hand.tables), hand.environment)
    found = yield from code.called(lambda: work.run(desk))
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise code.nonsense(f"'{work.name}' gives how many rows it handled, not {found!r:.100}")
    return found
