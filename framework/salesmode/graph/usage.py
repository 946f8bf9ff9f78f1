"""How an operation uses its variables, told from the document alone."""

from collections.abc import Iterator, Mapping, Sequence

from graphql import ArgumentNode, FieldNode, FragmentSpreadNode, Node, VariableNode

from salesmode.graph.document import Document
from salesmode.graph.trees import CURSORS

Fragments = Mapping[str, Node]


def variables_in(nodes: Sequence[Node], fragments: Fragments) -> set[str]:
    """The variables that are used in these nodes and in the fragments that they spread."""
    return {each.name.value for each in below(nodes, fragments) if isinstance(each, VariableNode)}


def planned_variables(document: Document) -> set[str]:
    """The variables that a plan may depend on: all but those that only stand in the `input` of a mutation of
    the engine's own.
    """
    added = document.schema.view.additions.mutations
    nodes: list[Node] = []
    for each in document.operation.selection_set.selections:
        if document.kind == "mutation" and isinstance(each, FieldNode) and each.name.value not in added:
            nodes += [argument for argument in each.arguments if argument.name.value != "input"]
            nodes += [*each.directives, *([each.selection_set] if each.selection_set else [])]
        else:
            nodes.append(each)
    return variables_in(nodes, document.fragments)


def cursor_variables(document: Document) -> set[str]:
    """The variables that are cursors."""
    return {
        each.value.name.value
        for each in below([document.operation.selection_set], document.fragments)
        if isinstance(each, ArgumentNode)
        and each.name.value in CURSORS
        and isinstance(each.value, VariableNode)
    }


def below(nodes: Sequence[Node], fragments: Fragments) -> Iterator[Node]:
    """All nodes, and those of the fragments that they spread, each fragment once."""
    waiting, spread = list(nodes), set[str]()
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, FragmentSpreadNode) and node.name.value in fragments.keys() - spread:
            spread.add(node.name.value)
            waiting.append(fragments[node.name.value])
        for key in node.keys:
            found = getattr(node, key, None)
            items = found if isinstance(found, list | tuple) else (found,)
            waiting.extend(each for each in items if isinstance(each, Node))
