"""The plans of an app."""

from collections.abc import Mapping
from typing import cast

from salesmode.model.app import Model
from salesmode_commission.plans import Plan

PLAN = "commission_plan"
LINE, RUN, LEVEL = "commission_line", "commission_run", "commission_level"


def plans_of(model: Model) -> Mapping[str, Plan]:
    """By name."""
    return cast("Mapping[str, Plan]", model.extensions.get(PLAN, {}))


def places_of(model: Model) -> int:
    """How many places an amount of the ledger has."""
    return model.objects[LINE].fields["amount"].scale or 0
