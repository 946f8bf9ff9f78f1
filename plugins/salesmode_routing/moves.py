"""The log of pools: what came in, what left, who, when and why."""

from collections.abc import Iterable
from dataclasses import dataclass

from salesmode.hookspecs import Desk, UnitOf

MOVES = "pool_move"
LEFT_AN_OWNER = ("release", "give_up", "recycle", "sla_return")
"""The ways in which somebody loses a record to a pool."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the log."""

    record: str
    action: str
    pool: str | None = None
    from_user: str | None = None
    to_user: str | None = None
    rule: str | None = None
    reason: str | None = None


def log(desk: Desk, object_: str, moves: Iterable[Move]) -> UnitOf[None]:
    """One statement for any number of lines."""
    rows = [
        {
            "object": object_,
            "record": each.record,
            "action": each.action,
            "pool": each.pool,
            "from_user": each.from_user,
            "to_user": each.to_user,
            "rule": each.rule,
            "reason": each.reason,
            "at": desk.now,
            "actor": desk.caller.id,
        }
        for each in moves
    ]
    if rows:
        yield from desk.create(MOVES, rows)
