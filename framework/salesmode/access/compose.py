"""Roles → one Policy: cell by cell (RULING 15).

A row is visible where any role reads it. A field's right on a row holds if one single role grants both the
row and the field there. What is assumed of a row in a field's condition: it is visible; so a condition that
every visible row satisfies is ALWAYS, and most field rights cost nothing in SQL.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salesmode.access.attached import record_links, seen_with_record
from salesmode.access.built_in import everything, only_read, own_record
from salesmode.access.lazy import Such, Touched
from salesmode.access.piped import beginning, has_pipelines, narrowed
from salesmode.access.policy import (
    Disclosure,
    FieldPolicy,
    Masking,
    ObjectPolicy,
    Policy,
    Reason,
    TagPolicy,
    WriteGrant,
)
from salesmode.access.snapshots import as_seen as snapshot_as_seen, snapshots_seen, told_objects
from salesmode.access.stays import stays_seen
from salesmode.access.tags import as_seen as tag_as_seen, reads_tag, tags_on, tags_seen, written_where
from salesmode.fieldtypes import field_type
from salesmode.model.app import Model
from salesmode.model.condition import (
    ALWAYS,
    NEVER,
    Condition,
    both,
    either,
)
from salesmode.model.engine import FOLLOWING
from salesmode.model.field import Field, Mask
from salesmode.model.grant import GRANT
from salesmode.model.object import Inverse, Object
from salesmode.model.pipeline import STAGE_CHANGE
from salesmode.model.role import ADMIN, SYSTEM, FieldGrant, ObjectGrant, Right
from salesmode.model.snapshot import ITEM, SNAPSHOT
from salesmode.model.tag import TAG, TAGS

ALMIGHTY = frozenset({ADMIN, SYSTEM})
_WITHOUT_FIELDS = ("delete", "merge", "share")
_REFERENCES = ("reference", "user", "multi_reference")
_KEPT = 1024
_policies: OrderedDict[tuple[str, frozenset[str]], Policy] = OrderedDict()

Grants = list[tuple[str, ObjectGrant]]


def policy_of(model: Model, roles: Iterable[str]) -> Policy:
    """The policy of a set of roles; names that are no role grant nothing. Equal sets get the same Policy."""
    wanted = frozenset(roles)
    key = (model.version, wanted)
    if key not in _policies:
        _policies[key] = _composed(model, wanted)
        if len(_policies) > _KEPT:
            _policies.popitem(last=False)
    return _policies[key]


def held(model: Model, roles: Iterable[str]) -> tuple[str, ...]:
    """The roles and all that they inherit, in the model's order; the built-in ones first."""
    found: set[str] = set()
    waiting = list(roles)
    while waiting:
        name = waiting.pop()
        if name not in found and (name in model.roles or name in ALMIGHTY):
            found.add(name)
            waiting += model.roles[name].inherits if name in model.roles else ()
    return (*sorted(found & ALMIGHTY), *(name for name in model.roles if name in found - ALMIGHTY))


def grants_on(model: Model, roles: Iterable[str], object_: Object) -> Grants:
    """What the roles, and all that they inherit, say of one object."""
    return _grants(model, held(model, roles), object_)


def _composed(model: Model, roles: frozenset[str]) -> Policy:
    """Each object's part is composed when it is first asked for: a role's first request costs what it touches
    and not what the model has.
    """
    names = held(model, roles)
    readable = Such(model.objects, lambda each: _reads(model, names, model.objects[each]))
    granted = Such(
        model.objects, lambda each: each in readable or _creates(model, names, model.objects[each])
    )
    objects = Touched(_Composing(model, names, readable).object, granted)
    return Policy(
        ",".join(sorted(roles)),
        roles,
        objects,
        readable,
        model.published.queries,
        model.lines,
        model.products,
    )


def _reads(model: Model, names: tuple[str, ...], object_: Object) -> bool:
    """Whether the roles read some rows of the object, told without composing it."""
    if object_.name == GRANT:
        links = record_links(model, object_)
        return any(_read(model, role, str(each.to)) != NEVER for each in links for role in names)
    if object_.name not in FOLLOWING and not ALMIGHTY.isdisjoint(names):
        return True
    return any(
        grant.read is not None and not grant.add_on and grant.read.where != NEVER
        for _, grant in _grants(model, names, object_)
    )


def _creates(model: Model, names: tuple[str, ...], object_: Object) -> bool:
    """Whether they create rows of an object of which they read none."""
    return object_.name not in FOLLOWING and any(
        grant.create is not None and not grant.add_on and grant.create.where != NEVER
        for _, grant in _grants(model, names, object_)
    )


def _grants(model: Model, names: tuple[str, ...], object_: Object) -> Grants:
    if object_.name == GRANT:
        return [(name, _of_grants(model, name, object_)) for name in names]
    if object_.name == STAGE_CHANGE:
        return _of_stays(model, names, object_)
    if object_.name == TAG:
        return _of_tags(model, names, object_)
    if object_.name == SNAPSHOT:
        return _of_snapshots(model, names, object_)
    if object_.name == ITEM:
        return []
    grants: Grants = [(name, everything(object_)) for name in names if name in ALMIGHTY]
    for name in names:
        if name in model.roles and object_.name in model.roles[name].objects:
            grants.append((name, model.roles[name].objects[object_.name]))
    return [*grants, ("self", own_record(object_))] if object_.name == "user" else grants


def _of_grants(model: Model, role: str, object_: Object) -> ObjectGrant:
    """A grant is seen with its record; it is written by `grant` and `revoke` alone."""
    rights = {each.name: _read(model, role, str(each.to)) for each in record_links(model, object_)}
    return only_read(object_, seen_with_record(rights))


def _of_stays(model: Model, names: tuple[str, ...], object_: Object) -> Grants:
    granted = _of_records(model, names, object_)
    seen = ((name, stays_seen(name, granted, model.objects)) for name in names)
    return [(name, only_read(object_, where)) for name, where in seen]


def _of_tags(model: Model, names: tuple[str, ...], object_: Object) -> Grants:
    granted = _of_records(model, names, object_)
    return [(name, only_read(object_, where)) for name, where in tags_seen(granted, model.objects)]


def _of_snapshots(model: Model, names: tuple[str, ...], object_: Object) -> Grants:
    granted = _of_piped(model, names)
    seen = ((name, snapshots_seen(name, granted, model.objects)) for name in names)
    return [(name, only_read(object_, where)) for name, where in seen]


def _of_piped(model: Model, names: tuple[str, ...]) -> Mapping[str, Grants]:
    """What the roles say of each object with pipelines."""
    piped = dict.fromkeys(each.object for each in model.pipelines.values())
    return {name: _grants(model, names, model.objects[name]) for name in piped}


def _of_records(model: Model, names: tuple[str, ...], attached: Object) -> Mapping[str, Grants]:
    """What the roles say of the objects that the rows are about, by the reference to them."""
    links = record_links(model, attached)
    return {each.name: _grants(model, names, model.objects[str(each.to)]) for each in links}


def _read(model: Model, role: str, object_name: str) -> Condition:
    if role in ALMIGHTY:
        return ALWAYS
    granted = model.roles[role].objects.get(object_name)
    return granted.read.where if granted and granted.read and not granted.add_on else NEVER


def _object(object_: Object, grants: Grants) -> ObjectPolicy:
    denied, readers = _denied(grants), _readers(grants)
    rows = either(*(right.where for _, right in readers))
    every = _distinct(right.where for _, right in readers)
    fields = {
        name: found
        for name, field in object_.fields.items()
        if rows != NEVER and name not in denied and (found := _field(field, grants, every))
    }
    return ObjectPolicy(
        object_,
        rows,
        fields,
        {},
        create=tuple(_writes("create", grants, object_, denied)),
        update=tuple(_writes("update", grants, object_, denied)),
        move=tuple(_writes("update", grants, object_, denied, moving=True)),
        delete=tuple(_writes("delete", grants, object_, denied)),
        transfer=tuple(_writes("transfer", grants, object_, denied)),
        merge=tuple(_writes("merge", grants, object_, denied)),
        share=tuple(_writes("share", grants, object_, denied)),
        export=tuple(_disclosures("export", grants)),
        unmask=tuple(_disclosures("unmask", grants)),
        snapshot=tuple(Reason(role, grant.snapshot.span) for role, grant in grants if grant.snapshot),
        reasons=tuple(Reason(role, right.span) for role, right in readers),
        tags=dict(_tags(object_, grants, every)) if rows != NEVER else {},
    )


def _tags(object_: Object, grants: Grants, every: Sequence[Condition]) -> Iterator[tuple[str, TagPolicy]]:
    """The tags that some role shows on visible rows."""
    for name in tags_on(object_):
        readers = [(role, grant.read) for role, grant in grants if reads_tag(name, grant, grants)]
        seen = _covered(((right.where, ALWAYS) for _, right in readers if right), every)
        reasons = tuple(Reason(role, right.span) for role, right in readers if right)
        if seen != NEVER:
            yield name, TagPolicy(seen, both(seen, written_where(name, grants)), reasons)


def _denied(grants: Grants) -> frozenset[str]:
    return frozenset[str]().union(*(grant.denied for _, grant in grants))


def _readers(grants: Grants) -> Sequence[tuple[str, Right]]:
    return [(role, grant.read) for role, grant in grants if grant.read and not grant.add_on]


def _distinct(wheres: Iterable[Condition]) -> Sequence[Condition]:
    """Without NEVER and repetitions. No set: each field would hash the whole of a long condition again."""
    found: list[Condition] = []
    for each in wheres:
        if each != NEVER and each not in found:
            found.append(each)
    return found


def _field(field: Field, grants: Grants, every: Sequence[Condition]) -> FieldPolicy | None:
    """The field on the visible rows of its object; None where no role grants it."""
    if field.system:
        return FieldPolicy(field, ALWAYS)
    if not field_type(field.type).selectable or _of_no_stage(field):
        return None
    cells = list(_cells(field, grants))
    clear = _covered(((rows, cell.clear) for rows, cell in cells), every)
    maskings = () if clear == ALWAYS else _maskings(field, cells, every)
    if clear == NEVER and not maskings:
        return None
    reasons = tuple(
        Reason(role, grant.fields[field.name].span) for role, grant in grants if field.name in grant.fields
    )
    return FieldPolicy(field, clear, maskings, reasons)


def _of_no_stage(field: Field) -> bool:
    """Where no pipeline has stages there is no word for the stage that a record was in."""
    return field.type == "stage" and not field.options


def _cells(field: Field, grants: Grants) -> Iterator[tuple[Condition, FieldGrant]]:
    """What single roles grant on the field, each with the rows on which it does; an add-on: on every visible
    row.
    """
    for _, grant in grants:
        if field.name in grant.fields and grant.add_on:
            yield ALWAYS, grant.fields[field.name]
        elif field.name in grant.fields and grant.read:
            yield grant.read.where, grant.fields[field.name]


def _maskings(
    field: Field, cells: Iterable[tuple[Condition, FieldGrant]], every: Sequence[Condition]
) -> tuple[Masking, ...]:
    """A role's mask shows the rows of that role only, as its clear value would."""
    rows_of: dict[Mask, list[Condition]] = {}
    for rows, cell in cells:
        if cell.masked:
            rows_of.setdefault(cell.mask or field.mask, []).append(rows)
    found = [(_covered(((each, ALWAYS) for each in rows), every), mask) for mask, rows in rows_of.items()]
    return tuple(Masking(where, mask) for where, mask in found if where != NEVER)


def _covered(cells: Iterable[tuple[Condition, Condition]], every: Sequence[Condition]) -> Condition:
    """The union of the cells (rows, and where on them) on visible rows: those of `every` row right."""
    found = list(cells)
    whole = [rows for rows, where in found if where == ALWAYS]
    if ALWAYS in whole or all(each in whole for each in every):
        return ALWAYS
    only = len(every) == 1
    return either(*(where if only and rows != NEVER else both(rows, where) for rows, where in found))


def _writes(
    operation: str, grants: Grants, object_: Object, denied: frozenset[str], *, moving: bool = False
) -> Iterator[WriteGrant]:
    piped = has_pipelines(object_)
    if moving and not piped:
        return
    add_ons = [grant for _, grant in grants if grant.add_on]
    for role, grant in grants:
        right: Right | None = getattr(grant, operation)
        if right is None or grant.add_on or right.where == NEVER:
            continue
        fields = _written(object_, [grant, *add_ons], denied) if operation not in _WITHOUT_FIELDS else {}
        write = WriteGrant(role, right.span, right.where, right.check, dict(right.presets or {}), fields)
        if operation == "create" and piped:
            write = beginning(write, object_)
        yield narrowed(write, grant) if moving or operation == "create" else write


def _disclosures(operation: str, grants: Grants) -> Iterator[Disclosure]:
    for role, grant in grants:
        right: Right | None = getattr(grant, operation)
        if right is not None and right.where != NEVER:
            yield Disclosure(role, right.span, right.where, right.fields, right.per_day)


def _written(object_: Object, grants: list[ObjectGrant], denied: frozenset[str]) -> Mapping[str, Condition]:
    wheres = {
        name: either(*(grant.fields[name].write for grant in grants if name in grant.fields))
        for name, field in object_.fields.items()
        if not field.system and not field.readonly and name not in denied
    }
    return {name: where for name, where in wheres.items() if where != NEVER}


@dataclass(frozen=True)
class _Composing:
    """What is known of a set of roles before any object is looked at: `readable` names those of which they
    read some rows.
    """

    model: Model
    names: tuple[str, ...]
    readable: Such

    def object(self, name: str) -> ObjectPolicy:
        """Without references to objects that the roles read nothing of, and with the to-many relations that
        are left.
        """
        described = self._described(name)
        granted = _object(described, _grants(self.model, self.names, described))
        fields = {
            each: found
            for each, found in granted.fields.items()
            if found.field.type not in _REFERENCES or found.field.to in self.readable
        }
        inverses = dict(self._inverses(described, granted)) if granted.rows != NEVER else {}
        return replace(granted, fields=fields, inverses=inverses)

    def _inverses(self, described: Object, granted: ObjectPolicy) -> Iterator[tuple[str, Inverse]]:
        for name, inverse in described.inverses.items():
            found = replace(inverse, tags=tuple(granted.tags)) if name == TAGS else inverse
            if self._visible(found) and (name != TAGS or found.tags):
                yield name, found

    def _described(self, name: str) -> Object:
        """The object; of tags and snapshots, as if there were none that the roles do not see."""
        described = self.model.objects[name]
        if name == SNAPSHOT:
            piped = _of_piped(self.model, self.names)
            told = {each for role in self.names for each in told_objects(role, piped, self.model.objects)}
            return snapshot_as_seen(described, told)
        if name != TAG:
            return described
        granted = _of_records(self.model, self.names, described)
        carriers = ((self.model.objects[each], grants) for each, grants in granted.items())
        seen = [
            tag
            for object_, grants in carriers
            for tag in tags_on(object_)
            if any(reads_tag(tag, grant, grants) for _, grant in grants)
        ]
        return tag_as_seen(described, seen, self.model)

    def _visible(self, inverse: Inverse) -> bool:
        """Of the other object nothing is looked at but the reference: relations lead everywhere."""
        if inverse.object not in self.readable:
            return False
        if inverse.object in FOLLOWING:  # every field of one that is seen is clear
            return True
        other = self.model.objects[inverse.object]
        grants = _grants(self.model, self.names, other)
        if inverse.field in _denied(grants):
            return False
        every = _distinct(right.where for _, right in _readers(grants))
        link = _field(other.fields[inverse.field], grants, every)
        return link is not None and link.comparable
