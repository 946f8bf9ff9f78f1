"""From blueprints to GraphQL types: each is a shell whose graphene class is built when its fields are first
touched.

A shell costs microseconds, a graphene class one or two milliseconds: so a type that is only pointed at costs
nothing, and no chain of types is ever followed.
"""

from collections.abc import Callable, Mapping
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
)

from salesmode.graph.blueprint import Blueprint, Named


class Types(TypeMap):  # type: ignore[misc]
    """graphene's conversion, with names looked up in the schema instead of types followed."""

    def __init__(self, lookup: Callable[[str], GraphQLNamedType]) -> None:
        super().__init__(auto_camelcase=False)
        self._lookup = lookup

    def add_type(self, graphene_type: Any) -> Any:
        if isinstance(graphene_type, Named):
            return self._lookup(graphene_type.name)
        return super().add_type(graphene_type)

    def shell(self, blueprint: Blueprint) -> GraphQLNamedType:
        """The GraphQL type of a blueprint; nothing of its members is made yet."""
        match blueprint.form:
            case "object":
                return GraphQLObjectType(
                    blueprint.name,
                    fields=partial(self._fields, blueprint, graphene.ObjectType),
                    interfaces=partial(self._interfaces, blueprint),
                    description=blueprint.description,
                )
            case "input":
                return GraphQLInputObjectType(
                    blueprint.name,
                    fields=partial(self._fields, blueprint, graphene.InputObjectType),
                    description=blueprint.description,
                    extensions=dict(blueprint.extensions or {}),
                )
            case "enum":
                return _enum(blueprint)

    def field(self, name: str, made: Any) -> GraphQLField:
        """One graphene Field by itself: fields of the roots are made one at a time."""
        holder = graphene_class("Root", graphene.Interface, {name: made})
        found: GraphQLField = self.create_fields_for_type(holder)[name]
        return found

    def _interfaces(self, blueprint: Blueprint) -> list[GraphQLInterfaceType]:
        return [cast(GraphQLInterfaceType, self._lookup(name)) for name in blueprint.interfaces]

    def _fields(self, blueprint: Blueprint, base: Any) -> Mapping[str, Any]:
        made = graphene_class(blueprint.name, base, blueprint.members())
        found: Mapping[str, Any] = self.create_fields_for_type(made, is_input_type=blueprint.form == "input")
        return found


def graphene_class(name: str, base: Any, members: Mapping[str, Any]) -> Any:
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
