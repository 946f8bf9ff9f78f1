"""The GraphQL schema of one policy, made type by type and root field by root field on first touch.

It is a real `GraphQLSchema` for graphql-core: parse, validate and introspect run on it unchanged. Nothing
walks the graph of types but introspection, and that without recursion.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    introspection_types,
)
from graphql.type.schema import InterfaceImplementations

from salesmode.graph.built_in import built_in
from salesmode.graph.derived import blueprint_of
from salesmode.graph.lazy import Lazy
from salesmode.graph.reachable import reachable
from salesmode.graph.roots import (
    has_mutation,
    has_query,
    has_subscription,
    mutation_field,
    mutation_names,
    query_field,
    query_names,
    subscription_field,
    subscription_names,
)
from salesmode.graph.types import Types
from salesmode.graph.view import View
from salesmode.model.names import pascal
from salesmode.model.published import Derived

Has = Callable[[View, str], bool]
Make = Callable[[View, str], Any]
Names = Callable[[View], Iterable[str]]


class RootType(GraphQLObjectType):
    """Query, Mutation or Subscription: thousands of fields, each made when it is touched."""

    def __init__(self, name: str, fields: Lazy[GraphQLField]) -> None:
        super().__init__(name, fields={})
        self._lazy = fields

    @property
    def fields(self) -> dict[str, GraphQLField]:
        """The fields; graphql-core only ever reads them as a mapping."""
        return cast(dict[str, GraphQLField], self._lazy)


class LazySchema(GraphQLSchema):
    """What clients with this policy can see. Assumed valid: it is derived, and the analyzer has checked the
    names.
    """

    def __init__(self, view: View) -> None:
        super().__init__(assume_valid=True)
        self.view = view
        self.types = Types(self._type)
        self.query_type = self._root("Query", has_query, query_field, query_names)
        if any(True for _ in mutation_names(view)):
            self.mutation_type = self._root("Mutation", has_mutation, mutation_field, mutation_names)
        if any(True for _ in subscription_names(view)):
            self.subscription_type = self._root(
                "Subscription", has_subscription, subscription_field, subscription_names
            )
        roots = (self.query_type, self.mutation_type, self.subscription_type)
        self._roots = {each.name: each for each in roots if each}
        self.type_map = cast(dict[str, GraphQLNamedType], Lazy(self._make, lambda: reachable(self)))

    def is_sub_type(self, abstract_type: GraphQLAbstractType, maybe_sub_type: GraphQLNamedType) -> bool:
        """Every record is a Node, and nothing else is."""
        derived = self.view.published.types.get(maybe_sub_type.name)
        return abstract_type.name == "Node" and derived is not None and derived.kind == "record"

    def get_implementations(self, interface_type: GraphQLInterfaceType) -> InterfaceImplementations:
        """All records that the policy may read."""
        assert interface_type.name == "Node"
        return InterfaceImplementations(objects=list(self._records()), interfaces=[])

    def get_possible_types(self, abstract_type: GraphQLAbstractType) -> list[GraphQLObjectType]:
        return self.get_implementations(cast(GraphQLInterfaceType, abstract_type)).objects

    def derived(self, name: str) -> Derived | None:
        """Where a derived type's name comes from."""
        return self.view.published.types.get(name)

    def _records(self) -> Iterator[GraphQLObjectType]:
        for granted in self.view.policy.roots.values():
            yield cast(GraphQLObjectType, self.type_map[pascal(granted.object.name)])

    def _type(self, name: str) -> GraphQLNamedType:
        return self.type_map[name]

    def _make(self, name: str) -> GraphQLNamedType | None:
        if name in self._roots or name in introspection_types:
            return self._roots.get(name) or introspection_types[name]
        derived = self.view.published.types.get(name)
        if derived is None:
            return built_in(name, self.types, self.view)
        blueprint = blueprint_of(self.view, name, derived)
        return self.types.shell(blueprint) if blueprint else None

    def _root(self, name: str, has: Has, make: Make, names: Names) -> RootType:
        def field(wanted: str) -> GraphQLField | None:
            return self.types.field(wanted, make(self.view, wanted)) if has(self.view, wanted) else None

        return RootType(name, Lazy(field, lambda: names(self.view)))
