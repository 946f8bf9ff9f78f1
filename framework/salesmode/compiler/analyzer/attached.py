"""Objects of the engine whose rows are about records of other objects: grants, stays in stages, tags.

Each has a typed reference to every object that has such rows, and that object the to-many back: so
conditions, filters, deletion and foreign keys treat them like any other record.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from salesmode.compiler.analyzer.fields import FieldMaker
from salesmode.diagnostics import Span
from salesmode.model.field import Field
from salesmode.model.label import Label
from salesmode.model.object import Inverse, Object

ENGINE = Span("engine", 0, 0)

InverseOf = Callable[[Object], Inverse]


def record_link(target: str, label: Label, maker: FieldMaker) -> Field:
    """A reference to what the row is about, or to whom: without it, the row is nothing."""
    return replace(maker.link(target, label, ENGINE), on_delete="cascade")


def attached_to(
    objects: Mapping[str, Object], attached: Object, carries: Callable[[Object], bool], inverse: InverseOf
) -> dict[str, Object]:
    """The objects, those that carry such rows with their inverse; and `attached`, where there are any."""
    linked = {name for name, each in objects.items() if carries(each) and name in attached.fields}
    found = {
        name: _related(each, inverse(each)) if name in linked else each for name, each in objects.items()
    }
    return {**found, attached.name: objects.get(attached.name, attached)} if linked else found


def _related(object_: Object, inverse: Inverse) -> Object:
    return replace(object_, inverses={**object_.inverses, inverse.name: inverse})
