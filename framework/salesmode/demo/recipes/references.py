"""Recipes for references to rows made before, of another object or of the same one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from salesmode.demo.recipes.recipe import Need, Reads, Recipe, Refers, skewed
from salesmode.demo.world import Draw, Path, Row, World


@dataclass(frozen=True, slots=True)
class Reference(Recipe):
    """The id of a row of the object `target`, or None where none fits.

    `where`: values that a field or part of that row must have.
    `same`: its field must equal this row's value at a path; where this row has none, nothing fits.
    `skew`: the greater, the more often the earliest rows. `evenly`: in turn instead of by chance.
    """

    target: str
    where: Mapping[str, frozenset[object]]
    same: Mapping[str, Path]
    skew: float = 1.0
    evenly: bool = False

    def needs(self) -> Iterator[Need]:
        yield Refers(self.target, (*self.where, *self.same))
        for path in self.same.values():
            yield Reads(path)

    def bind(self, world: World, random: Random, /) -> Draw:
        shelf = _Shelf(world.rows[self.target], self.where, tuple(self.same))
        follow = [world.follow(path) for path in self.same.values()]

        def draw(row: Row) -> object:
            fitting = shelf.fitting(tuple(each(row) for each in follow))
            if not fitting:
                return None
            number = row["n"] if self.evenly else skewed(random, len(fitting), self.skew)
            assert isinstance(number, int)
            return fitting[number % len(fitting)]

        return draw


class _Shelf:
    """Ids of the rows that pass `where`, by their values of some fields; takes up new rows as they come."""

    def __init__(self, rows: list[Row], where: Mapping[str, frozenset[object]], by: tuple[str, ...]) -> None:
        self._rows = rows
        self._where = where
        self._by = by
        self._seen = 0
        self._ids: dict[tuple[object, ...], list[object]] = {}

    def fitting(self, key: tuple[object, ...]) -> list[object]:
        for row in self._rows[self._seen :]:
            if all(row.get(name) in wanted for name, wanted in self._where.items()):
                self._ids.setdefault(tuple(row.get(name) for name in self._by), []).append(row["id"])
        self._seen = len(self._rows)
        return [] if None in key else self._ids.get(key, [])
