"""A collision is told alone and last (RULING 11 c): a row that has another one in its way is kept apart
first.

Such a row is not written with the others, which the checks notice. It is written as a deleted one, which
collides with nothing, so that its conditions can be asked for. Only when nothing else is wrong is it
brought among the living; then the database itself says which constraint does not hold, and it is known of
which row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, null, update

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.place import some
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes import slot_of
from salesmode.model.condition import Argument
from salesmode.model.field import Field
from salesmode.model.object import Unique
from salesmode.records.binding import guarded, one
from salesmode.records.checks import IDS, THESE
from salesmode.records.hooking import faults
from salesmode.records.judging import Findings, Law, judge, note
from salesmode.records.keeping import keep
from salesmode.records.matching import same
from salesmode.records.subject import Subject
from salesmode.records.written import Written
from salesmode.tables.indexes import uniques

Steps = Callable[[Sequence[Written]], UnitOf[None]]


def judged(
    law: Law, rows: Sequence[Written], apart: Steps, *, environment: Environment, findings: Findings
) -> UnitOf[None]:
    """Ask everything of the rows at once, and judge them. `apart` writes rows that were not written."""
    answer = yield from law.checks.ask({row.id: row.version for row in rows}, environment)
    failing = dict(answer.failing)
    late = [row for row in rows if row.id in answer.absent]
    if late:
        yield from apart(late)
        again = yield from law.checks.ask({row.id: row.version for row in late}, environment)
        failing |= again.failing
    findings.late.extend((law.subject, row) for row in late)
    findings.unknown.update(row.id for row in late)
    judge(law, rows, failing, environment=environment, findings=findings)
    for row in rows[:1]:
        note(findings.broken, (yield from faults(law.subject, row.operation, rows, environment)))


def settle(findings: Findings, environment: Environment) -> UnitOf[None]:
    """Refuse what was found; then let the rows that were kept apart collide, if they still do."""
    findings.refuse()
    for subject, row in findings.late:
        yield from guarded(one(_arrival(subject), {IDS: (row.id,)}, environment), subject, [row.path])
        yield from keep(subject, [row], environment)


@lru_cache(maxsize=512)
def _arrival(subject: Subject) -> Statement:
    these = compile_condition(THESE, subject.source, subject.system)
    return render(update(subject.table).values(deleted_at=null()).where(these), subject.dialect)


def concerned(subject: Subject, names: Iterable[str]) -> tuple[Unique, ...]:
    """What is unique and may be violated by a write of those fields."""
    written = frozenset(names)
    return tuple(each for each in uniques(subject.object) if not written.isdisjoint(each.fields))


def nobody_in_the_way(subject: Subject, names: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    """That no other living row has what a row will have when those fields get the values of the variables."""
    table, fields = subject.table, subject.object.fields
    for unique in concerned(subject, names):
        other = subject.system.source(subject.object.name)
        alike = [
            same(
                unique,
                fields[name],
                other.table.c[fields[name].column],
                _new(subject, fields[name]) if name in names else table.c[fields[name].column],
                dialect=subject.dialect,
            )
            for name in unique.fields
        ]
        yield ~some(other.table, subject.system.rows(other), other.table.c.id != table.c.id, *alike)


def _new(subject: Subject, field: Field) -> ColumnElement[Any]:
    return slot_of(Argument((field.name,)), field, subject.dialect)
