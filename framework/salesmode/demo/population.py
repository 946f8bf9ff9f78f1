"""What a Demo is: words, and the populations of records in an order in which each finds what it refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from salesmode.demo.each import Each
from salesmode.demo.recipes import Need, Recipe, Refers
from salesmode.diagnostics import Span
from salesmode.model.condition import Moment
from salesmode.stories.story import Line

Size = Literal["s", "m", "l"]
SIZES: tuple[Size, ...] = ("s", "m", "l")


@dataclass(frozen=True, slots=True)
class Population:
    """The records of one object.

    `counts`: how many, by size, the written ones included; without it there are only those.
    `each`: the other records that each have some of these, which come after the written ones.
    `key`: the field of a written row by which other written rows refer to it.
    `parts`: names that help to draw and are not stored. `recipes`: by field or part.
    `written`: rows given in the description, first of all; what they leave open is drawn.
    `spans`: the place of a field's recipe, of "part NAME" and of "row INDEX".
    """

    of: str
    span: Span
    counts: Mapping[str, int]
    each: tuple[Each, ...]
    key: str | None
    parts: frozenset[str]
    written: tuple[Mapping[str, object], ...]
    recipes: Mapping[str, Recipe]
    spans: Mapping[str, Span]

    def total(self, size: Size) -> int:
        """How many records there are at that size."""
        return max(self.counts.get(size, 0), len(self.written))

    def keyed(self) -> Iterator[tuple[int, str]]:
        """The number and the key of each written row that has one."""
        for number, row in enumerate(self.written):
            key = row.get(self.key) if self.key else None
            if isinstance(key, str):
                yield number, key

    def needs(self) -> Iterator[tuple[str, Need]]:
        """What each recipe needs, with the recipe's name."""
        for name, recipe in self.recipes.items():
            for need in recipe.needs():
                yield name, need

    def target_of(self, part: str) -> str | None:
        """The object that a part refers to: the one whose records its recipe draws from, if it is one."""
        recipe = self.recipes.get(part)
        targets = {need.target for need in recipe.needs() if isinstance(need, Refers)} if recipe else set()
        return targets.pop() if len(targets) == 1 else None

    def place(self, name: str) -> Span:
        """Where the recipe, part or row of that name stands, or the whole population."""
        return self.spans.get(name, self.span)


@dataclass(frozen=True, slots=True)
class Part:
    """Steps that are all done at the first of these moments, then at the next."""

    at: tuple[Moment, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """A whole description, checked against one model.

    `parts`: what is done once the records are there. `sign_in`: names of users whom `salesmode demo` gives
    tokens.
    `sources`: the texts it was read from, by file.
    """

    words: Mapping[str, tuple[object, ...]]
    populations: tuple[Population, ...]
    parts: tuple[Part, ...]
    sign_in: tuple[str, ...]
    sources: Mapping[str, str]
