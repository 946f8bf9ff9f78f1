"""What a forecast may be told by: the dimensions that a policy has of an object with pipelines (D33)."""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.pipelines.lines import compared

CATEGORY, GRANULARITY, BY_PIPELINE, MONTH = "category", "granularity", "pipeline", "month"
BY_OWNER, BY_TEAM = "owner", "team"

RECORDS: Mapping[str, str] = {BY_OWNER: "user", BY_TEAM: "team"}
"""Those that are records, and of which object."""


def dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Their names. Of teams only who may see the owners and their teams is told."""
    found = (CATEGORY, GRANULARITY, BY_PIPELINE, MONTH)
    if "owner" not in granted.fields or not compared(granted, "owner") or "user" not in policy.readable:
        return found
    teams = "team" in policy.readable and compared(policy.objects["user"], "team")
    return (*found, BY_OWNER, BY_TEAM) if teams else (*found, BY_OWNER)
