"""What a forecast or a rate of wins may be told by: the dimensions that a policy has of an object with
pipelines (D33, D34).
"""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.pipeline import STAGE
from salesmode.pipelines.lines import compared

CATEGORY, GRANULARITY, BY_PIPELINE, MONTH = "category", "granularity", "pipeline", "month"
BY_STAGE, BY_OWNER, BY_TEAM = "stage", "owner", "team"
BY_PRODUCT, DELIVERY = "product", "delivery"
GROUP = "group"

_PEOPLE: Mapping[str, str] = {BY_OWNER: "user", BY_TEAM: "team"}


def record_of(dimension: str, granted: ObjectPolicy, policy: Policy) -> str | None:
    """The object that a dimension is a record of; None for what is none."""
    products = policy.products.get(granted.object.name)
    if dimension == BY_PRODUCT and products is not None:
        return policy.objects[products.object].object.fields[products.product].to
    return _PEOPLE.get(dimension)


def dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a forecast."""
    found = (CATEGORY, GRANULARITY, BY_PIPELINE, MONTH, *_people(granted, policy))
    products = policy.products.get(granted.object.name)
    if products is None or not seen_products(granted, policy):
        return found
    delivered = compared(policy.objects[products.object], products.delivery)
    return (*found, BY_PRODUCT, DELIVERY) if delivered else (*found, BY_PRODUCT)


def seen_products(granted: ObjectPolicy, policy: Policy) -> bool:
    """Whether the policy shows what records are made of."""
    products = policy.products.get(granted.object.name)
    if products is None or products.object not in policy.readable:
        return False
    line = policy.objects[products.object]
    return compared(line, products.link) and compared(line, products.product)


def quantities(granted: ObjectPolicy, policy: Policy) -> bool:
    """Whether it shows how many there are of each."""
    products = policy.products.get(granted.object.name)
    shown = products is not None and seen_products(granted, policy)
    return shown and products is not None and compared(policy.objects[products.object], products.quantity)


def _people(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Of teams only who may see the owners and their teams is told."""
    if "owner" not in granted.fields or not compared(granted, "owner") or "user" not in policy.readable:
        return ()
    teams = "team" in policy.readable and compared(policy.objects["user"], "team")
    return (BY_OWNER, BY_TEAM) if teams else (BY_OWNER,)


def rate_dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a rate of wins."""
    staged = (BY_STAGE,) if compared(granted, STAGE) else ()
    return (BY_PIPELINE, *staged, *(each for each in dimensions(granted, policy) if each == BY_OWNER))


def comparison_dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a comparison of snapshots, beside what became of the records."""
    return (CATEGORY, BY_PIPELINE, *(each for each in dimensions(granted, policy) if each == BY_OWNER))
