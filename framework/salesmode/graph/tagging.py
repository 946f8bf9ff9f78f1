"""What the schema has of tags: mutations, an enum for each object, filters, and what metadata tells."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, list_of, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.condition import ALWAYS, NEVER
from salesmode.model.field import Field, Option
from salesmode.model.label import Label
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.model.tag import Tag

Row = Mapping[str, Any]
Spoken = Callable[[Label | None], str | None]

_TEXT, _FLAG = required("String"), required("Boolean")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "MetadataTag": {
        **dict.fromkeys(("name", "label"), _TEXT),
        "line": "String",
        "probability": required("Decimal"),
        "states": required_list_of("MetadataTagState"),
        "fields": required_list_of("MetadataTagField"),
        "auto": _FLAG,
        "writable": _FLAG,
        "expiresAfter": "String",
        "promoteTo": "String",
    },
    "MetadataTagState": dict.fromkeys(("name", "label"), _TEXT),
    "MetadataTagField": {
        **dict.fromkeys(("name", "type", "label"), _TEXT),
        "help": "String",
        "required": _FLAG,
        "scale": "Int",
        "maxLength": "Int",
        "options": required_list_of("MetadataOption"),
    },
}

TAG_TYPES: Mapping[str, Blueprint] = {name: plain(name, members) for name, members in _MEMBERS.items()}


def tag_mutations(view: View, granted: ObjectPolicy) -> set[str]:
    """Which of `tag untag promote_tag` the policy has on the object."""
    writable = [view.model.tags[name] for name, each in granted.tags.items() if each.write != NEVER]
    kinds = {"tag", "untag"} if any(each.auto is None for each in writable) else set[str]()
    if any(each.promote_to for each in writable):
        target = view.policy.objects.get(promoted_object(view, granted).name)
        kinds |= {"promote_tag"} if target is not None and target.create else set()
    return kinds


def tag_mutation(view: View, granted: ObjectPolicy, kind: str) -> Member:
    """One field of Mutation."""
    one = pascal(granted.object.name)
    which = {"id": required("ID"), "tag": required(f"{one}Tag")}
    if kind == "promote_tag":
        target = promoted_object(view, granted)
        made = pascal(target.name)
        writable = view.writable(view.policy.objects[target.name], "create")
        return field(
            required(f"{made}Payload"), None, which | ({"input": f"{made}Create"} if writable else {})
        )
    more = {"state": "String", "input": "JSON", "owner": "ID", "source": "String"} if kind == "tag" else {}
    return field(required(f"{one}Payload"), view.said(granted.object.label), which | more)


def promoted_object(view: View, granted: ObjectPolicy) -> Object:
    """What tags of the object become; some of them do."""
    tags = view.model.tags_of(granted.object.name)
    names = (each.promote_to.pipeline for each in tags if each.promote_to)
    return view.model.objects[view.model.pipelines[next(names)].object]


def tag_enum(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`HouseholdTag`: the tags that the policy shows on some record (RULING 31)."""
    labels = {each: view.said(view.model.tags[each].label) for each in granted.tags}
    return Blueprint(form="enum", name=name, members=lambda: labels) if labels else None


def tags_where(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`HouseholdTagsWhere`: which tags a record has, by name or by more about them."""
    one = f"{pascal(granted.object.name)}Tag"
    members = {"has": one, "hasAny": list_of(one), "hasAll": list_of(one), "isEmpty": "Boolean"}
    members |= dict.fromkeys(("some", "none", "every"), "TagWhere")
    if not granted.tags:
        return None
    return Blueprint(
        form="input", name=name, members=lambda: {each: field(type_) for each, type_ in members.items()}
    )


def tag_rows(view: View, granted: ObjectPolicy, text: Spoken) -> Iterator[Row]:
    """What `metadata` tells of the tags that the policy shows."""
    for name, right in granted.tags.items():
        tag = view.model.tags[name]
        writable = tag.auto is None and right.write != NEVER
        yield {**_tag(tag, text), "writable": writable, "promoteTo": _becomes(view, granted, tag)}


def _becomes(view: View, granted: ObjectPolicy, tag: Tag) -> str | None:
    """The pipeline, told to who may promote."""
    promotes = "promote_tag" in tag_mutations(view, granted)
    return tag.promote_to.pipeline if tag.promote_to and promotes else None


def _tag(tag: Tag, text: Spoken) -> Row:
    lasting = tag.expires_after
    return {
        "name": tag.name,
        "label": text(tag.label),
        "line": tag.line,
        "probability": f"{tag.probability:.2f}",
        "states": [{"name": each.name, "label": text(each.label)} for each in tag.states],
        "fields": [_field(name, each, text) for name, each in (tag.fields or {}).items()],
        "auto": tag.auto is not None,
        "expiresAfter": lasting and f"{lasting.amount}{lasting.unit}",
    }


def _field(name: str, described: Field, text: Spoken) -> Row:
    return {
        "name": camel(name),
        "type": described.type,
        "label": text(described.label),
        "help": text(described.help),
        "required": described.required == ALWAYS,
        "scale": described.scale,
        "maxLength": described.max_length,
        "options": [_option(each, text) for each in described.options],
    }


def _option(option: Option, text: Spoken) -> Row:
    return {"name": option.name, "label": text(option.label), "active": option.active}
