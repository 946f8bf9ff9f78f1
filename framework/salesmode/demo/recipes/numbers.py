"""Recipes for numbers. Exact ones leave here as integers or decimals, rounded to a step."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from salesmode.demo.recipes.recipe import Need, Reads, Recipe
from salesmode.demo.world import Draw, Path, World


@dataclass(frozen=True, slots=True)
class Integer(Recipe):
    """A whole number from `low` to `high`, both included; the skew favours the low ones."""

    low: int
    high: int
    skew: float = 1.0

    def needs(self) -> Iterator[Need]:
        yield from ()

    def bind(self, _world: World, random: Random, /) -> Draw:
        width = self.high - self.low + 1
        return lambda _: self.low + int(width * random.random() ** self.skew)


@dataclass(frozen=True, slots=True)
class Lognormal(Recipe):
    """An amount as amounts are: half below the median, a few very large. `spread` 1 is usual for deals."""

    median: Decimal
    spread: float
    step: Decimal

    def needs(self) -> Iterator[Need]:
        yield from ()

    def bind(self, _world: World, random: Random, /) -> Draw:
        return lambda _: stepped(float(self.median) * random.lognormvariate(0, self.spread), self.step)


@dataclass(frozen=True, slots=True)
class Ratio(Recipe):
    """A share, from `low` to `high`, of another number of the row or of one it refers to."""

    of: Path
    low: float
    high: float
    step: Decimal

    def needs(self) -> Iterator[Need]:
        yield Reads(self.of)

    def bind(self, world: World, random: Random, /) -> Draw:
        follow = world.follow(self.of)

        def draw(row: dict[str, object]) -> object:
            base = follow(row)
            if not isinstance(base, int | Decimal):
                return None
            return stepped(float(base) * random.uniform(self.low, self.high), self.step)

        return draw


def stepped(value: float, step: Decimal) -> Decimal:
    """The multiple of `step` that is nearest, and at least one step."""
    return max(round(value / float(step)), 1) * step
