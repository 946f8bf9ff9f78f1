"""Who moves records: whose roles are asked for, and who sees where they stand."""

from salesmode.access.compose import ALMIGHTY, held
from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.app import Model
from salesmode.pipelines.places import telling


def roles_asked(model: Model, policy: Policy | None) -> frozenset[str] | None:
    """The roles that a caller has, inherited ones too; None for the system and for administrators, who may
    move a record anywhere the order and the gates let it go.
    """
    if policy is None or not ALMIGHTY.isdisjoint(policy.roles):
        return None
    return frozenset(held(model, policy.roles))


def shows_places(granted: ObjectPolicy) -> bool:
    """Whether the policy shows of some records where they stand in their pipelines."""
    found = telling(granted.object)
    return bool(found) and all(name in granted.fields and granted.fields[name].comparable for name in found)
