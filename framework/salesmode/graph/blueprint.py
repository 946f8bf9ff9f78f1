"""What a GraphQL type is, told once: its name, its form, and a way to its members.

Graphene types, introspection and the printed schema are all made from this description.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Form = Literal["scalar", "object", "interface", "union", "input", "enum"]


class Member(NamedTuple):
    """A field, an input field or an argument. `type` is written as GraphQL writes it: `[Customer!]!`.

    `default` of an argument is written so too. A tuple, since a thousand objects have 400,000 of them.
    """

    type: str
    description: str | None = None
    args: "Mapping[str, Member]" = MappingProxyType({})
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """One type. `members` gives Members (object, interface, input) or descriptions (enum) by GraphQL name.

    `possible`, called, names the objects that have an interface, or that a
    union is of. `extensions` of an input: `fields`, called,
    tells which model field gives the values under a member their meaning; `writes`, called, tells what each
    member of a create or update is called in the model.
    """

    form: Form
    name: str
    members: Callable[[], Mapping[str, Any]] = dict
    description: str | None = None
    interfaces: tuple[str, ...] = ()
    possible: Callable[[], list[str]] = list
    extensions: Mapping[str, Any] | None = None


def named_in(type_: str) -> str:
    """The name in a written type."""
    return type_.strip("[]!")


def required(name: str) -> str:
    """`Name!`."""
    return f"{name}!"


def list_of(name: str) -> str:
    """`[Name!]`."""
    return f"[{name}!]"


def required_list_of(name: str) -> str:
    """`[Name!]!`."""
    return f"[{name}!]!"


def field(type_: str, description: str | None = None, args: Mapping[str, str] | None = None) -> Member:
    """A field with the types of its arguments."""
    if not args:
        return Member(type_, description)
    return Member(type_, description, {name: Member(each) for name, each in args.items()})


def plain(name: str, members: Mapping[str, str]) -> Blueprint:
    """An object type whose fields need no explanation."""
    return Blueprint(
        form="object", name=name, members=lambda: {each: Member(type_) for each, type_ in members.items()}
    )
