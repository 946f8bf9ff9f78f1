"""A piece of timed work, and the hand that does it under a lease."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

from salesmode.database.driver import Database, UnitOf
from salesmode.database.environment import Environment
from salesmode.jobs.leases import Leases
from salesmode.tables import Tables

T = TypeVar("T")

TERM = timedelta(seconds=60)
"""How long a worker that says nothing counts as working."""

Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, eq=False)
class Hand:
    """Does one piece of work once: each of its transactions holds the lease first (LeaseLost).

    `environment`: the system's, of one moment for the whole work.
    """

    tables: Tables
    database: Database
    environment: Environment
    name: str
    holder: str
    clock: Clock

    async def do(self, factory: Callable[[], UnitOf[T]]) -> T:
        """One transaction."""
        return await self.database.run(lambda: self._held(factory))

    def _held(self, factory: Callable[[], UnitOf[T]]) -> UnitOf[T]:
        yield from Leases(self.tables).held(self.name, self.holder, self.clock() + TERM)
        return (yield from factory())


@dataclass(frozen=True, slots=True)
class Work:
    """`run` is called at the times of `schedule`; it gives how many records it changed. It may be stopped
    after any of its transactions and called again from the start: what is done must no longer be due.
    """

    name: str
    schedule: str
    run: Callable[[Hand], Awaitable[int]]
