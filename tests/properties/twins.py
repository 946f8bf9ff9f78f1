"""A second world that looks the same to a role: hidden values are others, and there are other hidden rows."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from salesmode.model.field import Field
from tests.properties.little_world import LittleWorld, changes, rows, values, written_fields
from tests.properties.rights import Rights
from tests.properties.sight import Sight

Change = Callable[[LittleWorld], LittleWorld]


@st.composite
def twins(draw: st.DrawFn, held: Rights, world: LittleWorld) -> LittleWorld:
    """As many of the drawn changes as leave what the holders may know as it is."""
    sight = Sight(held.roles, world)
    return _applied(world, list(_drawn(draw, sight)), sight)


def _drawn(draw: st.DrawFn, sight: Sight) -> Iterator[Change]:
    yield from _hidden_cells(draw, sight)
    for name in sight.world.rows:
        for number in range(draw(st.integers(0, 2))):
            row = draw(rows(name, 101 + number))
            yield lambda world, name=name, row=row: world.with_row(name, row)
    for at, change in enumerate(sight.world.changes):
        other = draw(st.just(change) | changes(at))
        yield lambda world, at=at, other=other: world.with_changes(
            (*world.changes[:at], other, *world.changes[at + 1 :])
        )
    for number in range(draw(st.integers(0, 2))):
        more = draw(changes(101 + number))
        yield lambda world, more=more: world.with_changes((*world.changes, more))


def _hidden_cells(draw: st.DrawFn, sight: Sight) -> Iterator[Change]:
    for name, listed in sight.world.rows.items():
        for id, row in listed.items():
            seen = sight.sees(name, row)
            for field in written_fields(name):
                shown = sight.cell(name, row, field.name) if seen else None
                if shown != ("clear", row[field.name]) or isinstance(row[field.name], tuple):
                    value = draw(st.just(row[field.name]) | _others(field, shown, sight))
                    yield lambda world, spot=(name, id, field.name, value): world.with_value(*spot)


def _others(field: Field, shown: Any, sight: Sight) -> st.SearchStrategy[Any]:
    """Any value; of a list whose records are shown as far as they are seen, one with other unseen ones."""
    if shown is None or shown[0] != "clear" or not isinstance(shown[1], tuple):
        return values(field)
    unseen = [id for id, row in sight.world.rows[str(field.to)].items() if not sight.sees(str(field.to), row)]
    more = st.lists(st.sampled_from(unseen), max_size=2, unique=True) if unseen else st.just([])
    return more.map(lambda found: (*found, *shown[1]))


def _applied(world: LittleWorld, wanted: Sequence[Change], sight: Sight) -> LittleWorld:
    changed = world
    for each in wanted:
        changed = each(changed)
    if Sight(sight.roles, changed).view == sight.view:
        return changed
    if len(wanted) == 1:
        return world
    half = len(wanted) // 2
    return _applied(_applied(world, wanted[:half], sight), wanted[half:], sight)
