"""A value of the document as plain Python, in the same shape in which variables come, so that one reader
reads both.
"""

from dataclasses import dataclass
from typing import Any

from graphql import (
    BooleanValueNode,
    EnumValueNode,
    FloatValueNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """Where the document names a variable."""

    name: str


def raw_of(node: ValueNode) -> Any:
    """Texts and enum values are `str`, a number with a point is `float`: what an exact number may not be."""
    match node:
        case VariableNode():
            return Variable(node.name.value)
        case NullValueNode():
            return None
        case IntValueNode():
            return int(node.value)
        case FloatValueNode():
            return float(node.value)
        case StringValueNode() | EnumValueNode() | BooleanValueNode():
            return node.value
        case ListValueNode():
            return [raw_of(each) for each in node.values]
        case ObjectValueNode():
            return {each.name.value: raw_of(each.value) for each in node.fields}
    raise AssertionError(f"no value: {node!r}")


def filled(raw: Any, variables: dict[str, Any]) -> Any:
    """The value with its variables in place; an absent one is null in a list and missing in an object."""
    match raw:
        case Variable(name):
            return variables.get(name)
        case list():
            return [filled(each, variables) for each in raw]
        case dict():
            return {
                key: filled(each, variables)
                for key, each in raw.items()
                if not (isinstance(each, Variable) and each.name not in variables)
            }
    return raw


def names_in(raw: Any) -> set[str]:
    """The variables that a value mentions."""
    match raw:
        case Variable(name):
            return {name}
        case list():
            return set[str]().union(*(names_in(each) for each in raw))
        case dict():
            return set[str]().union(*(names_in(each) for each in raw.values()))
    return set()
