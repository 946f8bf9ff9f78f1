"""A work queue: records that want something done, for several reasons, in one order (D52)."""

from dataclasses import dataclass

from salesmode.diagnostics import Span
from salesmode.model.condition import Condition, Moment
from salesmode.model.label import Label


@dataclass(frozen=True, slots=True)
class QueueItem:
    """The records of `object` where `where` holds belong in the queue because of `reason`.

    `priority`: the higher, the sooner. `due`: a field of the record, a moment, or None. `script`: what to say
    or send (D53).
    """

    name: str
    object: str
    where: Condition
    priority: int
    reason: Label
    script: Label | None = None
    due: str | Moment | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue, asked with the rights of whoever asks. `roles`: who is offered it (None: whoever may ask for
    some item).
    """

    name: str
    label: Label
    span: Span
    items: tuple[QueueItem, ...]
    roles: tuple[str, ...] | None = None
