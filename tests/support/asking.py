"""Picks from short texts, `customers(first: $n) { nodes { name } }`; wrong names reach the planner."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FieldNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    ValueNode,
    VariableNode,
    parse,
)

from salesmode.model.condition import Argument, Literal
from salesmode.queries.cursor import CursorLeaf, nulls_of
from salesmode.queries.pick import Pick

Variables = Mapping[str, object]


def pick_of(text: str, variables: Variables | None = None) -> Pick:
    """The one root field of a text; `variables` as they will be bound: some are part of the structure."""
    (operation,) = parse("{" + text + "}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    (pick,) = _picks(operation.selection_set, variables or {})
    return pick


def _picks(selection: SelectionSetNode | None, variables: Variables) -> Iterator[Pick]:
    for each in selection.selections if selection else ():
        if isinstance(each, InlineFragmentNode):
            name = each.type_condition.name.value
            yield Pick(name, name[0].lower() + name[1:], {}, tuple(_picks(each.selection_set, variables)))
        else:
            assert isinstance(each, FieldNode)
            yield _pick(each, variables)


def _pick(field: FieldNode, variables: Variables) -> Pick:
    args = {each.name.value: _value(each.value, variables) for each in field.arguments}
    for name in ("after", "before"):
        if isinstance(args.get(name), Argument):
            text = variables[args[name].path[0]]
            args[name] = CursorLeaf(args[name], nulls_of(text))
    key = (field.alias or field.name).value
    return Pick(key, field.name.value, args, tuple(_picks(field.selection_set, variables)))


def _value(node: ValueNode, variables: Variables) -> Any:
    match node:
        case VariableNode():
            value = variables[node.name.value]
            constant = value is None or isinstance(value, bool)
            return Literal(value) if constant else Argument((node.name.value,))
        case ObjectValueNode():
            return {each.name.value: _value(each.value, variables) for each in node.fields}
        case ListValueNode():
            items = [_value(each, variables) for each in node.values]
            if items and all(isinstance(each, Literal) for each in items):
                return Literal(tuple(each.value for each in items))
            return items
        case IntValueNode():
            return Literal(int(node.value))
        case NullValueNode():
            return Literal(None)
        case StringValueNode() | EnumValueNode() | BooleanValueNode():
            return Literal(node.value)
    raise AssertionError(node)
