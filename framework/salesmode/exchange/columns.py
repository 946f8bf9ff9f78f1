"""What a column's name means: a field, or (`owner.name`) a field of the record that a reference leads to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesmode.access.policy import Policy
from salesmode.access.scope import PolicyScope
from salesmode.exchange.faults import BadFile, unknown_column
from salesmode.fieldtypes import field_type
from salesmode.model.condition import ALWAYS
from salesmode.model.engine import WRITTEN_BY_ENGINE
from salesmode.model.field import Field
from salesmode.model.object import Object, Unique
from salesmode.records.shape import accepted
from salesmode.records.subject import Subject
from salesmode.tables.indexes import uniques

PROBLEM = "import problem"
"""The column that says why a row was refused; no field can have this name, and an import passes it over."""

_SEVERAL = ("multi_reference",)


@dataclass(frozen=True, slots=True)
class Column:
    """`key`: the field of the target by which a reference names its record; None for the record's id."""

    header: str
    field: Field
    key: Field | None = None

    @property
    def shown(self) -> Field:
        """The field whose values stand in the cells."""
        return self.key or self.field


@dataclass(frozen=True, slots=True)
class Heading:
    """A file's headers, those that mean something, and those that are passed over."""

    headers: tuple[str, ...]
    known: tuple[Column, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        read = {each.header for each in self.known}
        return tuple(each for each in self.headers if each not in read and each != PROBLEM)


def exportable(scope: PolicyScope, object_name: str, names: Sequence[str]) -> tuple[Column, ...]:
    """The columns of those names, or the id and every field of the object's own that the policy may read."""
    granted = scope.policy.objects[object_name].fields
    if not names:
        own = [each.field for each in granted.values() if not each.field.system]
        return tuple(Column(each.name, each) for each in (granted["id"].field, *own))
    return tuple(_exported(name, granted_fields(scope.policy, object_name), scope.policy) for name in names)


def granted_fields(policy: Policy, object_name: str) -> Mapping[str, Field]:
    """The fields that the policy may read on some row."""
    return {name: each.field for name, each in policy.objects[object_name].fields.items()}


def _exported(header: str, fields: Mapping[str, Field], policy: Policy) -> Column:
    name, _, inner = header.partition(".")
    if name not in fields:
        raise unknown_column(header, fields)
    field = fields[name]
    if not inner:
        return Column(header, field)
    if field.to is None or field.type in _SEVERAL:
        raise BadFile(f"column '{header}': '{name}' does not lead to one record")
    target = granted_fields(policy, field.to)
    singles = _singles(policy.objects[field.to].object)
    if inner not in target or inner not in singles:
        raise unknown_column(header, _dotted(name, [each for each in singles if each in target]), _WHY)
    return Column(header, field, target[inner])


_WHY = "no such unique field that could name a record"


def _singles(described: Object) -> Mapping[str, Unique]:
    return {each.fields[0]: each for each in uniques(described) if len(each.fields) == 1}


def _dotted(name: str, inner: Iterable[str]) -> list[str]:
    return [f"{name}.{each}" for each in inner]


def importable(subject: Subject, headers: Sequence[str], by: Sequence[str]) -> Heading:
    """What the columns of a file write. What nobody writes is passed over and listed; else BadFile."""
    if subject.object.name in WRITTEN_BY_ENGINE:
        raise BadFile(f"{WRITTEN_BY_ENGINE[subject.object.name]} written by the engine alone")
    _check_headers(headers)
    columns = (_imported(subject, each, by) for each in headers)
    found = Heading(tuple(headers), tuple(each for each in columns if each is not None))
    if not found.known:
        raise BadFile("no column of the file can be written", "the first row names the fields")
    written = [each.field.name for each in found.known]
    for name in written:
        if written.count(name) > 1:
            raise BadFile(f"two columns write the field '{name}'")
    for name in by:
        if name not in written:
            raise BadFile(f"--by names '{name}', which is no column of the file")
    return found


def _check_headers(headers: Sequence[str]) -> None:
    for number, header in enumerate(headers, 1):
        if not header:
            raise BadFile(f"column {number} has no name", "the first row names the fields")
        if headers.index(header) != number - 1:
            raise BadFile(f"column '{header}' stands there twice")


def _imported(subject: Subject, header: str, by: Sequence[str]) -> Column | None:
    name, _, inner = header.partition(".")
    fields, writable = subject.object.fields, accepted(subject, "create")
    if header == PROBLEM or (
        _passed_over(subject, fields.get(header)) and not (header == "id" and "id" in by)
    ):
        return None
    if header == "id":
        return Column(header, fields["id"])
    if name not in writable:
        raise unknown_column(header, [*writable, "id"], "there is no such field to write")
    if not inner:
        return Column(header, fields[name])
    return Column(header, fields[name], _key(subject, header))


def _passed_over(subject: Subject, field: Field | None) -> bool:
    """What the engine writes itself, as far as the caller knows of it."""
    if field is None or field.system:
        return field is not None
    kept = field.kept and field.name not in accepted(subject, "create")
    if field.computed is None and not kept:
        return False
    return subject.policy is None or subject.policy.objects[subject.object.name].names(field.name)


def _key(subject: Subject, header: str) -> Field:
    name, _, inner = header.partition(".")
    to = subject.object.fields[name].to
    if to is None:
        raise BadFile(f"column '{header}': '{name}' leads to no record")
    usable = keyed_headers(subject, subject.object.fields[name])
    if header not in usable:
        raise unknown_column(header, usable, _WHY)
    return subject.of(to).object.fields[inner]


def keyed_headers(subject: Subject, field: Field) -> list[str]:
    """The columns that name the field's records by what is unique, and that the caller may read."""
    if field.to is None:
        return []
    target = subject.of(field.to)
    return _dotted(field.name, [each for each in _singles(target.object) if readable(target, each)])


def readable(subject: Subject, name: str) -> bool:
    """Whether the caller may find records by the field: it is clear on every visible row (RULING 23)."""
    if subject.policy is None:
        return True
    granted = subject.policy.objects[subject.object.name].fields.get(name)
    return granted is not None and granted.clear == ALWAYS


def identifying(subject: Subject, by: Sequence[str]) -> Unique | None:
    """What `by` identifies records with; BadFile unless it is declared unique and the caller may read it."""
    if not by:
        return None
    if tuple(by) == ("id",):
        return Unique("id", ("id",))
    usable = [each for each in uniques(subject.object) if all(readable(subject, one) for one in each.fields)]
    for each in usable:
        if set(each.fields) == set(by):
            return each
    listed = ", ".join(["id", *(",".join(each.fields) for each in usable)])
    raise BadFile(f"'{','.join(by)}' is not declared unique", f"--by may be: {listed}")


def many(field: Field) -> bool:
    """Whether a cell holds several values."""
    return field_type(field.type).many
