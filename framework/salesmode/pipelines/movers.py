"""Who moves records: whose roles are asked for, and who sees where they stand."""

from salesmode.access.compose import ALMIGHTY, held
from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.app import Model
from salesmode.model.pipeline import PIPELINE, STAGE, STATUS
from salesmode.pipelines.places import telling

_OF_STAYS = ("funnel", "win_rate")


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


def shows_stays(granted: ObjectPolicy) -> bool:
    """Whether the policy shows of some records how long they stood where: a stay tells the pipeline too, so
    it is seen with all that says where a record stands.
    """
    found = {PIPELINE, STAGE, STATUS} & granted.object.fields.keys()
    told = all(name in granted.fields and granted.fields[name].comparable for name in found)
    return told and shows_places(granted)


def shows_analysis(granted: ObjectPolicy, kind: str) -> bool:
    """Whether the policy shows what an analysis of that kind is about."""
    return shows_stays(granted) if kind in _OF_STAYS else shows_places(granted)
