"""Conditions → SQL, two-valued (RULING 8).

`not` never reaches SQL: it is pushed down to the atoms, so that positive ones can use an index.
The result may be SQL NULL only where it counts as false: at the top of a WHERE, or below AND and OR there.
"""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from salesmode.conditions.atoms import atom
from salesmode.conditions.nulls import on_null
from salesmode.conditions.place import ONE, Place, some
from salesmode.conditions.scope import Scope, Source
from salesmode.model.condition import And, Compare, Condition, Const, Not, Or, Over, Through


def compile_condition(
    condition: Condition, source: Source, scope: Scope, *, root: Source | None = None
) -> ColumnElement[bool]:
    """What holds of a row of `source`; `root` is the row that `$row` means (`source`'s unless given)."""
    return _compiled(condition, Place(source, scope, root or source), holds=True)


def as_boolean(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A compiled condition for a select list: true or false, never null."""
    return func.coalesce(condition, false(), type_=condition.type)


def _compiled(condition: Condition, place: Place, *, holds: bool) -> ColumnElement[bool]:
    """The condition, or its complement where `holds` is false."""
    match condition:
        case Const(always):
            return true() if always == holds else false()
        case And(items) | Or(items):
            junction = and_ if isinstance(condition, And) == holds else or_
            return junction(*(_compiled(item, place, holds=holds) for item in items))
        case Not(item):
            return _compiled(item, place, holds=not holds)
        case Compare():
            return atom(condition, place, holds=holds)
        case Through():
            return _through(condition, place, holds=holds)
        case Over():
            return _over(condition, place, holds=holds)


def _through(condition: Through, place: Place, *, holds: bool) -> ColumnElement[bool]:
    """About the one row referred to; where there is none, about a row of nulls."""
    reference = place.field(condition.field)
    assert reference.to is not None
    target = place.scope.source(reference.to)
    link = place.scope.cell(place.source, condition.field)
    inner = place.at(target)
    linked = [target.table.c.id == link.raw, place.scope.rows(target)]
    linked += [] if link.guard is None else [link.guard]
    found = on_null(condition.where)
    if found is None:
        nothing = select(ONE.label("one")).subquery()
        row = nothing.outerjoin(target.table, and_(*linked))
        absent = place.at(replace(target, optional=True))
        return some(row, _compiled(condition.where, absent, holds=holds))
    if found == holds:
        return ~some(target.table, *linked, _compiled(condition.where, inner, holds=not holds))
    return some(target.table, *linked, _compiled(condition.where, inner, holds=holds))


def _over(condition: Over, place: Place, *, holds: bool) -> ColumnElement[bool]:
    """About the rows that point here, as far as the scope has them."""
    inverse = place.source.object.inverses[condition.inverse]
    target = place.scope.source(inverse.object)
    link = place.scope.cell(target, inverse.field)
    linked = [link.raw == place.source.table.c.id, place.scope.rows(target)]
    linked += [] if link.guard is None else [link.guard]
    every = condition.quantifier == "every"
    found = some(target.table, *linked, _compiled(condition.where, place.at(target), holds=not every))
    return found if (condition.quantifier == "some") == holds else ~found
