"""Recipes that draw from a list: fixed values, words, weighted choices."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from salesmode.demo.recipes.recipe import Need, Reads, Recipe, Says, skewed
from salesmode.demo.world import Draw, Path, World


@dataclass(frozen=True, slots=True)
class Constant(Recipe):
    """Always the same value."""

    value: object

    def needs(self) -> Iterator[Need]:
        yield from ()

    def bind(self, _world: World, _random: Random, /) -> Draw:
        return lambda _: self.value


@dataclass(frozen=True, slots=True)
class Words(Recipe):
    """One of a list of words; with a skew above 1 those at the front come more often."""

    name: str
    skew: float = 1.0

    def needs(self) -> Iterator[Need]:
        yield Says(self.name)

    def bind(self, world: World, random: Random, /) -> Draw:
        words = world.words[self.name]
        return lambda _: words[skewed(random, len(words), self.skew)]


@dataclass(frozen=True, slots=True)
class Pick(Recipe):
    """One of the list that stands at a path, for example in a part of a row that was written out."""

    path: Path

    def needs(self) -> Iterator[Need]:
        yield Reads(self.path)

    def bind(self, world: World, random: Random, /) -> Draw:
        follow = world.follow(self.path)

        def draw(row: dict[str, object]) -> object:
            found = follow(row)
            if not isinstance(found, Sequence) or isinstance(found, str) or not found:
                return None
            return found[int(len(found) * random.random())]

        return draw


@dataclass(frozen=True, slots=True)
class Choice(Recipe):
    """One of some values by weight."""

    values: tuple[object, ...]
    weights: tuple[float, ...]

    def needs(self) -> Iterator[Need]:
        yield from ()

    def bind(self, _world: World, random: Random, /) -> Draw:
        limits = tuple(accumulate(self.weights))
        last = len(self.values) - 1
        return lambda _: self.values[bisect(limits, random.random() * limits[-1], 0, last)]
