"""The types and directives that graphql-core brings along, described like all others."""

from collections.abc import Mapping, Sequence

from graphql import (
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    Undefined,
    ast_from_value,
    introspection_types,
    print_ast,
    specified_directives,
    specified_scalar_types,
)

from salesmode.graph.blueprint import Blueprint, Member

LIBRARY_TYPES: Mapping[str, GraphQLNamedType] = {**specified_scalar_types, **introspection_types}
DIRECTIVES: Sequence[GraphQLDirective] = specified_directives


def library_blueprint(type_: GraphQLNamedType) -> Blueprint:
    """Of a type of introspection, or of one of the five scalars of the specification."""
    if isinstance(type_, GraphQLObjectType):
        fields = type_.fields
        return Blueprint(
            form="object",
            name=type_.name,
            members=lambda: {name: _field(each) for name, each in fields.items()},
            description=type_.description,
        )
    if isinstance(type_, GraphQLEnumType):
        values = {name: value.description for name, value in type_.values.items()}
        return Blueprint(form="enum", name=type_.name, members=lambda: values, description=type_.description)
    return Blueprint(form="scalar", name=type_.name, description=type_.description)


def arguments_of(args: Mapping[str, GraphQLArgument]) -> Mapping[str, Member]:
    """The arguments of one of its fields or directives."""
    return {name: Member(str(each.type), each.description, {}, _default(each)) for name, each in args.items()}


def _field(given: GraphQLField) -> Member:
    return Member(str(given.type), given.description, arguments_of(given.args))


def _default(argument: GraphQLArgument) -> str | None:
    if argument.default_value is Undefined:
        return None
    node = ast_from_value(argument.default_value, argument.type)
    return print_ast(node) if node else None
