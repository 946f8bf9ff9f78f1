"""A small world to bind recipes to."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

from salesmode.demo.recipes import recipe_of
from salesmode.demo.world import Row, World

NOW = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai


def world_of(words: Mapping[str, Sequence[object]] | None = None, **rows: list[Row]) -> World:
    """A world in Shanghai with these rows by object."""
    world = World(
        words or {}, NOW, ZoneInfo("Asia/Shanghai"), "zh", ("zh", "en"), {name: [] for name in rows}
    )
    for name, given in rows.items():
        for row in given:
            world.add(name, row, None)
    return world


def drawn(raw: object, row: Row | None = None, world: World | None = None, *, times: int = 1) -> list[object]:
    """What the recipe draws for the same row, several times."""
    draw = recipe_of(raw).bind(world or world_of(), Random(11))
    return [draw(row or {"n": 0}) for _ in range(times)]
