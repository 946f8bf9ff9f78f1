"""`under`: the row referred to is X, or lies below X in its object's tree (RULING 14)."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, select

from salesmode.conditions.operands import one
from salesmode.conditions.place import Place
from salesmode.conditions.scope import Scope, Source
from salesmode.model.condition import Compare
from salesmode.model.field import Field


def under(raw: ColumnElement[Any], compare: Compare, place: Place) -> ColumnElement[bool]:
    """In the part of the tree below X, X included."""
    field = place.field(compare.field)
    walk = walk_from(one(compare.value, field, place), field, place.scope)
    return raw.in_(select(walk.c.id))


def walk_from(start: ColumnElement[Any], field: Field, scope: Scope) -> CTE:
    """The ids of the row `start` and of all below it, as far as the scope has them; a loop in the data ends
    the walk. `field` refers to the object that is a tree, or makes it one.
    """
    assert field.to is not None
    top, below = scope.source(field.to), scope.source(field.to)
    walk = (
        select(top.table.c.id)
        .where(top.table.c.id == start, scope.rows(top))
        .correlate_except(top.table)
        .cte(recursive=True, nesting=True)
    )
    link = scope.cell(below, field.name if field.tree else tree_field(below))
    linked = [link.raw == walk.c.id, scope.rows(below)]
    linked += [] if link.guard is None else [link.guard]
    return walk.union(select(below.table.c.id).select_from(below.table.join(walk, and_(*linked))))


def tree_field(source: Source) -> str:
    """The name of the reference that makes the object a tree."""
    return next(field.name for field in source.object.fields.values() if field.tree)
