"""The records of a merge: as they are, and as its maker sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from salesmode.hookspecs import Desk, Record, Refusal, UnitOf
from salesmode.model.field import Field
from salesmode.model.object import Object

CREATED, UPDATED = "created_at", "updated_at"
_NEVER = ("auto_number", "secret", "file", "json")


def merged_fields(object_: Object) -> Mapping[str, Field]:
    """The fields that a merge may change: stored, neither the system's nor the engine's own, nor chosen by
    rules of the metadata.
    """
    return {
        name: field
        for name, field in object_.fields.items()
        if not (field.system or field.kept or field.computed or field.assignment or field.type in _NEVER)
    }


@dataclass(frozen=True)
class View:
    """Records as they are (`true`), and by id as the caller sees them: `seen` has canonical values and None
    for what is not seen in full, `shown` what an answer has.
    """

    object: Object
    true: Sequence[Record]
    seen: Mapping[str, Record]
    shown: Mapping[str, Record]

    @cached_property
    def masked(self) -> frozenset[str]:
        """Fields of which the caller is shown something else than the value."""
        return frozenset(
            name
            for name in self.known
            for id_, each in self.shown.items()
            if each[name] is not None and self.seen[id_][name] is None
        )

    @cached_property
    def known(self) -> frozenset[str]:
        """Fields of which the caller is shown something, on one of the records."""
        names = merged_fields(self.object)
        return frozenset(name for name in names for each in self.shown.values() if each[name] is not None)

    def looks(self) -> list[Record]:
        """The records as they look to the caller; when they were made and changed, as far as it is seen."""
        return [{**each, **self._ages(id_)} for id_, each in self.shown.items()]

    def eligible(self, survivor: str) -> list[Record]:
        """The records, each with what may be chosen of it: the survivor has all that it has; of the others a
        field that is shown of any of them is nothing where it is hidden. Their ages are as they are seen.
        """
        return [self._whole(each) if each["id"] == survivor else self._shown(each) for each in self.true]

    def _whole(self, record: Record) -> Record:
        return {**record, **self._ages(record["id"])}

    def _ages(self, id_: str) -> Record:
        return {name: self.seen[id_][name] for name in (CREATED, UPDATED)}

    def _shown(self, record: Record) -> Record:
        shown = self.shown[record["id"]]
        hidden = {name: None for name in self.known if shown[name] is None}
        return {**self._whole(record), **hidden}


def viewed(desk: Desk, object_: Object, ids: Sequence[str]) -> UnitOf[View]:
    """The records, held to the end in the order of their ids. NOT_FOUND where one of them is gone."""
    names = [*merged_fields(object_), CREATED, UPDATED]
    true = yield from desk.read(object_.name, names, ids=ids, lock=True)
    seen = yield from desk.as_caller().read(object_.name, names, ids=ids)
    shown = yield from desk.as_caller().shown(object_.name, names, ids)
    if not len(true) == len(seen) == len(shown) == len(ids):
        raise Refusal("NOT_FOUND")
    return View(object_, true, _by_id(seen), _by_id(shown))


def _by_id(rows: Sequence[Record]) -> Mapping[str, Record]:
    return {each["id"]: each for each in rows}
