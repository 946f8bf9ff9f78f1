"""The order of making: populations after those they refer to, the recipes of a row after those they read."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from salesmode.demo.population import Population
from salesmode.demo.recipes import Reads, Recipe, Refers
from salesmode.diagnostics import Collector
from salesmode.model.app import Model

CIRCLE = "SM826"


def in_order(
    populations: Mapping[str, Population], model: Model, collector: Collector
) -> tuple[Population, ...]:
    """The populations in order, the recipes of each in order too; a circle is reported."""
    sorter = TopologicalSorter(
        {name: _before(each, populations, model) for name, each in populations.items()}
    )
    try:
        names = tuple(sorter.static_order())
    except CycleError as error:
        circle = error.args[1]
        message = f"these records would have to be made before each other: {' → '.join(circle)}"
        collector.error(CIRCLE, message, populations[circle[0]].span)
        return ()
    return tuple(replace(populations[name], recipes=_sorted(populations[name], collector)) for name in names)


def _before(population: Population, populations: Mapping[str, Population], model: Model) -> list[str]:
    """The objects whose records must be there first."""
    drawn = (need.target for _, need in population.needs() if isinstance(need, Refers))
    named = dict.fromkeys([*drawn, *_written(population, model), *(each.of for each in population.each)])
    return [name for name in named if name in populations and name != population.of]


def _written(population: Population, model: Model) -> Iterator[str]:
    fields = model.objects[population.of].fields
    for row in population.written:
        for name in row:
            if name in fields and (target := fields[name].to) is not None:
                yield target


def _sorted(population: Population, collector: Collector) -> Mapping[str, Recipe]:
    reads = {
        name: [need.path[0] for need in recipe.needs() if isinstance(need, Reads)]
        for name, recipe in population.recipes.items()
    }
    try:
        order = TopologicalSorter(reads).static_order()
        return {name: population.recipes[name] for name in order if name in population.recipes}
    except CycleError as error:
        circle = error.args[1]
        message = f"these values would have to be drawn before each other: {' → '.join(circle)}"
        collector.error(CIRCLE, message, population.place(circle[0]))
        return {}
