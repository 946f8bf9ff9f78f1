"""The tags of worlds, and a naive reading of the roles: who sees and who sets which."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Protocol

import orjson

from salesmode.model.app import Model
from salesmode.model.condition import NEVER, Condition
from salesmode.model.field import Field
from salesmode.model.role import ObjectGrant, Right
from salesmode.model.tag import PROMOTED, TAG, Tag, promoted_to, tag_entry

Row = Mapping[str, Any]


def carriers(model: Model) -> list[Field]:
    """What a tag may be of."""
    fields = model.objects[TAG].fields.values() if TAG in model.objects else ()
    return [each for each in fields if each.to == each.name and model.tags_of(each.name)]


def fitting(model: Model, row: Row, random: Random) -> Row:
    """A row of `tag` as it can be: of a record that carries it, in a state of its own, mostly lasting."""
    tag = model.tags[row["name"]]
    others = {each.name: None for each in carriers(model) if each.name != tag.object}
    expires = row["expires_at"] if random.random() < 0.2 else None
    return {
        **row,
        **others,
        "state": _state(tag, random),
        "expires_at": expires,
        **_became(model, tag),
    }


def other_tag(model: Model, field: Field, row: Row, other: Any, random: Random) -> Any:
    """Another value of a tag's field, with which the tag still can be."""
    tag = model.tags[row["name"]]
    if field.name == "name":
        alike = [each.name for each in model.tags_of(tag.object) if not each.states and not tag.states]
        return random.choice(alike or [tag.name])
    if field.name == "state":
        return _state(tag, random)
    if field in carriers(model) and field.name != tag.object:
        return None
    return other


def _state(tag: Tag, random: Random) -> str | None:
    states = [each.name for each in tag.states] + ([PROMOTED] if tag.promote_to else [])
    return random.choice(states) if tag.states else None


def _became(model: Model, tag: Tag) -> Row:
    """Only a tag that becomes something leads to what it became."""
    pipelines = (each.promote_to.pipeline for each in model.tags.values() if each.promote_to)
    targets = {model.pipelines[each].object for each in pipelines}
    return {} if tag.promote_to else {promoted_to(each): None for each in targets}


def told_of(model: Model, rows: Mapping[str, Row]) -> Iterator[tuple[int, str, str, str, str]]:
    """What the history of records tells of tags: the number of the row, object, record, entry, text. It goes
    on telling of those that have expired, so these may not differ: nothing is said of them.
    """
    for number, row in enumerate(rows.values()):
        tag = model.tags[row["name"]]
        if row[tag.object] is not None and row["expires_at"] is None:
            text = orjson.dumps({"name": tag.name, "state": row["state"], "source": row["source"]}).decode()
            yield number, tag.object, row[tag.object], tag_entry(tag.name), text


class Granting(Protocol):
    """The grants of a role, with those that it inherits."""

    @property
    def model(self) -> Model: ...

    def grants(self, object_name: str) -> list[ObjectGrant]: ...


class Seeing(Protocol):
    """What holds in a world, for a role: by object and row, the conditions."""

    @property
    def granted(self) -> Granting: ...

    @property
    def truths(self) -> Mapping[str, Mapping[str, frozenset[Condition]]]: ...


def shown(granted: Granting, tag: Tag) -> bool:
    """Whether the tag is seen on some row."""
    return any(True for _ in _readers(granted, tag))


def settable(granted: Granting, tag: Tag) -> bool:
    """Whether the tag is set on some row."""
    return shown(granted, tag) and any(True for _ in _writers(granted, tag))


def promotes(granted: Granting, object_name: str) -> bool:
    """Whether some tag of the object is set and becomes a record that may be created."""
    tags = [each for each in granted.model.tags_of(object_name) if settable(granted, each)]
    pipelines = [granted.model.pipelines[each.promote_to.pipeline] for each in tags if each.promote_to]
    return any(grant.create for each in pipelines for grant in granted.grants(each.object))


def sees(sight: Seeing, tag: Tag, id: str | None) -> bool:
    """Whether a tag of that name is seen on the record."""
    truth = sight.truths[tag.object].get(str(id), frozenset())
    return any(right.where in truth for right in _readers(sight.granted, tag))


def sets(sight: Seeing, tag: Tag, row: Row) -> bool:
    """Whether the tag may be set on the record."""
    truth = sight.truths[tag.object].get(row["id"], frozenset())
    held = any(right.where in truth for right in _writers(sight.granted, tag))
    return held and sees(sight, tag, row["id"])


def _readers(granted: Granting, tag: Tag) -> Iterator[Right]:
    """The rights on whose rows the tag is seen."""
    grants = granted.grants(tag.object)
    added = _added(tag.name, grants)
    for grant in grants:
        shows = grant.tags.get(tag.name, "read") != "none" or bool({"read", "write"} & added)
        if grant.read is not None and not grant.add_on and grant.read.where != NEVER and shows:
            yield grant.read


def _writers(granted: Granting, tag: Tag) -> Iterator[Right]:
    """The rights on whose rows the tag is set."""
    grants = granted.grants(tag.object)
    for grant in grants:
        said = {grant.tags.get(tag.name, "as update"), *_added(tag.name, grants)}
        right = grant.update or (grant.read if "write" in said else None)
        if right is not None and not grant.add_on and not said.isdisjoint(("write", "as update")):
            yield right


def _added(name: str, grants: Sequence[ObjectGrant]) -> set[str]:
    return {each.tags[name] for each in grants if each.add_on and name in each.tags}
