"""A `where` as clients write it in JSON → the tree that the planner takes, with values read by their types.

Names are left to the planner, which knows what the caller may name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.exchange.faults import BadFile
from salesmode.fieldtypes import field_type
from salesmode.fieldtypes.text import checked_text
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.object import Inverse

_TEXTS = frozenset({"contains", "startsWith", "endsWith", "icontains"})
_FLAGS = frozenset({"isNull", "isEmpty"})
_LISTS = frozenset({"in", "notIn", "hasAny", "hasAll"})

Read = Callable[[object], object]


def tree_of(where: object, granted: ObjectPolicy, policy: Policy) -> dict[str, Any]:
    """The tree; BadFile for what is no `where`, Invalid for a value that is not of its field's type."""
    return {name: _entry(name, value, granted, policy) for name, value in _mapping(where).items()}


def _entry(name: str, value: object, granted: ObjectPolicy, policy: Policy) -> Any:
    if name in ("and", "or"):
        return [tree_of(each, granted, policy) for each in _list(value)]
    if name == "not":
        return tree_of(value, granted, policy)
    match granted.members.get(name):
        case FieldPolicy() as member:
            return {op: _operand(member.field, op, each, policy) for op, each in _mapping(value).items()}
        case Inverse() as inverse:
            target = policy.objects[inverse.object]
            return {each: tree_of(inner, target, policy) for each, inner in _mapping(value).items()}
        case None:
            return {}


def _operand(field: Field, op: str, value: object, policy: Policy) -> Any:
    if op in field_type(field.type).operators:
        return _value(field, op, value)
    if field.to is None:
        return Literal(None)  # the planner says what it thinks of the name
    return _entry(op, value, policy.objects[field.to], policy)


def _value(field: Field, op: str, value: object) -> Any:
    if value is None:
        return Literal(None)
    if op in _FLAGS:
        return Literal(_flag(op, value))
    read = _reader(field, op)
    if op in _LISTS:
        return Literal(tuple(read(each) for each in _list(value)))
    if op == "between":
        return [Literal(read(each)) for each in _list(value)]
    return Literal(read(value))


def _reader(field: Field, op: str) -> Read:
    if op in _TEXTS:
        return checked_text
    type_ = field_type(field.type)
    if type_.many:
        return lambda value: type_.parse(field, [value])[0]
    return lambda value: type_.parse(field, value)


def _flag(op: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise BadFile(f"'{op}' takes true or false")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadFile("--where is a JSON object of fields and operators", '{"name": {"startsWith": "A"}}')
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise BadFile("a list is expected in --where", '{"grade": {"in": ["a", "b"]}}')
    return value
