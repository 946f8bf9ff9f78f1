"""What the engine keeps about a record (grants, stays in stages, tags) is seen with the record."""

from collections.abc import Iterator, Mapping

from salesmode.model.app import Model
from salesmode.model.condition import NEVER, Compare, Condition, Literal, Or, Through, both
from salesmode.model.field import Field
from salesmode.model.object import Object

_THERE = Compare("id", "isNull", Literal(False))


def record_links(model: Model, attached: Object) -> Iterator[Field]:
    """Its references to the record that a row is about: those from which there is a way back."""
    for field in attached.fields.values():
        ways_back = model.objects[field.to].inverses.values() if field.to else ()
        if any((each.object, each.field) == (attached.name, field.name) for each in ways_back):
            yield field


def seen_with_record(rights: Mapping[str, Condition]) -> Condition:
    """Which rows are seen, where each reference leads to a record that is seen by its right."""
    seen = tuple(Through(name, both(_THERE, right)) for name, right in rights.items() if right != NEVER)
    if len(seen) < 2:
        return seen[0] if seen else NEVER
    return Or(seen)  # no two are alike, so none need be compared
