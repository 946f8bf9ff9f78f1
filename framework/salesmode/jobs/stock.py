"""Jobs that take snapshots: one for each day, named by the job and the day."""

from functools import lru_cache

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.jobs.work import Hand
from salesmode.model.condition import Argument, Compare, both
from salesmode.model.job import Job
from salesmode.model.snapshot import SNAPSHOT
from salesmode.records import take_snapshot
from salesmode.tables import Tables


async def take_stock(job: Job, hand: Hand) -> int:
    """Take the snapshot of the day, if it is not there."""
    return await hand.do(lambda: _taken(job, hand.tables, hand.environment))


def _taken(job: Job, tables: Tables, environment: Environment) -> UnitOf[int]:
    today = environment.now.astimezone(environment.timezone).date()
    name = f"{job.label.text(tables.model.app.locales[0])} {today.isoformat()}"
    there, asked = _there(tables), {"name": name, "object": job.object}
    if (yield Step(there.sql, there.bind(environment.with_variables(asked)))):
        return 0
    return len((yield from take_snapshot(SystemScope(tables), job.object, name, environment)))


@lru_cache(maxsize=16)
def _there(tables: Tables) -> Statement:
    system = SystemScope(tables)
    source = system.source(SNAPSHOT)
    same = both(*(Compare(name, "eq", Argument((name,))) for name in ("name", "object")))
    rows = select(source.table.c.id).where(system.rows(source), compile_condition(same, source, system))
    return render(rows, tables.dialect)
