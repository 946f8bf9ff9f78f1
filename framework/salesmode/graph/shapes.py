"""The structure of a request's variables: what a plan depends on, as one hashable key (DESIGN §6).

Keys of objects, lengths of lists of objects, nulls, flags, enum values that are no options, and which keys of
a cursor are null. Every other value counts only as being there. Computing it is all that a warm request does
with its variables before their values are bound.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_input_object_type,
)

from salesmode.graph.schema import LazySchema
from salesmode.queries.cursor import nulls_of

Shape = Callable[[Any], Any]

_THERE = 0


class Mismatch(Exception):
    """The variables do not have the structure that their types ask for; the trees say what is wrong."""


class Shapes:
    """Functions from a value to its structure, made per type when a value of that type first comes."""

    def __init__(self, schema: LazySchema) -> None:
        self._schema = schema
        self._objects: dict[str, Shape] = {}

    def of(self, type_: Any) -> Shape:
        """The function for one type."""
        if isinstance(type_, GraphQLNonNull):
            return _never_null(self.of(type_.of_type))
        if isinstance(type_, GraphQLList):
            return self._list(type_.of_type)
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_)
        if type_.name == "Boolean" or (isinstance(type_, GraphQLEnumType) and not self._is_choice(type_)):
            return _itself
        return _there

    def _object(self, type_: GraphQLInputObjectType) -> Shape:
        if type_.name not in self._objects:
            self._objects[type_.name] = _Object(self, type_)
        return self._objects[type_.name]

    def _list(self, item: Any) -> Shape:
        named = get_named_type(item)
        if is_input_object_type(named) or self.of(named) is _itself:
            return _each(self.of(item))
        return _there

    def _is_choice(self, type_: GraphQLEnumType) -> bool:
        derived = self._schema.derived(type_.name)
        return derived is not None and derived.kind == "choice"


class _Object:
    """The structure of an input object: its keys in their order, each with the structure of its value."""

    def __init__(self, shapes: Shapes, type_: GraphQLInputObjectType) -> None:
        self._shapes = shapes
        self._type = type_
        self._members: dict[str, Shape] = {}

    def __call__(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Mismatch
        members = self._members
        return tuple([(key, (members.get(key) or self._member(key))(each)) for key, each in value.items()])

    def _member(self, key: str) -> Shape:
        field = self._type.fields.get(key)
        if field is None:
            raise Mismatch
        made = _items if key == "between" else self._shapes.of(field.type)
        self._members[key] = made
        return made


def cursor_shape(value: Any) -> Any:
    """Which keys of a cursor are null; Refusal for a text that was never one."""
    return None if value is None else nulls_of(value)


def shape_of(variables: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Any:
    """The structure of those variables that plans depend on; an absent one has none."""
    return tuple([(name, shape(variables[name])) for name, shape in shapes.items() if name in variables])


def _itself(value: Any) -> Any:
    if value is not None and not isinstance(value, bool | str):
        raise Mismatch
    return value


def _there(value: Any) -> Any:
    return None if value is None else _THERE


def _items(value: Any) -> Any:
    return tuple([_there(each) for each in value]) if isinstance(value, list) else _there(value)


def _each(shape: Shape) -> Shape:
    def shape_all(value: Any) -> Any:
        if value is None:
            return None
        return tuple([shape(each) for each in value]) if isinstance(value, list) else (_THERE, shape(value))

    return shape_all


def _never_null(shape: Shape) -> Shape:
    def shape_some(value: Any) -> Any:
        if value is None:
            raise Mismatch
        return shape(value)

    return shape_some
