"""The one statement behind an explanation: is the row there, and which conditions hold of it."""

from collections.abc import Sequence

from sqlalchemy import select

from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.statement import Statement, render
from salesmode.model.condition import Argument, Compare, Condition

ID = "$id"
"""The variable with the id of the record."""


def truths_of(conditions: Sequence[Condition], object_name: str, scope: SystemScope) -> Statement:
    """For the record `$id`: whether it lives, then one boolean for each condition; no row for no record.

    With the system's rights, as every condition of the metadata (RULING 9); for administrators alone.
    """
    source = scope.source(object_name)
    holds = [
        as_boolean(compile_condition(each, source, scope)).label(f"holds_{number}")
        for number, each in enumerate(conditions)
    ]
    this = compile_condition(Compare("id", "eq", Argument((ID,))), source, scope)
    lives = as_boolean(scope.rows(source)).label("lives")
    return render(select(lives, *holds).where(this), scope.dialect)
