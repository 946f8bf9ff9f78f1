"""Timed work of plugins."""

from collections.abc import Iterator
from functools import partial
from itertools import count

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.hooks.jobs import TimedWork
from salesmode.jobs.work import Hand, Work
from salesmode.plugins import additions_of, shown
from salesmode.records.desks.calling import Code
from salesmode.records.desks.desk import desk_of
from salesmode.tables import Tables

_HOOK = "jobs"
_MOST_TIMES = 10_000


def plugin_works(tables: Tables) -> Iterator[Work]:
    """What the plugins of the app bring."""
    for each in additions_of(tables.model).works:
        code = Code(each.plugin, _HOOK, tables.model.app.plugin_timeout)
        run = partial(_carry_out, code, each.given)
        yield Work(f"plugin {each.plugin}: {each.given.name}", each.given.schedule, run)


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
        raise code.nonsense(f"'{work.name}' gives how many rows it handled, not {shown(found)}")
    return found
