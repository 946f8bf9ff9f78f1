"""What create and update take, and the enum of a choice. No field is `!`: what is missing is a problem with a
path.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, list_of, required_list_of
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object


def create(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerCreate`: what the policy may write on some new row."""
    return _input(view, name, granted, "create") if granted.create else None


def update(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerUpdate`: what the policy may write on some row; absent keeps, null clears (RULING 32)."""
    return _input(view, name, granted, "update") if granted.update else None


def list_create(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`ContactListCreate`: records that are created together with the one they belong to (RULING 32)."""
    if not granted.create or not view.writable(granted, "create"):
        return None
    inner = f"{pascal(granted.object.name)}Create"
    return Blueprint(form="input", name=name, members=lambda: {"create": field(required_list_of(inner))})


def choice(view: View, name: str, granted: ObjectPolicy, described: Field) -> Blueprint | None:
    """`CustomerGrade`: the options, spelled as in YAML (RULING 31), if the field may be read or written."""
    if not (described.name in granted.fields and view.readable(granted.object.name)) and not any(
        described in view.writable(granted, operation).values() for operation in ("create", "update")
    ):
        return None
    options = {option.name: view.said(option.label) for option in described.options}
    return Blueprint(form="enum", name=name, members=lambda: options, description=view.said(described.label))


def _input(view: View, name: str, granted: ObjectPolicy, operation: str) -> Blueprint | None:
    fields = view.writable(granted, operation)
    if not fields:
        return None
    return Blueprint(
        form="input",
        name=name,
        members=lambda: {**_members(view, fields, granted.object), **_nested(view, granted, operation)},
        description=view.said(granted.object.label, granted.object.help),
        extensions={"writes": cache(lambda: _names(view, granted, fields))},
    )


def _members(view: View, fields: Mapping[str, Field], owner: Object) -> Mapping[str, Member]:
    return {
        name: field(_type(each, owner), view.said(each.label, each.help)) for name, each in fields.items()
    }


def _names(view: View, granted: ObjectPolicy, fields: Mapping[str, Field]) -> Mapping[str, str]:
    """How the model calls what the input names."""
    return {**{each: found.name for each, found in fields.items()}, **dict(_inverse_names(view, granted))}


def _inverse_names(view: View, granted: ObjectPolicy) -> Iterator[tuple[str, str]]:
    return ((name, inverse.name) for name, inverse in view.inverses(granted))


def _nested(view: View, granted: ObjectPolicy, operation: str) -> Mapping[str, Member]:
    """To-many relations whose other end may be created, tied to this record."""
    found = {}
    for name, inverse in view.inverses(granted) if operation == "create" else ():
        if camel(inverse.field) in view.writable(view.policy.objects[inverse.object], "create"):
            found[name] = field(f"{pascal(inverse.object)}ListCreate", view.said(inverse.label))
    return found


def _type(described: Field, owner: Object) -> str:
    name = scalar_of(described, owner)
    return list_of(name) if kind_of(described).many else name
