"""All types that can be reached from the roots: what introspection and the printed schema list."""

from collections import deque
from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    introspection_types,
)


def reachable(schema: GraphQLSchema) -> list[str]:
    """Names in the order in which they are met, breadth first, so that a chain of types of any length is
    walked.
    """
    roots = [
        schema.query_type,
        schema.mutation_type,
        schema.subscription_type,
        introspection_types["__Schema"],
    ]
    waiting = deque(each for each in roots if each is not None)
    seen = {each.name: each for each in waiting}
    while waiting:
        for found in _next(waiting.popleft(), schema):
            if found.name not in seen:
                seen[found.name] = found
                waiting.append(found)
    return list(seen)


def _next(type_: GraphQLNamedType, schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    if isinstance(type_, GraphQLInterfaceType):
        yield from schema.get_possible_types(type_)
    if isinstance(type_, GraphQLObjectType):
        yield from type_.interfaces
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        for field in type_.fields.values():
            yield get_named_type(field.type)
            if isinstance(field, GraphQLField):
                yield from (get_named_type(each.type) for each in field.args.values())
