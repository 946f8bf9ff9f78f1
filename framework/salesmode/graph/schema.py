"""The GraphQL schema of one policy, made type by type and root field by root field on first touch.

It is a real `GraphQLSchema` for graphql-core: parse and validate run on it unchanged. Nothing walks the graph
of types but introspection, and that reads the catalog and makes none of them.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import cast

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
)
from graphql.type.schema import InterfaceImplementations

from salesmode.graph.catalog import Catalog
from salesmode.graph.lazy import Lazy
from salesmode.graph.library import LIBRARY_TYPES
from salesmode.graph.roots import ROOTS, Root
from salesmode.graph.types import Types
from salesmode.graph.view import View
from salesmode.model.names import pascal
from salesmode.model.published import Derived


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
        self.catalog = Catalog(view)
        self.types = Types(self._type)
        self.type_map = cast(dict[str, GraphQLNamedType], Lazy(self._make, self._reachable))
        self.query_type = self._root("Query")
        # These two are looked for when somebody asks: a role that only reads has no mutation on any object.
        del self.mutation_type, self.subscription_type

    @cached_property
    def mutation_type(self) -> GraphQLObjectType | None:  # type: ignore[override]
        return self._root("Mutation")

    @cached_property
    def subscription_type(self) -> GraphQLObjectType | None:  # type: ignore[override]
        return self._root("Subscription")

    def is_sub_type(self, abstract_type: GraphQLAbstractType, maybe_sub_type: GraphQLNamedType) -> bool:
        """Every record is a Node, and nothing else is; a union has those that it names."""
        if isinstance(abstract_type, GraphQLUnionType):
            return maybe_sub_type.name in {each.name for each in abstract_type.types}
        derived = self.view.published.types.get(maybe_sub_type.name)
        return abstract_type.name == "Node" and derived is not None and derived.kind == "record"

    def get_implementations(self, interface_type: GraphQLInterfaceType) -> InterfaceImplementations:
        """All records that the policy may read."""
        assert interface_type.name == "Node"
        return InterfaceImplementations(objects=list(self._records()), interfaces=[])

    def get_possible_types(self, abstract_type: GraphQLAbstractType) -> list[GraphQLObjectType]:
        if isinstance(abstract_type, GraphQLUnionType):
            return list(abstract_type.types)
        return self.get_implementations(abstract_type).objects

    def derived(self, name: str) -> Derived | None:
        """Where a derived type's name comes from."""
        return self.view.published.types.get(name)

    def _records(self) -> Iterator[GraphQLObjectType]:
        for name in self.view.policy.readable:
            yield cast(GraphQLObjectType, self.type_map[pascal(name)])

    def _type(self, name: str) -> GraphQLNamedType:
        return self.type_map[name]

    def _reachable(self) -> Iterator[str]:
        return (each.blueprint.name for each in self.catalog.reachable())

    def _make(self, name: str) -> GraphQLNamedType | None:
        if name in ROOTS:
            return cast(GraphQLNamedType | None, getattr(self, f"{name.lower()}_type"))
        if name in LIBRARY_TYPES:
            return LIBRARY_TYPES[name]
        blueprint = self.catalog.blueprint(name)
        return self.types.shell(blueprint) if blueprint else None

    def _root(self, name: str) -> RootType | None:
        root = ROOTS[name]
        return RootType(name, self._fields(root)) if root.blueprint(self.view) else None

    def _fields(self, root: Root) -> Lazy[GraphQLField]:
        def field(name: str) -> GraphQLField | None:
            return self.types.field(name, root.field(self.view, name)) if root.has(self.view, name) else None

        return Lazy(field, lambda: root.names(self.view))
