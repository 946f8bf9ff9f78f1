"""Draws the records of a Demo: the same demo, model, size, seed, moment and language give the same, ids
included, and another language the same company.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

from salesmode.demo.identity import uuid7
from salesmode.demo.population import Demo, Population, Size
from salesmode.demo.stays import stays
from salesmode.demo.values import Store, WrongValue, store_of
from salesmode.demo.world import Draw, Row, World
from salesmode.diagnostics import Diagnostic, MetadataError
from salesmode.model.app import Model
from salesmode.model.object import Object
from salesmode.model.pipeline import STAGE_CHANGE
from salesmode.records.numbering import formatted

WRONG_VALUE = "SM827"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one object: canonical values by field name, those of the system fields too."""

    of: Object
    rows: tuple[Mapping[str, object], ...]


def generate(
    demo: Demo, model: Model, *, size: Size, seed: int, now: datetime, locale: str
) -> Iterator[Records]:
    """The records, object by object, each object after those it refers to, and where they were in pipelines.

    Raises MetadataError where a recipe or a written row gives what its field does not take.
    """
    rows: dict[str, list[Row]] = {each.of: [] for each in demo.populations}
    passed: list[Mapping[str, object]] = []
    world = World(demo.words, now, ZoneInfo(model.app.timezone), locale, model.app.locales, rows)
    for population in demo.populations:
        maker = _Maker(population, model.objects[population.of], world, seed)
        try:
            maker.make(population.total(size))
        except WrongValue as wrong:
            span = population.place(wrong.place)
            raise MetadataError([Diagnostic(WRONG_VALUE, str(wrong), span)], demo.sources) from None
        fields = maker.object.fields
        kept = tuple({name: row.get(name) for name in fields} for row in rows[population.of])
        yield Records(maker.object, kept)
        if model.pipelines_of(population.of):
            passed.extend(stays(maker.object, kept, model, seed))
    if passed:
        yield Records(model.objects[STAGE_CHANGE], tuple(passed))


class _Maker:
    """Makes the rows of one population, one after the other."""

    def __init__(self, population: Population, object_: Object, world: World, seed: int) -> None:
        self.object = object_
        self._population = population
        self._world = world
        self._seed = seed
        self._ids = self._chance("id")
        self._stores = {field.name: store_of(field, world) for field in object_.fields.values()}
        self._steps: list[tuple[str, Draw, Store]] = [
            (name, recipe.bind(world, self._chance(name)), self._stores.get(name, _as_it_is))
            for name, recipe in population.recipes.items()
        ]

    def _chance(self, name: str) -> Random:
        """A stream of its own for each recipe, so that a new one does not change what the others draw."""
        return Random(f"{self._seed} {self._population.of} {name}")

    def make(self, total: int) -> None:
        written: Iterable[Row] = ({"k": 0} for _ in range(total))
        begun = chain(written, *(each.begun(self._world) for each in self._population.each))
        for number, row in enumerate(begun):
            row["n"] = number
            if number < len(self._population.written):
                self._write(row, number)
            for name, draw, store in self._steps:
                if name not in row:
                    row[name] = store(draw(row))
            created = row["created_at"]
            assert isinstance(created, datetime)
            row["id"] = uuid7(created, self._ids)
            self._world.add(self.object.name, row, self._population.key)
        self._number(self._world.rows[self.object.name])

    def _number(self, rows: list[Row]) -> None:
        """Automatic numbers rise in the order of creation."""
        for field in self.object.fields.values():
            if field.type == "auto_number":
                for value, row in enumerate(sorted(rows, key=lambda row: str(row["id"])), 1):
                    row[field.name] = formatted(field.format, value, self._year(row))

    def _year(self, row: Row) -> int:
        created = row["created_at"]
        assert isinstance(created, datetime)
        return created.astimezone(self._world.timezone).year

    def _write(self, row: Row, number: int) -> None:
        """What the description says of this row; a reference is written as the key of another written row."""
        for name, value in self._population.written[number].items():
            field = self.object.fields.get(name)
            target = field.to if field else self._population.target_of(name)
            if target is not None:
                row[name] = self._world.written[target, value]
            else:
                row[name] = self._stored(name, value, number) if field else value

    def _stored(self, name: str, value: object, number: int) -> object:
        try:
            return self._stores[name](value)
        except WrongValue as wrong:
            raise WrongValue(f"row {number}", str(wrong)) from None


def _as_it_is(value: object) -> object:
    return value
