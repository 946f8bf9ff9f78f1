"""What was done about a record is known of those made of it: activities and tasks refer to both (D5, D72)."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select

from salesmode.conditions.compile import compile_condition
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import ManyStep
from salesmode.model.condition import Argument, Compare, Literal, both
from salesmode.model.object import Object
from salesmode.model.pipeline import Creation
from salesmode.records.alteration import update_statement
from salesmode.records.binding import many, one
from salesmode.records.checks import IDS
from salesmode.records.entries import Entry
from salesmode.records.filling import stamp
from salesmode.records.history import changed
from salesmode.records.keeping import keep
from salesmode.records.subject import Subject, subject_of
from salesmode.records.written import Written

_LINKED = ("activity", "task")  # what `activities: true` ties to records


def carry(
    subject: Subject, creation: Creation, linked: Sequence[Written], environment: Environment
) -> UnitOf[list[Entry]]:
    """The activities and tasks of the linked rows are of the new records too, unless they are of another."""
    entries: list[Entry] = []
    made_of = {row.id: row.values[creation.into] for row in linked}
    for of in (subject_of(subject.system, name) for name in _LINKED):
        if _refers(of.object, subject.object.name) and _refers(of.object, creation.object):
            statement = _belonging(of, subject.object.name, creation.object)
            found = yield one(statement, {IDS: tuple(made_of)}, environment)
            rows = [_carried(creation.object, made_of[str(old)], row) for old, *row in found]
            if rows:
                yield _write(of, creation.object, rows, environment)
                yield from keep(of, rows, environment)
                entries += changed(of, "updated", rows)
    return entries


def _refers(object_: Object, name: str) -> bool:
    return name in object_.fields and object_.fields[name].to == name


@lru_cache(maxsize=64)
def _belonging(subject: Subject, old: str, new: str) -> Statement:
    """Those of the old records that belong to none of the new kind; locked."""
    source = subject.source
    these = both(Compare(old, "in", Argument((IDS,))), Compare(new, "isNull", Literal(True)))
    columns = source.table.c
    rows = select(columns[subject.object.fields[old].column], columns.id, columns.version).where(
        subject.system.rows(source), compile_condition(these, source, subject.system)
    )
    return render(rows.order_by(columns.id).with_for_update(of=source.table), subject.dialect)


def _carried(name: str, new: object, row: Sequence[object]) -> Written:
    id_, version = row
    return Written(
        str(id_), (), frozenset({name}), {name: new}, old={name: None}, version=int(str(version)) + 1
    )


def _write(subject: Subject, name: str, rows: Sequence[Written], environment: Environment) -> ManyStep:
    new = [{**each.values, **stamp(environment), IDS: (each.id,)} for each in rows]
    return many(update_statement(subject, frozenset({name})), new, environment)
