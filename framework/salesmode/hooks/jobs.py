"""Timed work of plugins."""

from collections.abc import Callable
from dataclasses import dataclass

from salesmode.hooks.desk import Desk, UnitOf


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedWork:
    """`run` is called at the times of `schedule` (five fields of cron, the app's time zone), under a lease:
    never twice at once. It handles a bounded number of rows and gives how many; it is called again in a new
    transaction until it gives 0, so a row that is handled must no longer be due (that is what makes it
    idempotent).
    """

    name: str
    schedule: str
    run: Callable[[Desk], UnitOf[int]]
