"""Recipes made of other recipes, and copies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from salesmode.demo.recipes.recipe import Need, Reads, Recipe
from salesmode.demo.world import Draw, Path, Row, World


@dataclass(frozen=True, slots=True)
class Copy(Recipe):
    """The value that stands at a path."""

    path: Path

    def needs(self) -> Iterator[Need]:
        yield Reads(self.path)

    def bind(self, world: World, _random: Random, /) -> Draw:
        return world.follow(self.path)


@dataclass(frozen=True, slots=True)
class First(Recipe):
    """The first of several recipes that gives a value at all."""

    recipes: tuple[Recipe, ...]

    def needs(self) -> Iterator[Need]:
        for each in self.recipes:
            yield from each.needs()

    def bind(self, world: World, random: Random, /) -> Draw:
        draws = [each.bind(world, random) for each in self.recipes]

        def draw(row: Row) -> object:
            return next((value for each in draws if (value := each(row)) is not None), None)

        return draw


@dataclass(frozen=True, slots=True)
class By(Recipe):
    """One recipe or another, as the value at a path says; `otherwise` for the rest, empty included."""

    path: Path
    cases: Mapping[str, Recipe]
    otherwise: Recipe

    def needs(self) -> Iterator[Need]:
        yield Reads(self.path)
        for each in (*self.cases.values(), self.otherwise):
            yield from each.needs()

    def bind(self, world: World, random: Random, /) -> Draw:
        follow = world.follow(self.path)
        cases = {value: each.bind(world, random) for value, each in self.cases.items()}
        otherwise = self.otherwise.bind(world, random)
        return lambda row: cases.get(_spelled(follow(row)), otherwise)(row)


@dataclass(frozen=True, slots=True)
class Share(Recipe):
    """A recipe that gives a value only for a share of the rows (0.7: seven in ten)."""

    recipe: Recipe
    share: float

    def needs(self) -> Iterator[Need]:
        return self.recipe.needs()

    def bind(self, world: World, random: Random, /) -> Draw:
        draw = self.recipe.bind(world, random)
        return lambda row: draw(row) if random.random() < self.share else None


def _spelled(value: object) -> str:
    """As a key of `cases` is written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
