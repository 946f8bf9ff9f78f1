"""The engine's own objects, by what their records have in common."""

from salesmode.model.access_log import ACCESS_LOG
from salesmode.model.grant import GRANT
from salesmode.model.pipeline import STAGE_CHANGE
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.model.tag import TAG

WRITTEN_BY_ENGINE = {
    ACCESS_LOG: "the access log is",
    STAGE_CHANGE: "the history of stages is",
    SNAPSHOT: "snapshots are",
    ITEM: "snapshots are",
    TAG: "tags are",
}
"""Objects whose records nobody else writes, and how one speaks of them."""

FOLLOWING = frozenset({GRANT, STAGE_CHANGE, TAG, SNAPSHOT, ITEM})
"""Objects whose records are seen with the record that they are about, and that no role names."""
