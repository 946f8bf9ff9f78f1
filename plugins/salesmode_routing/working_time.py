"""When work is done: time limits that count working time run then, and stand still otherwise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = "24:00"


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """`hours`: from and to, as parts of a day. `days`: of the week, Monday is 0; a day of `workdays` is
    worked whatever else is said of it.
    """

    hours: tuple[tuple[timedelta, timedelta], ...]
    days: frozenset[int]
    holidays: frozenset[date]
    workdays: frozenset[date]

    def span(self, raw: str) -> timedelta:
        """How much work `4h`, `2d` or `1w` is: days and weeks are those of work."""
        number, unit = int(raw[:-1]), raw[-1]
        if unit in "mh":
            return timedelta(minutes=number * (60 if unit == "h" else 1))
        of_a_day = sum((to - from_ for from_, to in self.hours), timedelta())
        return of_a_day * number * (len(self.days) if unit == "w" else 1)

    def after(self, start: datetime, span: timedelta, timezone: str) -> datetime:
        """When so much work is done, begun at that instant."""
        left = span
        for begins, ends in self._from(start.astimezone(ZoneInfo(timezone))):
            length = ends - max(begins, start)
            if length >= left:
                return max(begins, start) + left
            left -= max(length, timedelta())
        raise AssertionError("there is always another working day")

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for days in count():
            day = start.date() + timedelta(days=days)
            if self._worked(day):
                midnight = datetime.combine(day, time())
                for hours in self.hours:
                    from_, to = ((midnight + each).replace(tzinfo=start.tzinfo) for each in hours)
                    yield from_.astimezone(UTC), to.astimezone(UTC)

    def _worked(self, day: date) -> bool:
        return day in self.workdays or (day.weekday() in self.days and day not in self.holidays)


def working_time_of(settings: Mapping[str, Any]) -> WorkingTime | None:
    """What the settings of the plugin say. ValueError for hours or days that are none."""
    raw = settings.get("working_time")
    if raw is None:
        return None
    hours = sorted(_hours(each) for each in raw["hours"])
    days = frozenset(DAYS.index(each) for each in raw.get("days", DAYS[:5]))
    holidays, workdays = (
        frozenset(map(date.fromisoformat, raw.get(each, ()))) for each in ("holidays", "workdays")
    )
    return WorkingTime(tuple(hours), days, holidays, workdays)


def _hours(raw: str) -> tuple[timedelta, timedelta]:
    from_, to = (_of_day(each) for each in raw.split("-"))
    if from_ >= to:
        raise ValueError(f"the hours {raw} end before they begin")
    return from_, to


def _of_day(raw: str) -> timedelta:
    if raw == _MIDNIGHT:
        return timedelta(days=1)
    at = time.fromisoformat(raw)
    return timedelta(hours=at.hour, minutes=at.minute)
