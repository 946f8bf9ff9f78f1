"""Recipes for days and moments: between two bounds, in working hours, more in some months than in others."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from salesmode.demo.recipes.recipe import Need, Reads, Recipe
from salesmode.demo.world import Draw, Path, Row, World, path_of

_BOUND = re.compile(
    r"(?P<base>\$now|[a-z_][a-z0-9_.]*)(?:\s*(?P<sign>[+-])\s*(?P<count>\d+)(?P<unit>[hdwy]))?"
)
_HOURS = {"h": 1, "d": 24, "w": 168, "y": 8766}
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Bound:
    """`$now`, or a moment of the row (or of one it refers to), and an offset."""

    path: Path | None
    offset: timedelta

    def bind(self, world: World) -> Callable[[Row], datetime | None]:
        """The moment, or None where the row has none there."""
        if self.path is None:
            fixed = world.now + self.offset
            return lambda _: fixed
        follow = world.follow(self.path)

        def draw(row: Row) -> datetime | None:
            value = follow(row)
            return None if value is None else _moment(value, world.timezone) + self.offset

        return draw


def bound_of(text: str) -> Bound | None:
    """`$now - 2y`, `customer.created_at`, `created_at + 30d`; None if it is none of these."""
    match = _BOUND.fullmatch(text)
    if match is None:
        return None
    hours = int(match["count"] or 0) * _HOURS[match["unit"] or "h"]
    offset = timedelta(hours=-hours if match["sign"] == "-" else hours)
    return Bound(None if match["base"] == "$now" else path_of(match["base"]), offset)


@dataclass(frozen=True, slots=True)
class Moment(Recipe):
    """Between the latest of `start` and the earliest of `end` (never before `start`).

    `growth` above 1 puts more of them towards the end. `months` are twelve weights.
    `hours` are hours of the app's time zone, and then the day is a working day too.
    """

    start: tuple[Bound, ...]
    end: tuple[Bound, ...]
    growth: float = 1.0
    months: tuple[float, ...] = ()
    hours: tuple[int, int] | None = None

    def needs(self) -> Iterator[Need]:
        for bound in (*self.start, *self.end):
            if bound.path is not None:
                yield Reads(bound.path)

    def bind(self, world: World, random: Random, /) -> Draw:
        starts = [each.bind(world) for each in self.start]
        ends = [each.bind(world) for each in self.end]

        def draw(row: Row) -> object:
            known = [found for each in starts if (found := each(row)) is not None]
            limits = [found for each in ends if (found := each(row)) is not None]
            if not known or not limits:
                return None
            start = max(known)
            end = max(min(limits), start)
            return self._within(start, end, random, world.timezone)

        return draw

    def _within(self, start: datetime, end: datetime, random: Random, zone: ZoneInfo) -> datetime:
        found = self._seasonal(start, end, random)
        if self.hours is None:
            return found
        return min(max(self._at_work(found, random, zone), start), end)

    def _seasonal(self, start: datetime, end: datetime, random: Random) -> datetime:
        width = (end - start).total_seconds()
        for _ in range(_TRIES):
            found = start + timedelta(seconds=int(width * random.random() ** (1 / self.growth)))
            if not self.months or random.random() * max(self.months) < self.months[found.month - 1]:
                break
        return found

    def _at_work(self, found: datetime, random: Random, zone: ZoneInfo) -> datetime:
        assert self.hours is not None
        first, last = self.hours
        day = found.astimezone(zone).date()
        day -= timedelta(days=max(day.weekday() - 4, 0))
        minutes = first * 60 + int((last - first) * 60 * random.random())
        clock = time(minutes // 60, minutes % 60, int(60 * random.random()))
        return datetime.combine(day, clock, zone).astimezone(UTC)


def _moment(value: object, zone: ZoneInfo) -> datetime:
    """A day counts as its noon in the app's time zone."""
    if isinstance(value, datetime):
        return value
    assert isinstance(value, date), f"{value!r} is no moment"
    return datetime.combine(value, time(12), zone).astimezone(UTC)
