"""The other world: it differs from the first in as much as the role may not read, and in nothing else."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from random import Random
from typing import Any

from salesmode.fieldtypes import field_type
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE, STATUS
from salesmode.model.tag import TAG
from salesmode.proving.sight import Sight
from salesmode.proving.standing import other_place
from salesmode.proving.tagged import other_tag
from salesmode.proving.values import drawn
from salesmode.proving.world import Cell, World, ids_of, me, unique_fields

Look = Callable[[World], Awaitable[Sight]]
_SMALL = 3


async def twin_of(sight: Sight, look: Look, random: Random) -> World:
    """As many of the changes as leave everything that the role may know as it is; `look` loads a world."""
    wanted = _wanted(sight, random)
    return await _applied(sight.world, sorted(wanted.items(), key=lambda each: each[0][::2]), sight, look)


def _wanted(sight: Sight, random: Random) -> Mapping[Cell, Any]:
    """Another value for each cell that is not clear, where one can be thought of."""
    found: dict[Cell, Any] = {}
    for name, rows in sight.world.rows.items():
        object_ = sight.granted.model.objects[name]
        kept = unique_fields(object_)
        for id, row in rows.items():
            for field in object_.fields.values():
                fixed = field.system or field.tree or field.computed is not None or field.name in kept
                if fixed or id == me(sight.granted.model):
                    continue
                other = _other(sight, name, field, row, random)
                if other != row[field.name]:
                    found[(name, id, field.name)] = other
    return found


def _other(sight: Sight, object_name: str, field: Field, row: Mapping[str, Any], random: Random) -> Any:
    value, (state, mask) = row[field.name], sight.state(object_name, row["id"], field)
    if state == "clear" and field.type == "multi_reference":
        return _unseen(sight, field, value, random)
    leads = state == "clear" and field.to is not None and sight.visible(field, value) != value
    if not field_type(field.type).selectable or (state == "clear" and not leads):
        return value
    if sight.unmasks(object_name, row, field) or field.name == PIPELINE:
        return value
    if PIPELINE in row and (field.type == "stage" or field.name == STATUS):
        return other_place(sight.granted.model, field, row, random)
    text = isinstance(value, str) and field.to is None
    if state == "masked" and mask is not None and mask.name == "last4" and text:
        return (
            (("9" if value[0] != "9" else "8") + value[1:]) if len(value) >= 8 and value[0] != "+" else value
        )
    others = [drawn(field, random, _ids(sight, field)) for _ in range(6)]
    other = next((each for each in others if each != value and (each is None) <= (state != "masked")), value)
    return other_tag(sight.granted.model, field, row, other, random) if object_name == TAG else other


def _unseen(sight: Sight, field: Field, value: tuple[str, ...] | None, random: Random) -> Any:
    """A list that shows the same records, among others that are not seen."""
    if value is None:
        return None
    hidden = [each for each in _ids(sight, field) if not sight.sees(str(field.to), each)]
    return (*random.sample(hidden, k=min(len(hidden), random.randint(0, 2))), *sight.visible(field, value))


def _ids(sight: Sight, field: Field) -> list[str]:
    """What a reference may name."""
    return ids_of(sight.granted.model, field.to) if field.to else []


async def _applied(world: World, wanted: Sequence[tuple[Cell, Any]], sight: Sight, look: Look) -> World:
    if not wanted:
        return world
    changed = world.changed(dict(wanted))
    if sight.equals(await look(changed)):
        return changed
    if len(wanted) <= _SMALL:
        return world
    half = len(wanted) // 2
    return await _applied(await _applied(world, wanted[:half], sight, look), wanted[half:], sight, look)
