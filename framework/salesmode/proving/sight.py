"""What a role may read and write, said a second time and naively: straight from the Role values, cell by cell
(RULINGS 15, 17, 18). It shares nothing with `access.compose`; the database says which conditions hold.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal as OneOf

from salesmode.conditions.mentions import mentions
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.model.condition import ALWAYS, NEVER, Condition
from salesmode.model.engine import FOLLOWING
from salesmode.model.field import Field, Mask
from salesmode.model.grant import GRANT
from salesmode.model.pipeline import PIPELINE, STAGE, STAGE_CHANGE, STATUS
from salesmode.model.role import FieldGrant, ObjectGrant, Right
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.model.tag import TAG
from salesmode.proving.implied import own, whole
from salesmode.proving.items import item_shown, records_of
from salesmode.proving.tagged import sees, sets, shown
from salesmode.proving.world import Row, World

State = OneOf["clear", "masked", "hidden"]
Truth = Mapping[str, frozenset[Condition]]
OPERATIONS = ("update", "delete", "export", "share", "transfer")


@dataclass(frozen=True)
class Granted:
    """The grants of a role, with those that it inherits. What can be told without any row."""

    model: Model
    role: str

    @cached_property
    def names(self) -> tuple[str, ...]:
        found, waiting = [], [self.role]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.append(name)
                waiting += self.model.roles[name].inherits
        return tuple(found)

    @cached_property
    def _known(self) -> dict[object, Any]:
        """What was told already; the metadata does not change."""
        return {}

    def grants(self, object_name: str) -> list[ObjectGrant]:
        """Everyone reads who they are; a grant is read with its record."""
        if object_name not in self._known:
            self._known[object_name] = self._grants(object_name)
        found: list[ObjectGrant] = self._known[object_name]
        return found

    def _grants(self, object_name: str) -> list[ObjectGrant]:
        object_ = self.model.objects[object_name]
        roles = [self.model.roles[name] for name in self.names]
        found = [each.objects[object_name] for each in roles if object_name in each.objects]
        if object_name in FOLLOWING:
            return [whole(object_)] if self._follows(object_name) else []
        return [*found, own(object_)] if object_name == "user" else found

    def _follows(self, object_name: str) -> bool:
        """Whether some record is read with which its rows are seen."""
        if object_name == GRANT:
            return any(self.reads(field.to) for field in self.links())
        if object_name in (STAGE_CHANGE, SNAPSHOT):
            return any(self.tells_places(str(each.to)) for each in self.records())
        if object_name == ITEM:
            return False
        return any(shown(self, each) for each in self.model.tags.values())

    def links(self) -> list[Field]:
        """What a grant may be about."""
        fields = self.model.objects[GRANT].fields.values()
        return [each for each in fields if each.to and self.model.objects[each.to].owned]

    def records(self) -> list[Field]:
        """What a stay in a stage may be of."""
        fields = self.model.objects[STAGE_CHANGE].fields.values()
        return [each for each in fields if each.to and self.model.pipelines_of(each.to)]

    def places(self, object_name: str) -> list[Field]:
        """The fields that say where a record stands."""
        fields = self.model.objects[object_name].fields
        return [fields[name] for name in (PIPELINE, STAGE, STATUS) if name in fields]

    def tells_places(self, object_name: str) -> bool:
        """Whether some records are seen with all that says where they stand."""
        return all(self.compared(object_name, each) for each in self.places(object_name))

    def readers(self, object_name: str) -> list[ObjectGrant]:
        return [
            each
            for each in self.grants(object_name)
            if each.read and not each.add_on and each.read.where != NEVER
        ]

    def reads(self, object_name: str | None) -> bool:
        """Whether the role reads some row."""
        return object_name is not None and bool(self.readers(object_name))

    def denied(self, object_name: str) -> set[str]:
        return {name for each in self.grants(object_name) for name in each.denied}

    def seen(self, object_name: str, field: Field) -> bool:
        """Whether the field is in the role's schema."""
        key = (object_name, field.name)
        if key not in self._known:
            self._known[key] = self._shown(object_name, field, masked=True)
        return bool(self._known[key])

    def compared(self, object_name: str, field: Field) -> bool:
        """Whether the field may filter, order, group and aggregate."""
        return self._shown(object_name, field, masked=False)

    def writes(self, operation: str, object_name: str, field: Field) -> bool:
        """Whether the field is in the input of `create` or `update`."""
        rights = [(each, getattr(each, operation)) for each in self.grants(object_name) if not each.add_on]
        rights = [(each, right) for each, right in rights if right and right.where != NEVER]
        if field.kept and operation == "create" and field.name in (PIPELINE, STAGE):
            return any(field.name not in (right.presets or {}) for _, right in rights)
        if not rights or field.system or field.readonly or field.name in self.denied(object_name):
            return False
        if all(field.name in (right.presets or {}) for _, right in rights):
            return False
        cells = [each for each, _ in rights] + [each for each in self.grants(object_name) if each.add_on]
        return any(field.name in each.fields and each.fields[field.name].write != NEVER for each in cells)

    def unmasks(self, object_name: str, field: Field) -> bool:
        """Whether the field is shown masked, and may be unmasked, on some row."""
        if field.system or not self.seen(object_name, field):
            return False
        readers = self.readers(object_name)
        everywhere = [each for each in self.grants(object_name) if each.add_on]
        named = [each for each in (*readers, *everywhere) if field.name in each.fields]
        whole = [each for each in named if each.fields[field.name].clear == ALWAYS]
        always = any(each.add_on or _rows(each) == ALWAYS for each in whole)
        if always or all(_rows(each) in map(_rows, whole) for each in readers):
            return False
        rights = [each.unmask for each in self.grants(object_name) if each.unmask]
        allowed = any(field.name in each.fields and each.where != NEVER for each in rights)
        return allowed and any(each.fields[field.name].masked for each in named)

    def decisive(self, object_name: str) -> frozenset[str]:
        """The fields on which a right to the object's rows or fields depends."""
        conditions = [self.model.objects[object_name].current]
        for grant in self.grants(object_name):
            conditions += [grant.read.where] if grant.read else []
            conditions += [each.clear for each in grant.fields.values()]
        links = {GRANT: self.links, STAGE_CHANGE: self.records}.get(object_name, list)()
        return frozenset(each.name for each in links).union(*map(mentions, conditions))

    def exports(self, object_name: str) -> bool:
        """Whether some row may be exported."""
        rights = [each.export for each in self.grants(object_name) if each.export]
        return any(each.where != NEVER for each in rights)

    def _shown(self, object_name: str, field: Field, *, masked: bool) -> bool:
        if not self.reads(object_name) or (field.to is not None and not self.reads(field.to)):
            return False
        if field.system:
            return True
        if field.name in self.denied(object_name) or not field_type(field.type).selectable:
            return False
        grants = [each for each in self.grants(object_name) if each.add_on] + self.readers(object_name)
        cells = [each.fields[field.name] for each in grants if field.name in each.fields]
        return any(each.clear != NEVER or (masked and each.masked) for each in cells)


@dataclass(frozen=True)
class Sight:
    """What the role may know of one world. `truths`: by object and row, the conditions that hold."""

    granted: Granted
    world: World
    user: Mapping[str, object]
    truths: Mapping[str, Truth]

    def equals(self, other: "Sight") -> bool:
        """Whether all that may be known is the same in both; then answers must be the same."""
        if dict(self.user) != dict(other.user) or self._seen != other._seen:
            return False
        return all(self._told(each, id) == other._told(each, id) for each, id in self._unlike(other))

    @cached_property
    def _seen(self) -> Mapping[str, frozenset[str]]:
        """The ids of the visible rows."""
        return {
            name: frozenset(each["id"] for each in self.rows(name)) for name in self.granted.model.objects
        }

    def _unlike(self, other: "Sight") -> Iterator[tuple[str, str]]:
        """The visible rows of which something else may be known. Where the same rows are seen, one with the
        same values and conditions is the same; but an item of a snapshot is told by the rights to its record.
        """
        for name, ids in self._seen.items():
            rows, others = self.world.rows[name], other.world.rows[name]
            truth, another = self.truths[name], other.truths[name]
            for id in ids:
                if name == ITEM or rows[id] != others[id] or truth.get(id) != another.get(id):
                    yield name, id

    def _told(self, object_name: str, id: str) -> list[Any]:
        """All that may be known of a visible row."""
        model, row = self.granted.model, self.world.rows[object_name][id]
        fields = model.objects[object_name].fields.values()
        return [
            *(self.shows(object_name, row, each) for each in fields),
            *(self.may("update", object_name, row, each) for each in fields),
            *(self.may(each, object_name, row) for each in OPERATIONS),
            *(self.unmasked(object_name, row, each) for each in fields),
            *(sets(self, each, row) for each in model.tags_of(object_name)),
        ]

    def rows(self, object_name: str) -> list[Row]:
        return [row for row in self.world.rows[object_name].values() if self.sees(object_name, row["id"])]

    @cached_property
    def _known(self) -> dict[object, Any]:
        """What was told already; the world does not change."""
        return {}

    def sees(self, object_name: str, id: str) -> bool:
        key = (object_name, id)
        if key not in self._known:
            self._known[key] = self._sees(object_name, id)
        return bool(self._known[key])

    def _sees(self, object_name: str, id: str) -> bool:
        truth = self.truths[object_name].get(id)
        if truth is None:
            return False
        if object_name == GRANT:
            row = self.world.rows[GRANT][id]
            links = [each for each in self.granted.links() if row[each.name]]
            return any(self.sees(str(each.to), row[each.name]) for each in links)
        if object_name == STAGE_CHANGE:
            row = self.world.rows[STAGE_CHANGE][id]
            return any(self.tells(str(each.to), row[each.name]) for each in self.granted.records())
        if object_name == SNAPSHOT:
            return self.granted.tells_places(self.world.rows[SNAPSHOT][id]["object"])
        if object_name == ITEM:
            return any(True for _ in records_of(self, id))
        if object_name == TAG:
            row = self.world.rows[TAG][id]
            tag = self.granted.model.tags[row["name"]]
            return sees(self, tag, row[tag.object])
        return any(each.read.where in truth for each in self.granted.readers(object_name) if each.read)

    def tells(self, object_name: str, id: str | None) -> bool:
        """Whether the record is seen, and all that says where it stands."""
        if id is None or not self.sees(object_name, id):
            return False
        places = self.granted.places(object_name)
        return all(self.clear(object_name, id, each) for each in places)

    def clear(self, object_name: str, id: str, field: Field) -> bool:
        """Whether a cell is seen as it is."""
        return self.state(object_name, id, field)[0] == "clear"

    def state(self, object_name: str, id: str, field: Field) -> tuple[State, Mask | None]:
        """Of a cell; masked with its mask."""
        key = (object_name, id, field.name)
        if key not in self._known:
            self._known[key] = self._state(object_name, id, field)
        found: tuple[State, Mask | None] = self._known[key]
        return found

    def _state(self, object_name: str, id: str, field: Field) -> tuple[State, Mask | None]:
        if field.system:
            return "clear", None
        if object_name == ITEM:
            return ("clear" if item_shown(self, id, field) else "hidden"), None
        if not self.granted.seen(object_name, field) or not self.sees(object_name, id):
            return "hidden", None
        if field.pipelines is not None:
            row = self.world.rows[object_name][id]
            if row[PIPELINE] not in field.pipelines:
                return "hidden", None
        truth, cells = self.truths[object_name][id], list(self._cells(object_name, id, field))
        if any(each.clear in truth for each in cells):
            return "clear", None
        masks = [each.mask or field.mask for each in cells if each.masked]
        return ("masked", masks[0]) if masks else ("hidden", None)

    def shows(self, object_name: str, row: Row, field: Field) -> Any:
        """What comes out of a cell of a visible row."""
        state, mask = self.state(object_name, row["id"], field)
        value = row.get(field.name)
        if state == "masked":
            return None if value is None else _masked(field, value, mask)
        return self.visible(field, value) if state == "clear" else None

    def visible(self, field: Field, value: Any) -> Any:
        """A reference leads to visible rows only."""
        if field.to is None or value is None:
            return value
        if isinstance(value, tuple):
            return tuple(each for each in value if self.sees(field.to, each))
        return value if self.sees(field.to, value) else None

    def unmasks(self, object_name: str, row: Row, field: Field) -> bool:
        """Whether the role may unmask this cell."""
        truth = self.truths[object_name].get(row["id"], frozenset())
        rights = [each.unmask for each in self.granted.grants(object_name) if each.unmask]
        right = any(field.name in each.fields and each.where in truth for each in rights)
        return right and self.granted.unmasks(object_name, field)

    def unmasked(self, object_name: str, row: Row, field: Field) -> Any:
        """What comes out of a cell of a visible row when it is unmasked."""
        return row.get(field.name) if self.unmasks(object_name, row, field) else None

    def may(self, operation: str, object_name: str, row: Row, field: Field | None = None) -> bool:
        """Whether the row may be updated (that field of it) or deleted: by one single role."""
        truth = self.truths[object_name].get(row["id"], frozenset())
        for grant in self.granted.grants(object_name):
            right: Right | None = getattr(grant, operation)
            if right is None or grant.add_on or right.where not in truth:
                continue
            if field is None or self._writes(grant, right, truth, field):
                return True
        return False

    def _writes(self, grant: ObjectGrant, right: Right, truth: frozenset[Condition], field: Field) -> bool:
        add_ons = [each for each in self.granted.grants(grant.object) if each.add_on]
        cells = [each.fields[field.name] for each in (grant, *add_ons) if field.name in each.fields]
        return field.name not in (right.presets or {}) and any(each.write in truth for each in cells)

    def _cells(self, object_name: str, id: str, field: Field) -> Iterator[FieldGrant]:
        truth = self.truths[object_name][id]
        for grant in self.granted.grants(object_name):
            reads = grant.read is not None and not grant.add_on and grant.read.where in truth
            if (reads or grant.add_on) and field.name in grant.fields:
                yield grant.fields[field.name]


def _rows(grant: ObjectGrant) -> Condition:
    return NEVER if grant.read is None else grant.read.where


def _masked(field: Field, value: Any, mask: Mask | None) -> Any:
    """What a mask lets out at most; where that is not known for sure, that it is masked, and the value."""
    if mask is not None and mask.name == "bucket":
        return "masked", value
    if not isinstance(value, str) or field.to is not None:
        return None  # a mask of texts shows nothing of anything else
    if mask is None or mask.name not in ("full", "last4"):
        return "masked", value
    return ("masked", value[-4:] if len(value) >= 8 else value) if mask.name == "last4" else "masked"
