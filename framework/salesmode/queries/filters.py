"""Third pass: `where` arguments become conditions, name by name through the policy.

The condition is compiled later in the policy's scope, so at every hop the caller's rights hold (RULING 9).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import (
    Argument,
    Compare,
    Condition,
    Literal,
    Not,
    Over,
    Through,
    both,
    either,
)
from salesmode.model.field import Field
from salesmode.model.names import camel
from salesmode.model.object import Inverse
from salesmode.queries import nodes
from salesmode.queries.expand import readable_object
from salesmode.queries.names import unknown
from salesmode.queries.references import REFERENCES
from salesmode.queries.tags import asks_for_tags, tags_condition
from salesmode.queries.walk import each_aggregation, each_rows

_QUANTIFIERS = ("some", "none", "every")


def filter_rows(root: nodes.Root, policy: Policy) -> nodes.Root:
    """Every connection's and every aggregation's `where`, which narrows what is saved."""
    filtered = each_rows(root, lambda rows: replace(rows, where=_where(rows, policy)))
    return each_aggregation(filtered, lambda found: replace(found, where=_where(found, policy)))


def _where(rows: nodes.Rows | nodes.Aggregation, policy: Policy) -> Condition:
    given = rows.args.get("where", Literal(None))
    if given == Literal(None):
        return rows.where
    return both(rows.where, condition_of(given, policy.objects[rows.object.name], policy))


def condition_of(where: Mapping[str, Any], granted: ObjectPolicy, policy: Policy) -> Condition:
    """The condition that a `where` tree describes; Refusal BAD_REQUEST for a name that is not granted."""
    return both(*(_entry(name, value, granted, policy) for name, value in _mapping(where).items()))


def _entry(name: str, value: Any, granted: ObjectPolicy, policy: Policy) -> Condition:
    match name:
        case "and":
            return both(*(condition_of(each, granted, policy) for each in _sequence(value)))
        case "or":
            return either(*(condition_of(each, granted, policy) for each in _sequence(value)))
        case "not":
            return Not(condition_of(value, granted, policy))
    match granted.members.get(name):
        case FieldPolicy() as member if member.comparable:
            return _field(member.field, _mapping(value), policy)
        case Inverse() as inverse:
            return _to_many(inverse, _mapping(value), policy)
        case _:
            raise unknown(name)


def _field(field: Field, operations: Mapping[str, Any], policy: Policy) -> Condition:
    if not operations:
        raise _says_nothing(field.name)
    operators = _operators(field, policy)
    atoms = [_atom(field, name, value) for name, value in operations.items() if name in operators]
    nested = {name: value for name, value in operations.items() if name not in operators}
    if nested and field.type not in REFERENCES:
        raise unknown(next(iter(nested)))
    if nested:
        target = readable_object(field.to, policy)
        atoms.append(Through(field.name, condition_of(nested, target, policy)))
    return both(*atoms)


def _operators(field: Field, policy: Policy) -> Sequence[str]:
    """`under` walks a tree, which the caller must be able to compare."""
    operators = field_type(field.type).operators
    if "under" not in operators:
        return operators
    target = readable_object(field.to, policy).fields.values()
    tree = any(each.field.tree and each.comparable for each in target)
    return operators if tree else [each for each in operators if each != "under"]


def _atom(field: Field, op: str, value: Any) -> Condition:
    if op == "between":
        lower, upper = _bounds(value)
        return Compare(field.name, op, lower, upper)
    leaf = Literal(tuple(_constant(each) for each in value)) if isinstance(value, list) else value
    if not isinstance(leaf, Literal | Argument):
        raise unknown(op)
    if leaf == Literal(None):
        raise Refusal("BAD_REQUEST", Message("null_operand", {"name": op}))
    return Compare(field.name, op, leaf)


def _bounds(value: Any) -> tuple[Literal | Argument, Literal | Argument]:
    items = [Literal(each) for each in value.value] if _is_literal_list(value) else value
    if not isinstance(items, Sequence) or len(items) != 2 or Literal(None) in items:
        raise Refusal("BAD_REQUEST", Message("two_bounds"))
    return items[0], items[1]


def _is_literal_list(value: Any) -> bool:
    return isinstance(value, Literal) and isinstance(value.value, tuple | list)


def _constant(leaf: Any) -> object:
    assert isinstance(leaf, Literal), "a list of a request is one leaf, or literals"
    return leaf.value


def _to_many(inverse: Inverse, quantified: Mapping[str, Any], policy: Policy) -> Condition:
    target = readable_object(inverse.object, policy)
    if not quantified:
        raise _says_nothing(inverse.name)
    return both(*(_quantified(inverse, *each, target, policy) for each in quantified.items()))


def _quantified(inverse: Inverse, name: str, value: Any, target: ObjectPolicy, policy: Policy) -> Condition:
    if asks_for_tags(inverse, name):
        return tags_condition(inverse, name, value)
    if name not in _QUANTIFIERS:
        raise unknown(name)
    return Over(inverse.name, name, condition_of(value, target, policy))


def _says_nothing(name: str) -> Refusal:
    """A filter whose operands were not given would widen what is asked for, and is refused instead."""
    return Refusal("BAD_REQUEST", Message("empty_filter", {"name": camel(name)}))


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Refusal("BAD_REQUEST", Message("null_filter"))
    return value


def _sequence(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise Refusal("BAD_REQUEST", Message("null_filter"))
    return value
