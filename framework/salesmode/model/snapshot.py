"""Snapshots: what the records of an object with pipelines held at one moment (盘点, D33).

A snapshot is a record of the engine's object `snapshot`; what it holds of each record is a row of
`snapshot_item`, which nobody reads but comparisons.
"""

from salesmode.model.pipeline import PIPELINE, STAGE, STATUS

SNAPSHOT, SNAPSHOTS, SNAPSHOT_TABLE = "snapshot", "snapshots", "sm_snapshot"
ITEM, ITEMS, ITEM_TABLE = "snapshot_item", "snapshot_items", "sm_snapshot_item"

ITEM_FIELDS = (PIPELINE, STAGE, STATUS, "category", "amount", "close_date", "owner")
"""What an item holds of its record, beside the references to it and to its snapshot."""

GROUPS = ("new", "won", "lost", "forward", "back", "slipped", "amount_changed", "unchanged", "gone")
"""What may have become of a record between two moments: the first of them that is true."""
