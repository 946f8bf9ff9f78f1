"""What probes about one object are made from: its names, the role's grants, and what is seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from salesmode.model.field import Field
from salesmode.model.names import camel, pascal
from salesmode.model.object import Inverse, Object
from salesmode.model.tag import TAG, Tag
from salesmode.proving.sight import Granted, Sight
from salesmode.proving.tagged import shown
from salesmode.proving.world import Row

REFERENCES = ("reference", "user", "multi_reference")


@dataclass(frozen=True)
class Site:
    """One object for one role in one world."""

    sight: Sight
    object: Object
    random: Random

    @property
    def granted(self) -> Granted:
        return self.sight.granted

    @property
    def name(self) -> str:
        return self.object.name

    @property
    def one(self) -> str:
        return camel(self.object.name)

    @property
    def many(self) -> str:
        return camel(self.object.plural)

    @property
    def type(self) -> str:
        return pascal(self.object.name)

    @property
    def fields(self) -> list[Field]:
        """What the metadata declares; the system's fields are everyone's."""
        return [each for each in self.object.fields.values() if not each.system]

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Those that its records may carry."""
        return self.granted.model.tags_of(self.name)

    def seen(self, field: Field) -> bool:
        return self.granted.seen(self.name, field)

    def compared(self, field: Field) -> bool:
        return self.granted.compared(self.name, field)

    def writes(self, operation: str, field: Field) -> bool:
        return self.granted.writes(operation, self.name, field)

    def at(self, object_name: str) -> "Site":
        """The same for another object."""
        return Site(self.sight, self.granted.model.objects[object_name], self.random)

    @property
    def all(self) -> list[Row]:
        return list(self.sight.world.rows[self.name].values())

    @property
    def visible(self) -> list[Row]:
        return self.sight.rows(self.name)

    @property
    def hidden(self) -> list[Row]:
        return [row for row in self.all if not self.sight.sees(self.name, row["id"])]

    def telling(self, field: Field) -> list[Row]:
        """Up to two rows: a visible one, with a hidden cell if there is such, and one that is not visible."""
        states = [self.sight.state(self.name, row["id"], field)[0] for row in self.visible]
        rows = [row for row, state in zip(self.visible, states, strict=True) if state != "clear"]
        return [*(rows or self.visible)[:1], *self.hidden[:1]]

    def values(self, field: Field) -> list[Any]:
        """Up to two values to ask for: one that is hidden where there is one, and any other."""
        there = [row for row in self.all if row[field.name] is not None and self._known(field, row)]
        hidden = [row[field.name] for row in there if self.clear(row, field) != row[field.name]][:1]
        return hidden + [row[field.name] for row in there if row[field.name] not in hidden][:1]

    def _known(self, field: Field, row: Row) -> bool:
        """Whether there is a word for the value: what a hidden tag is called, or is in, is no option."""
        if self.name != TAG or field.name not in ("name", "state"):
            return True
        return shown(self.granted, self.granted.model.tags[row["name"]])

    def matching(self, field: Field, value: Any) -> list[str]:
        """The ids of visible rows in whose clear cell the value is."""
        return [row["id"] for row in self.visible if self.clear(row, field) == value]

    def clear(self, row: Row, field: Field) -> Any:
        """As it filters: null where it is not clear."""
        state = self.sight.state(self.name, row["id"], field)[0]
        return self.sight.visible(field, row.get(field.name)) if state == "clear" else None

    def parents(self) -> Iterator[tuple["Site", Field]]:
        """Where a reference leads to this object: one readable object, if there is any."""
        for other in self.granted.model.objects.values():
            for field in other.fields.values():
                links = field.to == self.name and field.type in ("reference", "user") and not field.system
                if links and self.granted.compared(other.name, field):
                    yield self.at(other.name), field
                    return

    def owners(self) -> Iterator[tuple["Site", Inverse]]:
        """Where a to-many leads to this object: one readable object, if there is any."""
        for other in self.granted.model.objects.values():
            for inverse in other.inverses.values():
                link = self.object.fields.get(inverse.field)
                reads = inverse.object == self.name and self.granted.reads(other.name)
                if reads and link is not None and self.compared(link):
                    yield self.at(other.name), inverse
                    return


def leaf(field: Field) -> str:
    """The field as it is selected."""
    inner = " { name }" if field.type == "stage" else " { id }" if field.type in REFERENCES else ""
    return f"{camel(field.name)}{inner}"
