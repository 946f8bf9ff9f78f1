"""References that rules of the metadata choose (`assign`): one statement for all rows of a write.

A rule names its record by a key; where no such record is there, the next rule that applies chooses. A
reference that somebody wrote by hand has no rule beside it and stays; one that is empty, or that a rule
chose, is chosen again whenever a field is written that the rules look at.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Subquery, Table, and_, case, cast, null, or_, select, update

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.computed import with_sources
from salesmode.conditions.mentions import mentions
from salesmode.conditions.scope import Source
from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.assignment import Assignment, AssignmentRule
from salesmode.model.condition import ALWAYS, Compare, Condition, RowValue
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.records.binding import one
from salesmode.records.checks import IDS, THESE
from salesmode.records.subject import Subject
from salesmode.records.written import Written


def choices(subject: Subject, names: Iterable[str]) -> tuple[Field, ...]:
    """The references that rules may choose again once those fields are written, in the order of choosing."""
    written, found = set(names), []
    for field in subject.stored:
        if field.assignment and not written.isdisjoint(_looked_at(field, field.assignment, subject.object)):
            found.append(field)
            written |= {field.name, field.assignment.told}
    return tuple(found)


def chosen_fields(subject: Subject, names: Iterable[str]) -> frozenset[str]:
    """Those references, and the fields that say which rule chose."""
    found = choices(subject, names)
    return frozenset(name for each in found if each.assignment for name in (each.name, each.assignment.told))


def by_hand(subject: Subject, names: Iterable[str]) -> frozenset[str]:
    """What a write of those fields empties: no rule chose what somebody gives."""
    written = frozenset(names)
    given = (each for each in subject.stored if each.name in written)
    return frozenset(each.assignment.told for each in given if each.assignment) - written


def choose(
    subject: Subject, names: Iterable[str], rows: Sequence[Written], environment: Environment
) -> UnitOf[None]:
    """Let the rules choose for rows in which those fields were written; the rows hold it afterwards."""
    for field in choices(subject, names):
        waiting = {row.id: row for row in rows if row.values.get(field.name) is None}
        if waiting:
            answer = yield one(_choosing(subject, field.name), {IDS: tuple(waiting)}, environment)
            for id_, target, rule in answer:
                waiting[str(id_)].values.update(_chosen(field, target, rule))


def _chosen(field: Field, target: object, rule: object) -> Mapping[str, object]:
    assert field.assignment is not None
    return {field.name: None if target is None else str(target), field.assignment.told: rule}


def _looked_at(field: Field, assignment: Assignment, object_: Object) -> frozenset[str]:
    keys = (each.to.field for each in assignment.rules if isinstance(each.to, RowValue))
    looked_at = frozenset({field.name, *keys}).union(*(mentions(each.when) for each in assignment.rules))
    return with_sources(looked_at, object_)


@lru_cache(maxsize=512)
def _choosing(subject: Subject, name: str) -> Statement:
    """The rows of `$ids` for which the rules choose something else than they have."""
    field, table = subject.object.fields[name], subject.table
    found = found_by_rules(subject, field, THESE)
    values = {column.name: new for column, new in _columns(field, table, found)}
    changed = update(table).values(values).where(table.c.id == found.c.id, differs(field, table, found))
    return render(changed.returning(table.c.id, *(table.c[each] for each in values)), subject.dialect)


def found_by_rules(subject: Subject, field: Field, where: Condition) -> Subquery:
    """`id`, `target` and `rule` of the object's rows that fit and are not kept by hand."""
    assert field.assignment is not None
    row, rules = subject.system.source(subject.object.name), field.assignment.rules
    reference, told = row.table.c[field.column], row.table.c[field.assignment.told]
    open_ = or_(reference.is_(None), told.is_not(None))
    targets = [_target(subject, field, rule, row).label(f"to_{at}") for at, rule in enumerate(rules)]
    asked = select(row.table.c.id, *targets).where(compile_condition(where, row, subject.system), open_)
    each = asked.subquery()
    there = [(rule, each.c[f"to_{at}"]) for at, rule in enumerate(rules)]
    target = _first([(to.is_not(None), to) for _, to in there], reference)
    rule = _first([(to.is_not(None), text_literal(rule.name)) for rule, to in there], told)
    return select(each.c.id, target.label("target"), rule.label("rule")).subquery()


def _first(
    found: Sequence[tuple[ColumnElement[bool], ColumnElement[Any]]], like: ColumnElement[Any]
) -> ColumnElement[Any]:
    return case(*found) if found else cast(null(), like.type)


def _target(subject: Subject, field: Field, rule: AssignmentRule, row: Source) -> ColumnElement[Any]:
    """The record that the rule names, where the rule applies."""
    assert field.to is not None
    assert field.assignment is not None
    system = subject.system
    target = system.source(field.to)
    key = compile_condition(Compare(field.assignment.by, "eq", rule.to), target, system, root=row)
    ids = select(target.table.c.id).where(and_(system.rows(target), key)).correlate_except(target.table)
    found = ids.scalar_subquery()
    return found if rule.when == ALWAYS else case((compile_condition(rule.when, row, system), found))


def differs(field: Field, table: Table, found: Subquery) -> ColumnElement[bool]:
    """Whether the row has something else than the rules choose for it."""
    return or_(*(column.is_distinct_from(new) for column, new in _columns(field, table, found)))


def _columns(
    field: Field, table: Table, found: Subquery
) -> Iterator[tuple[ColumnElement[Any], ColumnElement[Any]]]:
    assert field.assignment is not None
    yield table.c[field.column], found.c.target
    yield table.c[field.assignment.told], found.c.rule
