"""`under`: the row referred to is X, or lies below X in its object's tree (RULING 14)."""

from typing import Any

from sqlalchemy import ColumnElement, and_, select

from salesmode.conditions.operands import one
from salesmode.conditions.place import Place
from salesmode.conditions.scope import Source
from salesmode.model.condition import Compare


def under(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    """Walks down from X over rows that the scope has; a loop in the data ends the walk."""
    field = place.field(compare.field)
    assert field.to is not None
    top, below = place.scope.source(field.to), place.scope.source(field.to)
    start = one(compare.value, field, place)
    walk = (
        select(top.table.c.id)
        .where(top.table.c.id == start, place.scope.rows(top))
        .correlate_except(top.table)
        .cte(recursive=True, nesting=True)
    )
    link = place.scope.cell(below, field.name if field.tree else tree_field(below))
    linked = [link.raw == walk.c.id, place.scope.rows(below)]
    linked += [] if link.guard is None else [link.guard]
    walk = walk.union(select(below.table.c.id).select_from(below.table.join(walk, and_(*linked))))
    return raw.in_(select(walk.c.id))


def tree_field(source: Source) -> str:
    """The name of the reference that makes the object a tree."""
    return next(field.name for field in source.object.fields.values() if field.tree)
