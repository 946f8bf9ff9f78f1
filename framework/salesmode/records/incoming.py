"""Which fields of which objects refer to an object, and how: what its deletion concerns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from salesmode.model.app import Model
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.tables.indexes import refers


@dataclass(frozen=True, slots=True)
class Incoming:
    """Rows of `object` refer by `field` to rows of `target`."""

    target: str
    object: Object
    field: Field


def incoming(model: Model, targets: Iterable[str], on_delete: Iterable[str]) -> Iterator[Incoming]:
    """The references to those objects that say one of those things; who created a record is no reference."""
    wanted, said = frozenset(targets), frozenset(on_delete)
    for each in model.objects.values():
        for field in each.fields.values():
            if field.to in wanted and refers(field) and not field.system and field.on_delete in said:
                yield Incoming(field.to, each, field)
