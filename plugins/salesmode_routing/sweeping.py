"""Timed work on records that are due: one that may not change (a validation, a gate) keeps no other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode.model.condition import Compare, Condition, Literal, both

LOG = logging.getLogger("salesmode.plugins")
AT_ONCE = 500
"""Records of one transaction."""


@dataclass(frozen=True, slots=True)
class Due:
    """Records of one object that are due at once, and what is done with them."""

    object: str
    rows: Sequence[Record]
    handle: Callable[[Sequence[Record]], UnitOf[None]]


Find = Callable[[Desk, Condition], UnitOf[Due | None]]
"""Something that is due among the records of that condition; None: nothing."""


def sweep(find: Find) -> Callable[[Desk], UnitOf[int]]:
    """What a TimedWork runs. A record that refuses is told, and left aside until nothing else is due."""
    aside: set[str] = set()

    def run(desk: Desk) -> UnitOf[int]:
        due = yield from find(desk, Compare("id", "notIn", Literal(tuple(sorted(aside)))))
        if due is None:
            aside.clear()
            return 0
        aside.update((yield from _refused(desk, due, due.rows)))
        return len(due.rows)

    return run


def due_at_once(
    desk: Desk, object_: str, fields: Sequence[str], where: Condition, among: Condition
) -> UnitOf[list[Record]]:
    """Held, as many as one transaction handles."""
    return (yield from desk.read(object_, fields, where=both(where, among), first=AT_ONCE, lock=True))


def _refused(desk: Desk, due: Due, rows: Sequence[Record]) -> UnitOf[list[str]]:
    """Handle all of the rows together, or what can be handled; gives the ids of the others."""
    outcome = yield from desk.attempt(due.handle(rows))
    if not isinstance(outcome, Refusal):
        return []
    if len(rows) == 1:
        id_ = str(rows[0]["id"])
        why = ", ".join(each.message.text("en") for each in outcome.problems)
        LOG.warning("routing: %s %s stays as it is: %s (%s)", due.object, id_, outcome, why)
        return [id_]
    middle = len(rows) // 2
    first = yield from _refused(desk, due, rows[:middle])
    return first + (yield from _refused(desk, due, rows[middle:]))
