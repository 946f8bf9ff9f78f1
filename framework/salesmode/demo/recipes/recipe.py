"""What every recipe is."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Protocol

from salesmode.demo.world import Draw, Path, World


@dataclass(frozen=True, slots=True)
class Reads:
    """A recipe reads its own row at `path`: a field, a part or `n`, and from there through references."""

    path: Path


@dataclass(frozen=True, slots=True)
class Says:
    """A recipe takes words from the list of that name."""

    words: str


@dataclass(frozen=True, slots=True)
class Refers:
    """A recipe refers to rows of the object `target`, and looks at these names of them."""

    target: str
    names: tuple[str, ...]


Need = Reads | Says | Refers


class Recipe(Protocol):
    """How the values of one field or part come about; plain data until it is bound to a world."""

    def needs(self) -> Iterator[Need]:
        """What must be there for it to work."""
        ...

    def bind(self, world: World, random: Random, /) -> Draw:
        """A function that draws the value for a row; all chance comes from `random`."""
        ...


def skewed(random: Random, size: int, skew: float) -> int:
    """An index below `size`: evenly for a skew of 1, the greater the skew the more often a low one."""
    return int(size * random.random() ** skew)
