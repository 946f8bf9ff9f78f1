"""What a list of references must lead to: no condition speaks of all its elements, so it is its own atom."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from salesmode.conditions.compile import compile_condition
from salesmode.conditions.operands import elements
from salesmode.conditions.place import Place, some
from salesmode.conditions.scope import Source
from salesmode.model.condition import Condition
from salesmode.records.subject import Subject


@dataclass(frozen=True, slots=True)
class Members:
    """Every element of the list `field` is the id of a living row of `target` that satisfies `where`."""

    field: str
    target: str
    where: Condition


def all_there(members: Members, subject: Subject, source: Source) -> ColumnElement[bool]:
    """True where there are no elements."""
    place = Place(source, subject.system, source)
    listed = source.table.c[source.object.fields[members.field].column]
    element = elements(listed, place)
    target = subject.system.source(members.target)
    suits = compile_condition(members.where, target, subject.system, root=source)
    there = some(target.table, and_(target.table.c.id == element, subject.system.rows(target), suits))
    return ~some(element.table, ~there)
