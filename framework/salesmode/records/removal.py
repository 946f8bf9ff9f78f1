"""Rows that a caller may delete, restore, share or tag, and how they go: composed once for each caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import update

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.diagnostics import Refusal
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import ALWAYS, NEVER, Argument, Condition, either
from salesmode.records.atoms import Atoms
from salesmode.records.binding import guarded, one
from salesmode.records.checks import IDS, THESE
from salesmode.records.filling import stamp
from salesmode.records.keeping import keep_all
from salesmode.records.locking import Locked, Wanted, asked_ids, lock, lock_statement
from salesmode.records.problems import ID, Path
from salesmode.records.subject import Subject

_DELETED = "$deleted_at"
_STAMP = ("updated_at", "updated_by")


@dataclass(frozen=True)
class _Plan:
    """`visible` and `rights` are indexes among what the lock tells; with each right its `check`."""

    wanted: Wanted
    lock: Statement
    visible: int
    rights: tuple[tuple[int, Condition], ...]


def lock_removable(
    subject: Subject, ids: Sequence[str], environment: Environment, *, living: bool
) -> UnitOf[list[Locked]]:
    """Rows that the caller may delete, or restore where they are not `living`.

    Restoring goes with deleting (RULING 16); a deleted row is seen by whoever would see it if it lived.
    """
    plan = _plan(subject, "delete", going=True, living=living)
    return (yield from _lock(plan, ids, environment))


def lock_sharable(subject: Subject, id_: str, environment: Environment) -> UnitOf[tuple[Locked, Condition]]:
    """A row on which the caller may give rights to others, and what has to hold of such a grant."""
    plan = _plan(subject, "share", going=False, living=True)
    (row,) = yield from _lock(plan, [id_], environment)
    return row, either(*(check for index, check in plan.rights if row.rights[index]))


def lock_taggable(subject: Subject, id_: str, tag: str, environment: Environment) -> UnitOf[Locked]:
    """A row on which the caller may set and remove that tag."""
    rows = yield from _lock(_plan(subject, "tag", tag=tag, going=False, living=True), [id_], environment)
    return rows[0]


def _lock(plan: _Plan, ids: Sequence[str], environment: Environment) -> UnitOf[list[Locked]]:
    """The rows in the order of `ids`; NOT_FOUND for one that the caller does not see, else FORBIDDEN
    without right.
    """
    ids = asked_ids(ids)
    found = yield from lock(plan.lock, plan.wanted, environment.with_variables({IDS: ids}))
    rows = {each.id: each for each in found if each.rights[plan.visible]}
    if any(each not in rows for each in ids):
        raise Refusal("NOT_FOUND")
    if not all(any(row.rights[each] for each, _ in plan.rights) for row in rows.values()):
        raise Refusal("FORBIDDEN")
    return [rows[each] for each in ids]


@lru_cache(maxsize=512)
def _plan(subject: Subject, operation: str, *, going: bool, living: bool, tag: str | None = None) -> _Plan:
    atoms = Atoms()
    visible = atoms.index(subject.rows(subject.object.name))
    rights = tuple(
        (atoms.index(where), check) for where, check in _rights(subject, operation, tag) if where != NEVER
    )
    wanted = Wanted(subject, atoms, going=going, living=living)
    return _Plan(wanted, lock_statement(wanted), visible, rights)


def _rights(subject: Subject, operation: str, tag: str | None) -> list[tuple[Condition, Condition]]:
    """Where the operation is granted, and the `check` that belongs to it."""
    if tag:
        return [(subject.tags(tag), ALWAYS)]
    return [(each.where, each.check) for each in subject.grants(operation)]


def mark(subject: Subject, ids: Sequence[str], environment: Environment, *, deleted: bool) -> UnitOf[None]:
    """Delete the rows, or bring them back; a row that collides on its return is a CONFLICT (RULING 28)."""
    row = {IDS: tuple(ids), _DELETED: environment.now if deleted else None, **stamp(environment)}
    paths: list[Path] = [ID]
    yield from guarded(one(_mark(subject), row, environment), subject, paths)
    yield from keep_all(subject, ids, environment)


@lru_cache(maxsize=512)
def _mark(subject: Subject) -> Statement:
    table, fields = subject.table, subject.object.fields
    values = {each: slot_of(Argument((each,)), fields[each], subject.dialect) for each in _STAMP}
    columns = {fields[name].column: value for name, value in values.items()}
    columns["deleted_at"] = slot_of(Argument((_DELETED,)), fields["created_at"], subject.dialect)
    these = compile_condition(THESE, subject.source, subject.system)
    return render(
        update(table).values({**columns, "version": table.c.version + 1}).where(these), subject.dialect
    )
