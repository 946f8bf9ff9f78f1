"""What was committed, as plugins hear of it afterwards: at least once, in order per record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One committed write of one record. `id` is the event's own: who must do a thing only once remembers it.

    `operation`: `created updated deleted restored moved tagged untagged`; `old` and `new`: the written
    fields that have a history, canonical (of a tag `tags.NAME`, what it held); `move`: from which stage to
    which.
    """

    id: str
    at: datetime
    by: str | None
    object: str
    record: str
    version: int
    operation: str
    old: Mapping[str, Any]
    new: Mapping[str, Any]
    move: tuple[str | None, str] | None = None
