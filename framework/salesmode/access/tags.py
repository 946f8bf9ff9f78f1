"""What roles grant on tags: cell by cell, as on fields (RULINGS 15, 16).

A tag that a role does not name is seen where the role reads the record, and set where it updates it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from salesmode.access.attached import seen_with_record
from salesmode.model.app import Model
from salesmode.model.condition import NEVER, Compare, Condition, Literal, both, either
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.role import ObjectGrant
from salesmode.model.tag import PROMOTED, TAGS

Granted = Sequence[tuple[str, ObjectGrant]]


def tags_on(object_: Object) -> tuple[str, ...]:
    """The tags that records of the object may carry."""
    return object_.inverses[TAGS].tags if TAGS in object_.inverses else ()


def reads_tag(name: str, grant: ObjectGrant, granted: Granted) -> bool:
    """Whether the tag is seen on the rows that the grant reads. `granted`: what all held roles say."""
    if grant.read is None or grant.add_on:
        return False
    return grant.tags.get(name) != "none" or any(each != "none" for each in _added(name, granted))


def written_where(name: str, granted: Granted) -> Condition:
    """On which rows the tag may be set."""
    return either(*(_write(name, grant, granted) for _, grant in granted if not grant.add_on))


def tags_seen(
    granted: Mapping[str, Granted], objects: Mapping[str, Object]
) -> Iterator[tuple[str, Condition]]:
    """By role, which rows of `tag` it sees. `granted`: what the held roles say of each object that carries
    tags, which is also the name of the reference from a tag to its record.
    """
    for role in dict.fromkeys(role for grants in granted.values() for role, _ in grants):
        yield role, either(*(_seen(role, name, grants, objects[name]) for name, grants in granted.items()))


def as_seen(tag: Object, names: Sequence[str], model: Model) -> Object:
    """The object `tag` as if there were no other tags than these."""
    states = {state.name for name in names for state in model.tags[name].states}
    kept = {"name": frozenset(names), "state": frozenset({*states, PROMOTED})}
    fields = {
        each: _narrowed(field, kept[each]) if each in kept else field for each, field in tag.fields.items()
    }
    return replace(tag, fields=fields)


def _narrowed(field: Field, kept: frozenset[str]) -> Field:
    return replace(field, options=tuple(each for each in field.options if each.name in kept))


def _seen(role: str, object_name: str, granted: Granted, object_: Object) -> Condition:
    found = []
    for held, grant in granted:
        names = tuple(each for each in tags_on(object_) if reads_tag(each, grant, granted))
        if held != role or grant.read is None or not names:
            continue
        record = seen_with_record({object_name: grant.read.where})
        only = () if names == tags_on(object_) else (Compare("name", "in", Literal(names)),)
        found.append(both(*only, record))
    return either(*found)


def _write(name: str, grant: ObjectGrant, granted: Granted) -> Condition:
    explicit = "write" in (grant.tags.get(name), *_added(name, granted))
    if grant.update is not None:
        return grant.update.where if explicit or name not in grant.tags else NEVER
    return grant.read.where if explicit and grant.read is not None else NEVER


def _added(name: str, granted: Granted) -> list[str]:
    """What add-ons say of the tag, on the rows of whichever other grant."""
    return [each.tags[name] for _, each in granted if each.add_on and name in each.tags]
