"""When work is due: cron, in the app's time zone.

Cron speaks of the clock on the wall. On the day when that is put back, an hour comes twice: what is due at an
hour of the day is due once, and what is due at every hour is due in both. An hour that is left out is made up
for in the next one, but for what is due at every hour.

Several works have the same schedule and are asked for at the same moment, so what was found is kept. Days
are looked for by croniter, and kept too: most works are done on every day, or on the same ones.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from croniter import croniter

_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)
_EVERY_DAY = "* * *"
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
    ends: datetime | None = None
    for wall in (_walls_after if forward else _walls_before)(schedule, local):
        if ends is not None and (wall > ends if forward else wall < ends):
            return
        for instant in _instants(wall, zone, every_hour=_every_hour(schedule)):
            if instant > start if forward else instant <= start:
                yield instant
                ends = ends or wall + (_SLACK if forward else -_SLACK) * _changing(instant, zone)


def _walls_after(schedule: str, local: datetime) -> Iterator[datetime]:
    """Due times of the clock on the wall, after that one."""
    days, times, today = _days(schedule), _times(schedule), local.date()
    day = _day(days, today, forward=True)
    times_left = times[bisect_right(times, local.time()) :] if day == today else times
    while True:
        yield from (datetime.combine(day, each) for each in times_left)
        day, times_left = _day(days, day + _DAY, forward=True), times


def _walls_before(schedule: str, local: datetime) -> Iterator[datetime]:
    """Those before, the last one first."""
    days, times, today = _days(schedule), _times(schedule), local.date()
    day = _day(days, today, forward=False)
    times_left = times[: bisect_left(times, local.time())] if day == today else times
    while True:
        yield from (datetime.combine(day, each) for each in reversed(times_left))
        day, times_left = _day(days, day - _DAY, forward=False), times


def _days(schedule: str) -> str:
    return " ".join(schedule.split()[2:])


@lru_cache(maxsize=256)
def _times(schedule: str) -> Sequence[time]:
    """Of every day on which it is due."""
    (minutes, hours, *_), _ = croniter.expand(schedule)
    return sorted(time(int(hour), int(minute)) for hour in _all(hours, 24) for minute in _all(minutes, 60))


def _all(found: Sequence[int | str], number: int) -> Sequence[int | str]:
    return range(number) if found == ["*"] else found


@lru_cache(maxsize=4096)
def _day(days: str, near: date, *, forward: bool) -> date:
    """The first due day from that one on, or the last one up to it."""
    if days == _EVERY_DAY:
        return near
    midnight = datetime.combine(near, time())
    walls = croniter(f"0 0 {days}", midnight + (-_MOMENT if forward else _MOMENT))
    found: datetime = walls.get_next(datetime) if forward else walls.get_prev(datetime)
    return found.date()


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
