"""From blueprints to GraphQL types: each is a shell whose graphene class is built when its fields are first
touched.

A shell costs microseconds, a graphene class one or two milliseconds: so a type that is only pointed at costs
nothing, and no chain of types is ever followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import graphene
from graphene.types.schema import TypeMap
from graphql import (
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
)

from salesmode.graph.blueprint import Blueprint, Member
from salesmode.graph.scalars import SCALARS

_CLASSES = {
    "object": graphene.ObjectType,
    "interface": graphene.Interface,
    "input": graphene.InputObjectType,
}


@dataclass(frozen=True, slots=True)
class _Named:
    """A type by name, where graphene takes a type; the lazy type map finds it on first touch."""

    name: str


class Types(TypeMap):  # type: ignore[misc]
    """graphene's conversion, with names looked up in the schema instead of types followed."""

    def __init__(self, lookup: Callable[[str], GraphQLNamedType]) -> None:
        super().__init__(auto_camelcase=False)
        self._lookup = lookup

    def add_type(self, graphene_type: Any) -> Any:
        if isinstance(graphene_type, _Named):
            return self._lookup(graphene_type.name)
        return super().add_type(graphene_type)

    def shell(self, blueprint: Blueprint) -> GraphQLNamedType:
        """The GraphQL type of a blueprint; nothing of its members is made yet."""
        told: Any = {"name": blueprint.name, "description": blueprint.description}
        fields: Any = partial(self._fields, blueprint)
        match blueprint.form:
            case "scalar":
                return cast(GraphQLNamedType, self.create_scalar(SCALARS[blueprint.name]))
            case "object":
                interfaces = partial(self._interfaces, blueprint)
                return GraphQLObjectType(**told, fields=fields, interfaces=interfaces)
            case "interface":
                return GraphQLInterfaceType(**told, fields=fields)
            case "union":
                return GraphQLUnionType(**told, types=partial(self._possible, blueprint))
            case "input":
                extensions = dict(blueprint.extensions or {})
                return GraphQLInputObjectType(**told, fields=fields, extensions=extensions)
            case "enum":
                return _enum(blueprint)

    def field(self, name: str, member: Member) -> GraphQLField:
        """One field by itself: fields of the roots are made one at a time."""
        holder = _graphene_class("Root", graphene.Interface, {name: _field(member)})
        found: GraphQLField = self.create_fields_for_type(holder)[name]
        return found

    def _possible(self, blueprint: Blueprint) -> list[GraphQLObjectType]:
        return [cast(GraphQLObjectType, self._lookup(name)) for name in blueprint.possible()]

    def _interfaces(self, blueprint: Blueprint) -> list[GraphQLInterfaceType]:
        return [cast(GraphQLInterfaceType, self._lookup(name)) for name in blueprint.interfaces]

    def _fields(self, blueprint: Blueprint) -> Mapping[str, Any]:
        taken = blueprint.form == "input"
        members = {name: (_taken if taken else _field)(each) for name, each in blueprint.members().items()}
        made = _graphene_class(blueprint.name, _CLASSES[blueprint.form], members)
        found: Mapping[str, Any] = self.create_fields_for_type(made, is_input_type=taken)
        return found


def _field(member: Member) -> graphene.Field:
    args = {
        name: graphene.Argument(_type(each.type), description=each.description)
        for name, each in member.args.items()
    }
    return graphene.Field(_type(member.type), args=args, description=member.description)


def _taken(member: Member) -> graphene.InputField:
    return graphene.InputField(_type(member.type), description=member.description)


def _type(written: str) -> Any:
    if written.endswith("!"):
        return graphene.NonNull(_type(written[:-1]))
    return graphene.List(_type(written[1:-1])) if written.startswith("[") else _Named(written)


def _graphene_class(name: str, base: Any, members: Mapping[str, Any]) -> Any:
    """A graphene class with these fields. Attributes get a final underscore, since `class` or `from` is a
    field's right.
    """
    for spelled, member in members.items():
        member.name = spelled
    attributes = {f"{spelled}_": member for spelled, member in members.items()}
    meta = {"name": name, "container": dict} if base is graphene.InputObjectType else {"name": name}
    return type(name, (base,), {**attributes, "Meta": meta})


def _enum(blueprint: Blueprint) -> GraphQLEnumType:
    """Without graphene: its enums keep their members as attributes of a class, and an option may have any
    name.
    """
    values = {name: GraphQLEnumValue(name, description=text) for name, text in blueprint.members().items()}
    return GraphQLEnumType(blueprint.name, values, description=blueprint.description)
