"""The value of a computed field as SQL, and what of its own row it is computed from."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, case

from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.conditions.formulas.compile import compile_expression
from salesmode.conditions.mentions import mentions, overs, row_values
from salesmode.conditions.rollups import compile_rollup
from salesmode.conditions.scope import Scope, Source
from salesmode.model.computed import Computed, Formula, Holds, Rollup, reads_of
from salesmode.model.condition import Condition
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE


def computed_value(field: Field, source: Source, scope: Scope) -> ColumnElement[Any]:
    """What a field without a column is worth on a row of `source`; on a row of nulls it is null."""
    found: ColumnElement[Any]
    match field.computed:
        case Formula(expression):
            found = compile_expression(expression, field, source, scope)
        case Rollup() as rollup:
            found = compile_rollup(rollup, field, source, scope)
        case Holds(condition):
            found = as_boolean(compile_condition(condition, source, scope))
        case None:
            raise AssertionError(f"'{field.name}' is not computed")
    return case((source.table.c.id.is_not(None), found)) if source.optional else found


def with_sources(names: Iterable[str], object_: Object) -> frozenset[str]:
    """The fields, and what else of the same row has to be known to know them."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            field = object_.fields.get(name)
            waiting += _sources(field) if field is not None else ()
    return frozenset(found)


def ranged_over(condition: Condition, object_: Object) -> frozenset[str]:
    """The to-many relations of the row that have to be known to know the condition, by itself or by what is
    rolled up.
    """
    named = (object_.fields.get(name) for name in with_sources(mentions(condition), object_))
    rolled = (field.computed.over for field in named if field and isinstance(field.computed, Rollup))
    return overs(condition).union(rolled)


def _sources(field: Field) -> set[str]:
    """A stage means something in its pipeline, and a field may be of some pipelines only."""
    if field.computed is not None:
        return _looked_at(field.computed)
    return {PIPELINE} if field.type == "stage" or field.pipelines is not None else set()


def _looked_at(computed: Computed) -> set[str]:
    if isinstance(computed, Formula):
        return {(*read.path, read.field)[0] for read in reads_of(computed.expression)}
    if isinstance(computed, Holds):
        return set(mentions(computed.condition))
    return {"id", *row_values(computed.where)}
