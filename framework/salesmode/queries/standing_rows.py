"""The records of pipelines that an analysis is about: those whose reader may see where they stand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, cast, null, select

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.fieldtypes.sql import text_literal
from salesmode.model.condition import ALWAYS, Condition
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.pipelines.expected import Standing, told_of
from salesmode.pipelines.lines import several
from salesmode.pipelines.places import telling


def standing_rows(
    source: Source,
    where: Condition,
    scope: PolicyScope,
    *,
    columns: Sequence[ColumnElement[Any]],
    table: FromClause,
    deleted: bool = False,
) -> Select[Any]:
    """Selects the columns of the rows of `source` that are asked for and tell where they stand; `table`: the
    source with whatever is joined to it. `deleted`: those too that would be there if they were not deleted.
    """
    guards = (scope.readable(source, name).guard for name in telling(source.object))
    shown = [each for each in guards if each is not None]
    asked = [] if where == ALWAYS else [compile_condition(where, source, scope)]
    rows = scope.ever(source) if deleted else scope.rows(source)
    return select(*columns).select_from(table).where(rows, *shown, *asked)


def standing_of(source: Source, scope: PolicyScope) -> Standing:
    """Where the rows stand, as their reader may know it: one of `standing_rows` tells all of it."""
    shown = {
        name: scope.readable(source, name).value if name in telling(source.object) else cast(null(), Text())
        for name in (PIPELINE, STAGE, STATUS)
    }
    if not several(source.object):
        shown[PIPELINE] = text_literal(source.object.fields[PIPELINE].options[0].name)
    return Standing(shown[PIPELINE], shown[STAGE], shown[STATUS])


def status_of(source: Source, scope: PolicyScope) -> ColumnElement[str]:
    """`open`, `won` or `lost`, by the place of each row."""
    pipelines = scope.model.pipelines_of(source.object.name)
    return told_of(pipelines, standing_of(source, scope), lambda place: text_literal(place.status))
