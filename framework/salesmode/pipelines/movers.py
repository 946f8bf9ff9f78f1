"""Whose roles are asked for when a record moves."""

from salesmode.access.compose import ALMIGHTY, held
from salesmode.access.policy import Policy
from salesmode.model.app import Model


def roles_asked(model: Model, policy: Policy | None) -> frozenset[str] | None:
    """The roles that a caller has, inherited ones too; None for the system and for administrators, who may
    move a record anywhere the order and the gates let it go.
    """
    if policy is None or not ALMIGHTY.isdisjoint(policy.roles):
        return None
    return frozenset(held(model, policy.roles))
