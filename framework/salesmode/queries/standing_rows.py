"""The records of pipelines that an analysis is about: those whose reader may see where they stand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select

from salesmode.access.scope import PolicyScope
from salesmode.conditions.compile import compile_condition
from salesmode.conditions.scope import Source
from salesmode.model.condition import ALWAYS, Condition
from salesmode.pipelines.places import telling


def standing_rows(
    source: Source,
    where: Condition,
    scope: PolicyScope,
    *,
    columns: Sequence[ColumnElement[Any]],
    table: FromClause,
) -> Select[Any]:
    """Selects the columns of the rows of `source` that are asked for and tell where they stand; `table`: the
    source with whatever is joined to it.
    """
    guards = (scope.readable(source, name).guard for name in telling(source.object))
    shown = [each for each in guards if each is not None]
    asked = [] if where == ALWAYS else [compile_condition(where, source, scope)]
    return select(*columns).select_from(table).where(scope.rows(source), *shown, *asked)
