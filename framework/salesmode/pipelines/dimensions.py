"""What a forecast or a rate of wins may be told by: the dimensions that a policy has of an object with
pipelines (D33, D34).
"""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.model.pipeline import STAGE
from salesmode.pipelines.lines import compared

CATEGORY, GRANULARITY, BY_PIPELINE, MONTH = "category", "granularity", "pipeline", "month"
BY_STAGE, BY_OWNER, BY_TEAM = "stage", "owner", "team"
GROUP = "group"

RECORDS: Mapping[str, str] = {BY_OWNER: "user", BY_TEAM: "team"}
"""Those that are records, and of which object."""


def dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a forecast. Of teams only who may see the owners and their teams is told."""
    found = (CATEGORY, GRANULARITY, BY_PIPELINE, MONTH)
    if "owner" not in granted.fields or not compared(granted, "owner") or "user" not in policy.readable:
        return found
    teams = "team" in policy.readable and compared(policy.objects["user"], "team")
    return (*found, BY_OWNER, BY_TEAM) if teams else (*found, BY_OWNER)


def rate_dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a rate of wins."""
    staged = (BY_STAGE,) if compared(granted, STAGE) else ()
    return (BY_PIPELINE, *staged, *(each for each in dimensions(granted, policy) if each == BY_OWNER))


def comparison_dimensions(granted: ObjectPolicy, policy: Policy) -> tuple[str, ...]:
    """Those of a comparison of snapshots, beside what became of the records."""
    return (CATEGORY, BY_PIPELINE, *(each for each in dimensions(granted, policy) if each == BY_OWNER))
