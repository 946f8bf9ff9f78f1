"""What a GraphQL type will be, before graphene builds it: its name, its form, and a way to its members."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import graphene

Form = Literal["object", "input", "enum"]


@dataclass(frozen=True, slots=True)
class Named:
    """A type by name, where graphene takes a type; the lazy type map finds it on first touch."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """One type. `members` gives graphene Fields (object), InputFields (input) or descriptions (enum) by
    GraphQL name.

    `extensions` of an input: `fields`, called, tells which model field gives the values under a member their
    meaning; `writes`, called, tells what each member of a create or update is called in the model.
    """

    form: Form
    name: str
    members: Callable[[], Mapping[str, Any]]
    description: str | None = None
    interfaces: tuple[str, ...] = ()
    extensions: Mapping[str, Any] | None = None


def required(name: str) -> Any:
    """`Name!`."""
    return graphene.NonNull(Named(name))


def list_of(name: str) -> Any:
    """`[Name!]`."""
    return graphene.List(graphene.NonNull(Named(name)))


def required_list_of(name: str) -> Any:
    """`[Name!]!`."""
    return graphene.NonNull(list_of(name))


def field(type_: Any, description: str | None = None, args: Mapping[str, Any] | None = None) -> Any:
    """A graphene Field of a type, or of a name."""
    arguments = {name: graphene.Argument(_named(each)) for name, each in (args or {}).items()}
    return graphene.Field(_named(type_), args=arguments, description=description)


def input_field(type_: Any, description: str | None = None) -> Any:
    """A graphene InputField of a type, or of a name."""
    return graphene.InputField(_named(type_), description=description)


def _named(type_: Any) -> Any:
    return Named(type_) if isinstance(type_, str) else type_
