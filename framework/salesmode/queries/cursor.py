"""Cursors: the fingerprint of the order, the keys as the caller sees them, and the id (RULING 34).

A cursor is the JSON text `["fingerprint", key, …, "id"]`. The database writes it from the very expressions
that order the rows, so a value that the caller may not read is never in one; a key from a client is only ever
a bound value.
"""

from dataclasses import dataclass
from hashlib import blake2s

import orjson

from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.queries.pick import Leaf


@dataclass(frozen=True, slots=True)
class CursorLeaf:
    """A cursor argument and which of its keys are null: that is part of a plan's structure."""

    leaf: Leaf
    nulls: tuple[bool, ...]


def fingerprint(text: str) -> str:
    """A short name for an order."""
    return blake2s(text.encode(), digest_size=6).hexdigest()


def decoded(text: object) -> list[object]:
    """The parts of a cursor; Refusal BAD_REQUEST for what was never one."""
    try:
        parts = orjson.loads(text) if isinstance(text, str) else None
    except orjson.JSONDecodeError:
        parts = None
    if not isinstance(parts, list) or len(parts) < 2 or any(isinstance(part, dict | list) for part in parts):
        raise foreign()
    return parts


def nulls_of(text: object) -> tuple[bool, ...]:
    """Which keys of the cursor are null."""
    return tuple(part is None for part in decoded(text)[1:-1])


def foreign() -> Refusal:
    """The refusal of a cursor that does not belong to this connection and order."""
    return Refusal("BAD_REQUEST", Message("foreign_cursor"))
