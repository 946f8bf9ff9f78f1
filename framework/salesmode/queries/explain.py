"""Why somebody sees a record: one statement that tells which conditions hold of it, and what follows."""

from collections.abc import Sequence

from sqlalchemy import select

from salesmode.access.explain import (
    HIDDEN,
    Explanation,
    decided_field,
    decided_record,
    others,
    questions,
    rules_on,
    unmasking_rules,
)
from salesmode.access.policy import Policy
from salesmode.access.scope import SystemScope
from salesmode.conditions.compile import as_boolean, compile_condition
from salesmode.database.driver import Database
from salesmode.database.environment import Environment
from salesmode.database.statement import Statement, render
from salesmode.database.unit import Step
from salesmode.model.condition import Argument, Compare, Condition
from salesmode.model.object import Object

ID = "$id"
"""The variable with the id of the record."""


async def explained(
    database: Database,
    scope: SystemScope,
    policy: Policy,
    environment: Environment,
    *,
    object_name: str,
    id: str,
    field: str | None,
) -> Explanation | None:
    """Why the user of the environment, whose policy it is, sees that record, and that field of it; None where
    there is no such living record. For administrators: it tells what the user may not know.
    """
    model, object_ = scope.model, scope.model.objects[object_name]
    rows = rules_on(model, policy.roles, object_, None)
    fields = rules_on(model, policy.roles, object_, field) if field else ()
    unmask = unmasking_rules(model, policy.roles, object_, field) if field else ()
    conditions = questions((*rows, *fields, *unmask))
    statement = truths_of(conditions, object_name, scope)
    found = await database.fetch(Step(statement.sql, statement.bind(environment.with_variables({ID: id}))))
    if not found or not found[0][0]:
        return None
    truths = dict(zip(conditions, map(bool, found[0][1:]), strict=True))
    record = decided_record(rows, truths)
    shown = decided_field(fields, truths) if field and record.outcome != HIDDEN else None
    return Explanation(
        user=str(environment.user.get("name")),
        roles=tuple(sorted(policy.roles)),
        object=object_,
        id=id,
        field=field,
        truths=truths,
        record=record,
        shown=shown,
        elsewhere=others(model, object_, field if shown else None, shown or record),
        unmask=unmask,
        unreachable=_unreachable(policy, object_, field) if shown and fields else None,
    )


def truths_of(conditions: Sequence[Condition], object_name: str, scope: SystemScope) -> Statement:
    """For the record `$id`: whether it lives, then one boolean for each condition; no row for no record.

    With the system's rights, as every condition of the metadata (RULING 9).
    """
    source = scope.source(object_name)
    holds = [
        as_boolean(compile_condition(each, source, scope)).label(f"holds_{number}")
        for number, each in enumerate(conditions)
    ]
    this = compile_condition(Compare("id", "eq", Argument((ID,))), source, scope)
    lives = as_boolean(scope.rows(source)).label("lives")
    return render(select(lives, *holds).where(this), scope.dialect)


def _unreachable(policy: Policy, object_: Object, field: str | None) -> str | None:
    """What the field leads to, where the policy has no such field for want of it."""
    granted = policy.objects.get(object_.name)
    if field is None or granted is None or field in granted.fields:
        return None
    return object_.fields[field].to
