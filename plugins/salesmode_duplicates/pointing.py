"""What refers to a record: references of all objects, and the texts by which claims remember theirs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from salesmode.hookspecs import Desk, UnitOf
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, Compare, Literal
from salesmode.model.engine import FOLLOWING, WRITTEN_BY_ENGINE
from salesmode.model.field import Field
from salesmode_duplicates.granted import known_to_caller
from salesmode_duplicates.plain import is_list
from salesmode_duplicates.search import MOST_IDS

CLAIM = "ownership_claim"


@dataclass(frozen=True, slots=True)
class Moved:
    """One reference that was changed, from `old` to `new`; a list of ids where the field holds several."""

    object: str
    id: str
    field: str
    old: Any
    new: Any


def pointing_at(model: Model, object_: str) -> Iterator[tuple[str, Field]]:
    """Each reference to the object that somebody may write. Grants, tags and the history of stages go with
    their record. What others are chosen by (a buyer by the household) comes before those.
    """
    for name in _chosen_first(model):
        for field in model.objects[name].fields.values():
            if field.to == object_ and not (field.system or field.kept or field.computed):
                yield name, field
    yield CLAIM, model.objects[CLAIM].fields["record"]


def _chosen_first(model: Model) -> tuple[str, ...]:
    """The objects in an order in which a reference that is limited (`where`) leads to an earlier one."""
    limits = {
        name: {
            each.to
            for each in described.fields.values()
            if each.to not in {None, name} and each.where != ALWAYS
        }
        for name, described in model.objects.items()
        if name not in FOLLOWING and name not in WRITTEN_BY_ENGINE
    }
    sorter: TopologicalSorter[str] = TopologicalSorter(limits)
    try:
        return tuple(each for each in sorter.static_order() if each in limits)
    except CycleError:  # no order is right, and a record in the circle is refused
        return tuple(limits)


def repoint(desk: Desk, object_: str, merged: Sequence[str], survivor: str) -> UnitOf[list[Moved]]:
    """Everything that refers to the merged records refers to the survivor; gives what was changed."""
    moved: list[Moved] = []
    for name, field in pointing_at(desk.model, object_):
        skipped = {survivor, *merged} if name == object_ else set()
        found = yield from _of_field(desk, name, field, merged, survivor)
        here = [each for each in found if each.id not in skipped]
        yield from write_moves(desk, here)
        moved += here
    return moved


def seen_of(desk: Desk, moves: Sequence[Moved]) -> UnitOf[int]:
    """How many of them the caller sees: the record, and what it refers to."""
    seen = 0
    by_field = _by_field(moves)
    known = {name: known_to_caller(desk, name) for name, _ in by_field}
    shown = ((name, field, ids) for (name, field), ids in by_field.items() if field in known[name])
    for name, field, ids in shown:
        for at in range(0, len(ids), MOST_IDS):
            rows = yield from desk.as_caller().read(name, [field], ids=ids[at : at + MOST_IDS])
            seen += sum(row[field] is not None for row in rows)
    return seen


def _by_field(moves: Sequence[Moved]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in moves:
        found.setdefault((each.object, each.field), []).append(each.id)
    return found


def write_moves(desk: Desk, moves: Sequence[Moved]) -> UnitOf[None]:
    """Each row gets the value that its move says, object by object."""
    by_object: dict[str, dict[str, dict[str, Any]]] = {}
    for each in moves:
        by_object.setdefault(each.object, {}).setdefault(each.id, {})[each.field] = each.new
    for name, changes in by_object.items():
        yield from desk.update(name, changes)


def _of_field(
    desk: Desk, name: str, field: Field, merged: Sequence[str], survivor: str
) -> UnitOf[list[Moved]]:
    operator = "hasAny" if is_list(field) else "in"
    where = Compare(field.name, operator, Literal(tuple(merged)))
    rows = yield from desk.read(name, [field.name], where=where)
    return [
        Moved(name, row["id"], field.name, row[field.name], _new(field, row[field.name], merged, survivor))
        for row in rows
    ]


def _new(field: Field, old: Any, merged: Sequence[str], survivor: str) -> Any:
    if not is_list(field):
        return survivor
    return tuple(dict.fromkeys(survivor if each in merged else each for each in old))


def as_plain(moves: Sequence[Moved]) -> list[Mapping[str, Any]]:
    """For the record of the merge."""
    return [
        {"object": each.object, "id": each.id, "field": each.field, "old": each.old, "new": each.new}
        for each in moves
    ]
