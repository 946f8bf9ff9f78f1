"""What the history is told: a row for each field that changed, and one where a record went or came back."""

from typing import Literal, NamedTuple

Operation = Literal["created", "updated", "deleted", "restored"]


class Entry(NamedTuple):
    """One row of `sm_change`; `old` and `new` are JSON text; without a `field` it is the whole record."""

    operation: Operation
    object: str
    record_id: str
    version: int
    field: str | None
    old: str | None
    new: str | None
