"""Handing parcels to their listeners: once delivered they are gone, else they are tried again, ever later."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from salesmode.database.driver import Database
from salesmode.jobs.outbox import Failure, Outbox, Parcel
from salesmode.jobs.plugin_events import Telling
from salesmode.jobs.webhooks import Messenger, Outcome
from salesmode.jobs.work import TERM, Clock
from salesmode.records.listening import PLUGIN, Listener, listeners_of
from salesmode.tables import Tables

LOG = logging.getLogger("salesmode.jobs")

MOST_ATTEMPTS = 12
_CLAIMED = 64  # as many as are delivered or given up within a term, however slowly webhooks answer
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=6)
_SHORT = 500  # characters of an error that are kept


@dataclass(frozen=True, eq=False)
class Delivery:
    """Delivers what one worker claims. `chance`: between 0 and 1, so that what failed together is not tried
    again together.
    """

    tables: Tables
    database: Database
    clock: Clock
    messenger: Messenger
    chance: Callable[[], float]

    async def deliver(self, name: str) -> int:
        """Some of what waits for that listener; gives how much it was, tried or delivered."""
        listener = next((each for each in listeners_of(self.tables) if each.name == name), None)
        if listener is None:
            return 0
        now, outbox = self.clock(), Outbox(self.tables)
        parcels = await self.database.run(lambda: outbox.claimed(name, now, now + TERM, _CLAIMED))
        fresh = [each for each in parcels if each.attempts < MOST_ATTEMPTS]
        outcome = await self._handed(listener, fresh) if fresh else {}
        done = [each for each in fresh if outcome[each.id] is None]
        if done:
            await self.database.run(lambda: outbox.delivered(done))
        await self._put_off([each for each in parcels if each not in done], outcome)
        return len(parcels)

    async def _handed(self, listener: Listener, parcels: Sequence[Parcel]) -> Outcome:
        if listener.webhook is not None:
            return await self.messenger.deliver(listener.webhook, parcels)
        plugin = listener.name.removeprefix(f"{PLUGIN} ")
        return await Telling(self.tables, self.database, self.clock).deliver(plugin, parcels)

    async def _put_off(self, parcels: Sequence[Parcel], outcome: Outcome) -> None:
        now = self.clock()
        failures = [self._failure(each, outcome.get(each.id), now) for each in parcels]
        for each in failures:
            LOG.warning(
                "%s did not take the event %s: %s%s",
                each.parcel.listener,
                each.parcel.id,
                each.error,
                "; given up" if each.dead_at else "",
            )
        if failures:
            await self.database.run(lambda: Outbox(self.tables).failed(failures))

    def _failure(self, parcel: Parcel, error: str | None, now: datetime) -> Failure:
        attempts = parcel.attempts + 1
        why = (error or "the worker ended while it was delivered")[:_SHORT]
        if attempts >= MOST_ATTEMPTS:
            return Failure(parcel, why, None, now)
        return Failure(parcel, why, now + pause(attempts, self.chance()), None)


def pause(attempts: int, chance: float) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, a quarter more or less."""
    longest: timedelta = min(_FIRST_PAUSE * 2 ** min(attempts - 1, 20), _LONGEST_PAUSE)
    return longest * (0.75 + chance / 2)
