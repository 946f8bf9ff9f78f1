"""What the plugin adds to the GraphQL API."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from salesmode.hookspecs import ApiField, Desk, GraphFields, OutputType, Target, UnitOf
from salesmode.model.app import Model
from salesmode.model.role import ADMIN, Role
from salesmode_commission.asked import LINE, RUN, plans_of
from salesmode_commission.computing import compute, plan_named
from salesmode_commission.correcting import correct
from salesmode_commission.statements import statement


def graph_fields_of(model: Model) -> GraphFields:
    """Where the app has plans. Who may change runs computes and corrects them."""
    if not plans_of(model):
        return GraphFields()
    return GraphFields(
        queries=[
            ApiField(
                name="commissionStatement",
                answer="CommissionStatement!",
                arguments={"user": "ID!", "period": "Date!"},
                target=Target(object="user", argument="user"),
                run=_statement,
                description="What a person earned in the runs that begin on that day.",
            )
        ],
        mutations=[
            ApiField(
                name="runCommission",
                answer="CommissionRun",
                arguments={"plan": "String!", "period": "Date!"},
                roles=_runners(model),
                run=_run,
                description="Settle all that a plan pays for the period of that day.",
            ),
            ApiField(
                name="correctCommission",
                answer="CommissionLine",
                arguments={"amount": "Decimal!", "reason": "String!"},
                target=Target(object=LINE),
                roles=_runners(model),
                run=correct,
                description="Add a line that corrects another one.",
            ),
        ],
        types=[
            OutputType(
                name="CommissionStatement",
                fields={
                    "user": "User",
                    "period": "Date!",
                    "lines": "[CommissionLine!]!",
                    "parts": "[CommissionPart!]!",
                    "total": "Decimal",
                    "csv": "String!",
                },
                description="What one person earned in a period.",
            ),
            OutputType(
                name="CommissionPart",
                fields={"part": "String!", "amount": "Decimal"},
                description="One part of pay (D57).",
            ),
        ],
    )


def _runners(model: Model) -> frozenset[str]:
    """The roles that may change runs, by themselves or by what they inherit; administrators always."""
    return frozenset({ADMIN, *(name for name, role in model.roles.items() if _changes(model, role))})


def _changes(model: Model, role: Role) -> bool:
    grant = role.objects.get(RUN)
    if grant is not None and grant.update is not None:
        return True
    return any(_changes(model, model.roles[each]) for each in role.inherits)


def _statement(desk: Desk, arguments: Mapping[str, Any]) -> UnitOf[Mapping[str, Any]]:
    period: date = arguments["period"]
    return statement(desk, arguments["user"], period)


def _run(desk: Desk, arguments: Mapping[str, Any]) -> UnitOf[str]:
    return (yield from compute(desk, plan_named(desk, arguments["plan"]), arguments["period"]))
