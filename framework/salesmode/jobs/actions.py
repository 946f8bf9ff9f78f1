"""Jobs of the metadata: a sweep over the records that are due, page by page, each page one transaction.

What a page is refused is done record by record, so that one record which may not change keeps no other from
it. Whoever was handled is no longer due: by itself, or because it is remembered (`sm_handled`).
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from salesmode.access.scope import SystemScope
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.sqlite_functions import first_day
from salesmode.database.unit import ManyStep, Step
from salesmode.diagnostics import Refusal
from salesmode.jobs.due import AFTER, OCCASION, Due, due_after, read_due, remembering, still_due
from salesmode.jobs.stock import take_stock
from salesmode.jobs.work import Hand, Work
from salesmode.model.condition import Value
from salesmode.model.job import CreateFor, Job, RemoveTag, SetTag, SetValues, TakeSnapshot
from salesmode.records import create, move, tag, untag, update
from salesmode.records.checks import IDS
from salesmode.records.filling import resolved
from salesmode.tables import Tables

LOG = logging.getLogger("salesmode.jobs")

_FIRST = "00000000-0000-0000-0000-000000000000"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_Row: TypeAlias = Mapping[str, object]


def work_of(job: Job) -> Work:
    """The job as timed work."""
    run = take_stock if isinstance(job.action, TakeSnapshot) else _carry_out
    return Work(f"job {job.name}", job.schedule, partial(run, job))


async def _carry_out(job: Job, hand: Hand) -> int:
    occasion = {OCCASION: _period(job, hand.tables, hand.environment)}
    hand = replace(hand, environment=hand.environment.with_variables(occasion))
    count, after = 0, _FIRST
    while ids := await _page(job, hand, after):
        count += await _handled(job, hand, ids)
        after = ids[-1]
    return count


def _period(job: Job, tables: Tables, environment: Environment) -> str:
    """The period that the job's occasion is, if it is one."""
    if job.once is None or job.once.within is None:
        return ""
    today = environment.now.astimezone(environment.timezone).date()
    week_start = _DAYS.index(tables.model.app.week_start)
    return first_day(today, job.once.within.upper(), week_start).isoformat()


async def _page(job: Job, hand: Hand, after: str) -> list[str]:
    statement, variables = due_after(hand.tables, job.name), {AFTER: after}
    bound = statement.bind(hand.environment.with_variables(variables))
    return [str(row[0]) for row in await hand.database.fetch(Step(statement.sql, bound))]


async def _handled(job: Job, hand: Hand, ids: Sequence[str]) -> int:
    try:
        return await hand.do(lambda: _handle(job, hand.tables, ids, hand.environment))
    except Refusal as refusal:
        if len(ids) > 1:
            return sum([await _handled(job, hand, [each]) for each in ids])
        LOG.warning("'job %s' leaves %s %s as it is: %s", job.name, job.object, ids[0], _why(refusal))
        return 0


def _why(refusal: Refusal) -> str:
    codes = ", ".join(each.code for each in refusal.problems)
    return f"{refusal.code} ({codes})" if codes else refusal.code


def _handle(job: Job, tables: Tables, ids: Sequence[str], environment: Environment) -> UnitOf[int]:
    """What is still due of these, now that they are locked."""
    statement = still_due(tables, job.name)
    rows = yield Step(statement.sql, statement.bind(environment.with_variables({IDS: tuple(ids)})))
    due = read_due(rows, tables, job.name)
    if due:
        yield from _act(job, tables, due, environment)
        if job.once is not None:
            yield _remember(job, tables, due, environment)
    return len(due)


def _act(job: Job, tables: Tables, due: Sequence[Due], environment: Environment) -> UnitOf[None]:
    scope = SystemScope(tables)
    match job.action:
        case SetValues(values, None):
            for row, ids in _alike(_rows(values, job.object, tables, due, environment)):
                yield from update(scope, job.object, ids, row, environment)
        case SetValues(values, str(to)):
            for id_, row in _rows(values, job.object, tables, due, environment):
                yield from move(scope, job.object, id_, to, row, environment)
        case SetTag(name):
            for each in due:
                yield from tag(scope, job.object, {"id": each.id, "tag": name}, None, environment)
        case RemoveTag(name):
            for each in due:
                yield from untag(scope, job.object, {"id": each.id, "tag": name}, environment)
        case CreateFor(object_name, values):
            rows = [row for _, row in _rows(values, object_name, tables, due, environment)]
            yield from create(scope, object_name, rows, environment)


def _rows(
    values: Mapping[str, Value],
    object_name: str,
    tables: Tables,
    due: Iterable[Due],
    environment: Environment,
) -> Iterator[tuple[str, _Row]]:
    """For each record its values, as the fields of the object take them."""
    fields = tables.model.objects[object_name].fields
    for each in due:
        own = replace(environment, record=each.values)
        yield each.id, {name: resolved(value, fields[name], {}, own) for name, value in values.items()}


def _alike(rows: Iterable[tuple[str, _Row]]) -> Iterator[tuple[_Row, list[str]]]:
    """Records that get the same values get them by one statement."""
    groups: dict[str, tuple[_Row, list[str]]] = {}
    for id_, row in rows:
        groups.setdefault(repr(row), (row, []))[1].append(id_)
    yield from groups.values()


def _remember(job: Job, tables: Tables, due: Iterable[Due], environment: Environment) -> ManyStep:
    statement = remembering(tables)
    rows = [
        {
            "key": hashlib.sha256(f"{job.name} {each.id} {each.occasion}".encode()).hexdigest(),
            "job": job.name,
            "record_id": each.id,
            "occasion": each.occasion,
            "at": environment.now,
        }
        for each in due
    ]
    return ManyStep(statement.sql, [statement.bind(replace(environment, variables=each)) for each in rows])
