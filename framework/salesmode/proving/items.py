"""What a role may know of the items of snapshots: what it may know of the same values of their records."""

from collections.abc import Iterator
from typing import Protocol

from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.pipeline import PIPELINE
from salesmode.model.snapshot import ITEM
from salesmode.proving.world import Row, World


class Granting(Protocol):
    """The grants of a role."""

    @property
    def model(self) -> Model: ...

    def records(self) -> list[Field]: ...


class Seeing(Protocol):
    """What holds in a world, for a role."""

    @property
    def granted(self) -> Granting: ...

    @property
    def world(self) -> World: ...

    def tells(self, object_name: str, id: str | None) -> bool: ...

    def clear(self, object_name: str, id: str, field: Field) -> bool: ...


def records_of(sight: Seeing, id: str) -> Iterator[tuple[str, Row]]:
    """The records that an item is about, which tell where they stand, each with the name of its object."""
    item = sight.world.rows[ITEM][id]
    for each in sight.granted.records():
        if sight.tells(str(each.to), item[each.name]):
            yield str(each.to), sight.world.rows[str(each.to)][item[each.name]]


def item_shown(sight: Seeing, id: str, field: Field) -> bool:
    """Whether a value of an item is told."""
    return any(_shown(sight, name, record, field) for name, record in records_of(sight, id))


def _shown(sight: Seeing, object_name: str, record: Row, field: Field) -> bool:
    pipeline = sight.granted.model.pipelines[record[PIPELINE]]
    worth = {"amount": pipeline.amount, "close_date": pipeline.close_date, "owner": "owner"}
    if field.name not in worth:
        return True
    known = sight.granted.model.objects[object_name].fields.get(worth[field.name] or "")
    return known is not None and sight.clear(object_name, record["id"], known)
