"""What the schema has of snapshots beside the records: who takes them, and what became of records since."""

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint
from salesmode.graph.view import View
from salesmode.model.snapshot import GROUPS, SNAPSHOT
from salesmode.pipelines.movers import shows_places

SNAPSHOT_TYPES = {
    "SnapshotGroup": Blueprint(
        form="enum",
        name="SnapshotGroup",
        members=lambda: dict.fromkeys(GROUPS),
        description="What became of a record: the first of these that is true.",
    )
}


def takes_snapshots(view: View, granted: ObjectPolicy) -> bool:
    """Whether the policy puts on record what all records of the object hold, and sees it."""
    return bool(granted.snapshot) and shows_places(granted) and view.readable(SNAPSHOT)


def takes_some(view: View) -> bool:
    """Whether it takes snapshots of any object."""
    names = dict.fromkeys(each.object for each in view.model.pipelines.values())
    return any(takes_snapshots(view, view.policy.objects[each]) for each in names if view.readable(each))
