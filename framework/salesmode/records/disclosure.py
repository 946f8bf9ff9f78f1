"""What lets values out: each export and each unmasking is counted and logged in the transaction that allows
it, before anything comes out (D26a).

What a user has taken today is a rule across rows; its lock row is the user (RULING 12).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import lru_cache

from sqlalchemy import func, select

from salesmode.access.disclosure import per_day, shown_or
from salesmode.access.policy import Disclosure
from salesmode.access.scope import PolicyScope, SystemScope
from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Message, Problem, Refusal
from salesmode.model.access_log import ACCESS_LOG, UNMASK
from salesmode.model.condition import Argument, Compare, UserValue, both
from salesmode.records.atoms import Atoms
from salesmode.records.binding import one
from salesmode.records.checks import IDS
from salesmode.records.create import create
from salesmode.records.locking import Wanted, asked_ids, lock, lock_statement
from salesmode.records.subject import Subject, subject_of

_OPERATION, _OBJECT, _SINCE = "$operation", "$object", "$since"
_ME = Compare("id", "eq", UserValue("id"))
_TODAYS = both(
    Compare("created_by", "eq", UserValue("id")),
    Compare("operation", "eq", Argument((_OPERATION,))),
    Compare("object", "eq", Argument((_OBJECT,))),
    Compare("created_at", "gte", Argument((_SINCE,))),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the log tells. `condition`: the JSON text that selected an export."""

    operation: str
    object: str
    fields: tuple[str, ...]
    records: int
    record_id: str | None = None
    condition: str | None = None


def unmask(
    scope: PolicyScope, object_name: str, id_: str, fields: Sequence[str], environment: Environment
) -> UnitOf[tuple[str, ...]]:
    """Allow the caller those fields of one record in clear; gives its id.

    NOT_FOUND for a record that the caller does not see, FORBIDDEN where one of the fields may not be unmasked
    there, RATE_LIMITED where the day's records are used up. How it is read: `access.disclosure.unmasking`.
    """
    if not fields:
        problem = Problem(("fields",), "required", Message("required"))
        raise Refusal("VALIDATION_FAILED", problems=[problem])
    subject = subject_of(scope, object_name)
    names = tuple(dict.fromkeys(fields))
    plan = _lock(subject, names)
    ids = asked_ids([id_])
    found = yield from lock(plan.statement, plan.wanted, environment.with_variables({IDS: ids}))
    if not found or not found[0].rights[plan.visible]:
        raise Refusal("NOT_FOUND")
    if not all(found[0].rights[each] for each in plan.rights):
        raise Refusal("FORBIDDEN")
    granted = scope.policy.objects[object_name].unmask
    usable = [each for each in granted if each.fields.issuperset(names)]
    entry = Entry(UNMASK, object_name, names, 1, record_id=ids[0])
    yield from disclose(scope.system, entry, usable or granted, environment)
    return ids


def disclose(
    system: SystemScope, entry: Entry, granted: Sequence[Disclosure], environment: Environment
) -> UnitOf[None]:
    """Count and log; RATE_LIMITED where it is more than the roles grant for a day."""
    most = per_day(granted)
    if most is not None:
        yield from _within(system, entry, most, environment)
    values = {
        "operation": entry.operation,
        "object": entry.object,
        "fields": entry.fields,
        "records": entry.records,
        "record_id": entry.record_id,
        "condition": entry.condition,
    }
    given = {name: value for name, value in values.items() if value is not None}
    yield from create(system, ACCESS_LOG, [given], environment)


@dataclass(frozen=True, slots=True)
class _Lock:
    wanted: Wanted
    statement: Statement
    visible: int
    rights: tuple[int, ...]


@lru_cache(maxsize=512)
def _lock(subject: Subject, fields: tuple[str, ...]) -> _Lock:
    """The record, with the truth of the rights to each of the fields."""
    assert subject.policy is not None, "the system sees everything in clear"
    granted, atoms = subject.policy.objects[subject.object.name], Atoms()
    visible = atoms.index(granted.rows)
    rights = tuple(atoms.index(shown_or(granted, name)) for name in fields)
    wanted = Wanted(subject, atoms)
    return _Lock(wanted, lock_statement(wanted), visible, rights)


def _within(system: SystemScope, entry: Entry, most: int, environment: Environment) -> UnitOf[None]:
    values = {_OPERATION: entry.operation, _OBJECT: entry.object, _SINCE: _midnight(environment)}
    yield one(_user(system), {}, environment)
    rows = yield one(_taken(system), values, environment)
    left = max(most - int(str(rows[0][0] or 0)), 0)
    if entry.records > left:
        raise Refusal("RATE_LIMITED", Message("taken_today", {"limit": most, "left": left}))


def _midnight(environment: Environment) -> datetime:
    """When today began, in the app's time zone (RULING 14)."""
    zone = environment.timezone
    return datetime.combine(environment.now.astimezone(zone).date(), time(), zone).astimezone(UTC)


@lru_cache(maxsize=16)
def _user(system: SystemScope) -> Statement:
    source = system.source("user")
    this = compile_condition(_ME, source, system)
    return render(select(source.table.c.id).where(this).with_for_update(), system.dialect)


@lru_cache(maxsize=16)
def _taken(system: SystemScope) -> Statement:
    source = system.source(ACCESS_LOG)
    todays = compile_condition(_TODAYS, source, system)
    return render(select(func.sum(source.table.c.records)).where(todays), system.dialect)
