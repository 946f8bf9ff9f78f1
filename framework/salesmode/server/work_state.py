"""What there is to do for workers, as health and metrics tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from salesmode.database.driver import Database
from salesmode.jobs import Outbox, Timetable, works_of
from salesmode.tables import Tables


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of one listener: how many events wait, for how many seconds the oldest, and how many were given up."""

    listener: str
    waiting: int
    waits: float
    dead: int


@dataclass(frozen=True, slots=True)
class Seen:
    """`begun`: whether a worker ever began. `late`: by work that is due, for how many seconds it has been."""

    begun: bool
    late: Mapping[str, float]
    outbox: Sequence[Waiting]


@dataclass(frozen=True, eq=False)
class WorkState:
    """Looks at one database."""

    tables: Tables
    database: Database

    async def look(self, now: datetime) -> Seen:
        """What there is to do, and since when."""
        table = Timetable(self.tables, self.database, works_of(self.tables), lambda: now)
        begun = any(each.last for each in await table.entries())
        late = {work.name: (now - due).total_seconds() for due, work in await table.due()}
        states = await Outbox(self.tables).states(self.database)
        waiting = [
            Waiting(each.listener, each.waiting, _seconds(each.oldest, now), each.dead) for each in states
        ]
        return Seen(begun, late, waiting)


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)
