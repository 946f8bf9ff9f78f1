"""When work is due: cron, in the app's time zone."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from croniter import croniter

_MOMENT = timedelta(microseconds=1)


def latest(schedule: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last time at or before `now` at which the schedule is due."""
    return _step(schedule, now + _MOMENT, zone, forward=False)


def following(schedule: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first time after `after` at which it is due."""
    return _step(schedule, after, zone, forward=True)


def _step(schedule: str, start: datetime, zone: ZoneInfo, *, forward: bool) -> datetime:
    """On the day when the clocks are put back, an hour of the day comes twice: what is due at an hour is due
    once, and what is due at every hour goes on.
    """
    local = start.astimezone(zone)
    if _every_hour(schedule):
        return _found(schedule, local, forward=forward).astimezone(UTC)
    wall, found = local.replace(tzinfo=None), start
    while not (found > start if forward else found < start):
        wall = _found(schedule, wall, forward=forward)
        found = wall.replace(tzinfo=zone).astimezone(UTC)
    return found


def _found(schedule: str, start: datetime, *, forward: bool) -> datetime:
    times = croniter(schedule, start)
    found: datetime = times.get_next(datetime) if forward else times.get_prev(datetime)
    return found


@lru_cache(maxsize=256)
def _every_hour(schedule: str) -> bool:
    return schedule.split()[1].startswith("*")
