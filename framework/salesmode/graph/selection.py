"""From the selected fields of an operation to Picks: fragments spread, `@skip` and `@include` decided, same
keys merged.

No name is looked up for its meaning here; the planner's one resolver does that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    InlineFragmentNode,
    get_named_type,
)
from graphql.execution.collect_fields import collect_fields, collect_sub_fields

from salesmode.graph.document import Document
from salesmode.graph.opportunities import RECORD, opportunity_objects
from salesmode.graph.trees import Trees
from salesmode.hooks.api import RecordField
from salesmode.model.condition import Literal
from salesmode.model.names import camel, pascal
from salesmode.plugins import Added
from salesmode.queries.expand import HOLE
from salesmode.queries.pick import Pick

Nodes = Sequence[FieldNode]


@dataclass(frozen=True, slots=True)
class Hole:
    """A field of records that a plugin makes, as it was selected below the root field `key`. Its number is
    its place in the list.
    """

    key: str
    added: Added[RecordField]
    nodes: Nodes


@dataclass(frozen=True)
class Selection:
    """The selected fields of one operation for one structure of its variables."""

    document: Document
    variables: Mapping[str, Any]
    trees: Trees
    holes: list[Hole] = field(default_factory=list)

    def roots(self) -> Mapping[str, Nodes]:
        """The fields of the operation by their keys in the answer, in order."""
        document = self.document
        return collect_fields(
            document.schema,
            dict(document.fragments),
            dict(self.variables),
            document.root,
            document.operation.selection_set,
        )

    def pick(self, parent: GraphQLObjectType, key: str, nodes: Nodes) -> Pick:
        """One field with everything below it."""
        name = nodes[0].name.value
        if name == "__typename":
            return Pick(key, name)
        added = self._added(parent, name)
        if added is not None:
            return self._hole(key, added, nodes)
        definition = parent.fields[name]
        arguments = self.trees.arguments(definition, nodes[0])
        named = get_named_type(definition.type)
        if isinstance(named, GraphQLInterfaceType | GraphQLUnionType):
            return Pick(key, name, arguments, tuple(self._of_any_record(nodes, named.name)))
        return Pick(key, name, arguments, self.below(named, nodes))

    def _added(self, parent: GraphQLObjectType, name: str) -> Added[RecordField] | None:
        schema = self.document.schema
        derived = schema.derived(parent.name)
        if derived is None or derived.kind != "record":
            return None
        return schema.view.additions.fields.get(derived.object, {}).get(name)

    def _hole(self, key: str, added: Added[RecordField], nodes: Nodes) -> Pick:
        """What the statement leaves open; who fills it in is told the number."""
        self.holes.append(Hole(self.trees.root, added, nodes))
        told = {"number": Literal(len(self.holes) - 1), "needs": Literal(tuple(added.given.needs))}
        return Pick(key, HOLE, told)

    def below(self, parent: Any, nodes: Nodes) -> tuple[Pick, ...]:
        """What is selected of an object."""
        if not isinstance(parent, GraphQLObjectType):
            return ()
        return tuple(self.pick(parent, key, each) for key, each in self.selected(parent, nodes).items())

    def selected(self, parent: GraphQLObjectType, nodes: Nodes) -> Mapping[str, Nodes]:
        """The fields selected of an object, by key."""
        document = self.document
        return collect_sub_fields(
            document.schema, dict(document.fragments), dict(self.variables), parent, list(nodes)
        )

    def _of_any_record(self, nodes: Nodes, abstract: str) -> Iterator[Pick]:
        """One Pick for each object of the abstract type, named like its root field. Only types that a
        fragment names are touched.
        """
        schema = self.document.schema
        named = set(self._conditions([each.selection_set for each in nodes]))
        plain: tuple[Pick, ...] | None = None
        for name in self._objects(abstract):
            record = schema.type_map[pascal(name)]
            assert isinstance(record, GraphQLObjectType)
            if record.name in named:
                yield Pick(record.name, camel(name), {}, self.below(record, nodes))
                continue
            if plain is None:
                plain = tuple(
                    Pick(key, each[0].name.value) for key, each in self.selected(record, nodes).items()
                )
            yield Pick(record.name, camel(name), {}, plain)

    def _objects(self, abstract: str) -> Iterator[str]:
        """The objects whose records are of that type."""
        view = self.document.schema.view
        return iter(opportunity_objects(view) if abstract == RECORD else view.policy.readable)

    def _conditions(self, selections: Sequence[Any]) -> Iterator[str]:
        """The types that fragments of a selection name, nested ones included."""
        waiting, spread = [each for each in selections if each], set[str]()
        while waiting:
            for each in waiting.pop().selections:
                fragment: Any = each
                if isinstance(each, FragmentSpreadNode):
                    fragment = (
                        self.document.fragments[each.name.value] if each.name.value not in spread else None
                    )
                    spread.add(each.name.value)
                elif not isinstance(each, InlineFragmentNode):
                    fragment = None
                if fragment is not None:
                    waiting.append(fragment.selection_set)
                    if fragment.type_condition:
                        yield fragment.type_condition.name.value
