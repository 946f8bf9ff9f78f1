"""From an operation and the structure of its variables to a Plan: the cold half of a request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLNonNull

from salesmode.access.scope import PolicyScope
from salesmode.graph.answers import planned_answer
from salesmode.graph.document import Document
from salesmode.graph.errors import FieldError
from salesmode.graph.explanation import EXPLANATIONS
from salesmode.graph.limits import Limits
from salesmode.graph.meta import NAMES, Meta
from salesmode.graph.plans import Asked, Constant, Data, Explain, Filler, Part, Plan, Told
from salesmode.graph.selection import Hole, Nodes, Selection
from salesmode.graph.transfer import TRANSFER
from salesmode.graph.trees import Trees
from salesmode.graph.watch import planned_watch
from salesmode.graph.writes import planned_transfer, planned_write
from salesmode.hooks.api import ApiField
from salesmode.plugins import Added
from salesmode.queries.holes import ALWAYS_TOLD
from salesmode.queries.planner import missing, plan


def plan_operation(
    document: Document, scope: PolicyScope, variables: Mapping[str, Any], limits: Limits
) -> Plan:
    """All fields of the operation under the caller's policy; FieldError with what refused one of them."""
    trees = Trees(document.schema, variables, limits)
    planning = _Planning(document, scope, Selection(document, variables, trees))
    parts = [planning.part(key, nodes) for key, nodes in planning.selection.roots().items()]
    fillers = tuple(planning.fillers())
    return Plan(tuple(parts), tuple(trees.places), fillers)


@dataclass(frozen=True)
class _Planning:
    document: Document
    scope: PolicyScope
    selection: Selection

    def part(self, key: str, nodes: Nodes) -> Part:
        """One field of the operation."""
        name = nodes[0].name.value
        if name == "__typename":
            return Constant(key, f'"{self.document.root.name}"'.encode())
        if name in NAMES:
            return Told(key, Meta(self.document, key, nodes))
        self.selection.trees.root = key
        try:
            part = self._planned(key, nodes)
            self.selection.trees.refuse_problems()
        except Exception as error:
            raise FieldError((key,), error) from error
        return part

    def fillers(self) -> Iterator[Filler]:
        """Of all holes; the records that fill one may have others in them."""
        for hole in self.selection.holes:
            self.selection.trees.root = hole.key
            try:
                yield self._filler(hole)
                self.selection.trees.refuse_problems()
            except Exception as error:
                raise FieldError((hole.key,), error) from error

    def _filler(self, hole: Hole) -> Filler:
        given = hole.added.given
        fields = self.scope.model.objects[given.object].fields
        told = tuple(fields[name] for name in (*ALWAYS_TOLD, *given.needs))
        return Filler(hole.added, told, planned_answer(given.answer, hole.nodes, self.selection, self.scope))

    def _added(self, name: str) -> Added[ApiField] | None:
        additions = self.document.schema.view.additions
        match self.document.kind:
            case "query":
                return additions.queries.get(name)
            case "mutation":
                return additions.mutations.get(name)
        return None

    def _asked(self, key: str, nodes: Nodes, added: Added[ApiField]) -> Asked:
        definition = self.document.root.fields[nodes[0].name.value]
        arguments = self.selection.trees.arguments(definition, nodes[0])
        answer = planned_answer(added.given.answer, nodes, self.selection, self.scope)
        return Asked(key, added, arguments, answer, self.document.kind == "mutation")

    def _planned(self, key: str, nodes: Nodes) -> Part:
        root, added = self.document.root, self._added(nodes[0].name.value)
        if added is not None:
            return self._asked(key, nodes, added)
        if nodes[0].name.value == TRANSFER:
            return planned_transfer(key, nodes, self.selection)
        if self.document.kind == "mutation":
            return planned_write(key, nodes, self.selection, self.scope)
        if self.document.kind == "subscription":
            return planned_watch(key, nodes, self.selection, self.scope)
        if nodes[0].name.value in EXPLANATIONS:
            asked = self.selection.pick(root, key, nodes)
            return Explain(key, asked.name, asked.args, asked.picks)
        pick = self.selection.pick(root, key, nodes)
        self.selection.trees.refuse_problems()
        statement = plan(pick, self.scope, self.selection.trees.limits.filters)
        wanted = isinstance(root.fields[pick.name].type, GraphQLNonNull)
        return Data(key, statement, missing(pick, self.scope.policy) if wanted else None)
