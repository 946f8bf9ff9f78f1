"""Recipes for days and moments: between two bounds, in working hours, more in some months than in others."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from salesmode.conditions.values import moment_of
from salesmode.database.environment import shifted
from salesmode.demo.recipes.recipe import Need, Reads, Recipe
from salesmode.demo.world import Draw, Path, Row, World, path_of
from salesmode.model.condition import Moment as Told

_LATER = re.compile(
    r"(?P<path>[a-z_][a-z0-9_.]*)(?:\s*(?P<sign>[+-])\s*(?P<count>[0-9]{1,6})(?P<unit>mo|[yqwdh]))?"
)
_TRIES = 8


@dataclass(frozen=True, slots=True)
class Bound:
    """A moment as metadata tell it, or one of the row (or of one it refers to) and so much later."""

    told: Told | None
    path: Path = ()
    amount: int = 0
    unit: str = "d"

    def bind(self, world: World) -> Callable[[Row], datetime | None]:
        """The moment, or None where the row has none there."""
        if self.told is not None:
            fixed = world.moment(self.told)
            return lambda _: fixed
        follow = world.follow(self.path)

        def draw(row: Row) -> datetime | None:
            value = follow(row)
            return None if value is None else self._later(_moment(value, world.timezone))

        return draw

    def _later(self, at: datetime) -> datetime:
        moved = shifted(at, self.amount, self.unit) if self.amount else at
        assert isinstance(moved, datetime)
        return moved


def bound_of(text: str) -> Bound | None:
    """`$now - 2y`, `$month_start`, `customer.created_at`, `created_at + 30d`; None if it is none of these."""
    if text.startswith("$"):
        told = moment_of(text)
        return Bound(told) if told else None
    match = _LATER.fullmatch(text)
    if match is None:
        return None
    amount = int(match["count"] or 0)
    return Bound(
        None, path_of(match["path"]), -amount if match["sign"] == "-" else amount, match["unit"] or "d"
    )


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
            if bound.path:
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
