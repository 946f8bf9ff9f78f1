"""Records named by their keys, as metadata names them: found in the database, or among those to come.

The key of an object is its one identifying field: that of its user data, else a unique `name`, else the first
unique field. A record without such a key cannot be named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salesmode.database.driver import UnitOf
from salesmode.database.environment import Environment
from salesmode.database.fold import fold_text
from salesmode.fieldtypes import Invalid, field_type
from salesmode.model.object import Object, Unique
from salesmode.records.matching import matched
from salesmode.records.subject import Subject
from salesmode.tables.indexes import refers, uniques

Named = tuple[str, object]
"""An object, and the key of one of its records."""


@dataclass(frozen=True, slots=True)
class Known:
    """Ids of records that will be there, by object and key; `declared`: what its user data goes by."""

    declared: Mapping[str, Unique]
    ids: dict[Named, str] = field(default_factory=dict)

    def add(self, described: Object, record: Mapping[str, object], id_: str) -> None:
        """Remember a record by its key, if that is among its values."""
        unique = self.key(described)
        if unique is not None and (value := record.get(unique.fields[0])) is not None:
            found = _canonical(described, unique, value)
            if found is not None:
                self.ids[described.name, found] = id_

    def key(self, described: Object) -> Unique | None:
        """What identifies the object's records by one value."""
        found = [self.declared.get(described.name), *uniques(described)]
        single = [each for each in found if each is not None and len(each.fields) == 1]
        usable = [each for each in single if not refers(described.fields[each.fields[0]])]
        usable.sort(key=lambda each: each != self.declared.get(described.name) and each.fields != ("name",))
        return usable[0] if usable else None


def ids_of(
    subject: Subject, names: Sequence[Named], known: Known, environment: Environment
) -> UnitOf[list[str | None]]:
    """The ids of the named records, None for who is not there; one statement for each object."""
    keys = [_named(subject, name, known) for name in names]
    asked: dict[str, dict[object, None]] = {}
    for object_name, key in keys:
        if key is not None and (object_name, key) not in known.ids:
            asked.setdefault(object_name, {})[key] = None
    for object_name, wanted in asked.items():
        yield from _look_up(subject.of(object_name), tuple(wanted), known, environment)
    return [known.ids.get(each) for each in keys]


def _look_up(
    subject: Subject, wanted: Sequence[object], known: Known, environment: Environment
) -> UnitOf[None]:
    unique = known.key(subject.object)
    assert unique is not None
    parts = [{unique.fields[0]: key} for key in wanted]
    found = yield from matched(subject, unique, parts, environment)
    known.ids.update({(subject.object.name, wanted[number]): id_ for number, id_ in found.items()})


def _named(subject: Subject, name: Named, known: Known) -> Named:
    object_name, given = name
    described = subject.tables.model.objects[object_name]
    unique = known.key(described)
    return object_name, None if unique is None else _canonical(described, unique, given)


def _canonical(described: Object, unique: Unique, given: object) -> object:
    """The key as it is compared; None for what cannot be one."""
    key = described.fields[unique.fields[0]]
    try:
        found = field_type(key.type).parse(key, given)
    except Invalid:
        return None
    return fold_text(found) if unique.fold and isinstance(found, str) else found
