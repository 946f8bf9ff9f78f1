"""When work is due: cron, in the app's time zone.

Cron speaks of the clock on the wall. On the day when that is put back, an hour comes twice: what is due at an
hour of the day is due once, and what is due at every hour is due in both. An hour that is left out is made up
for in the next one, but for what is due at every hour.

Several works have the same schedule and are asked for at the same moment, so what was found is kept.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from croniter import croniter

_MOMENT = timedelta(microseconds=1)
_SLACK = timedelta(hours=2)  # more than any clock is put forward or back


@lru_cache(maxsize=1024)
def latest(schedule: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last time at or before `now` at which the schedule is due."""
    return max(_near(schedule, now, zone, forward=False))


@lru_cache(maxsize=1024)
def following(schedule: str, after: datetime, zone: ZoneInfo) -> datetime:
    """The first time after `after` at which it is due."""
    return min(_near(schedule, after, zone, forward=True))


def _near(schedule: str, start: datetime, zone: ZoneInfo, *, forward: bool) -> Iterator[datetime]:
    """Due times on that side of `start`, among them the nearest: the order of walls is not that of instants
    where clocks change.
    """
    slack = _SLACK if _changing(start, zone) else timedelta()
    local = start.astimezone(zone).replace(tzinfo=None) + (-slack if forward else slack + _MOMENT)
    walls = croniter(schedule, local)
    ends: datetime | None = None
    while True:
        wall: datetime = walls.get_next(datetime) if forward else walls.get_prev(datetime)
        if ends is not None and (wall > ends if forward else wall < ends):
            return
        for instant in _instants(wall, zone, every_hour=_every_hour(schedule)):
            if instant > start if forward else instant <= start:
                yield instant
                ends = ends or wall + (_SLACK if forward else -_SLACK) * _changing(instant, zone)


def _changing(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks change about that time."""
    before, after = (instant + each for each in (-2 * _SLACK, 2 * _SLACK))
    return before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset()


def _instants(wall: datetime, zone: ZoneInfo, *, every_hour: bool) -> Iterator[datetime]:
    """When the clock on the wall shows that."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if not every_hour:
        yield first
        return
    for each in dict.fromkeys((first, second)):
        if each.astimezone(zone).replace(tzinfo=None) == wall:
            yield each


@lru_cache(maxsize=256)
def _every_hour(schedule: str) -> bool:
    return schedule.split()[1].startswith("*")
