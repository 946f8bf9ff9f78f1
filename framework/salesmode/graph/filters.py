"""What `where` takes: operators per scalar, fields per object, quantifiers per to-many."""

from collections.abc import Mapping
from functools import cache

from salesmode.access.policy import ObjectPolicy
from salesmode.fieldtypes import field_type
from salesmode.graph.blueprint import Blueprint, Member, field, list_of
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.queries.references import REFERENCES

LISTS = ("in", "notIn", "between", "hasAny", "hasAll")
FLAGS = ("isNull", "isEmpty")
_IDS = ("under",)

_FILTERS: Mapping[str, tuple[str, str]] = {
    "StringFilter": ("text", "String"),
    "IntFilter": ("integer", "Int"),
    "BigIntFilter": ("big_integer", "BigInt"),
    "DecimalFilter": ("decimal", "Decimal"),
    "BooleanFilter": ("boolean", "Boolean"),
    "DateFilter": ("date", "Date"),
    "DateTimeFilter": ("datetime", "DateTime"),
    "JSONFilter": ("json", "JSON"),
    "IDFilter": ("id", "ID"),
    "StringListFilter": ("multi_choice", "String"),
    "IDListFilter": ("multi_reference", "ID"),
}


def scalar_filter(name: str) -> Blueprint | None:
    """`DecimalFilter` and its like: the operators of a scalar; None for a name that is none of them."""
    if name not in _FILTERS:
        return None
    return Blueprint(form="input", name=name, members=lambda: operators_of(*_FILTERS[name]))


def operators_of(kind: str, scalar: str) -> dict[str, Member]:
    """The operators of a type of field over a type of GraphQL."""
    return _operators(field_type(kind).operators, scalar)


def choice_filter(_view: View, name: str, granted: ObjectPolicy, described: Field) -> Blueprint:
    """`CustomerGradeFilter`: the operators over the options of one choice."""
    options = scalar_of(described, granted.object)
    return Blueprint(
        form="input", name=name, members=lambda: _operators(kind_of(described).operators, options)
    )


def where(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerWhere`: everything comparable, the to-many relations, and `and or not`."""
    return Blueprint(
        form="input",
        name=name,
        members=lambda: _conditions(view, view.granted(described)),
        description=view.said(described.label),
        extensions={"fields": cache(lambda: dict(view.comparable(view.granted(described))))},
    )


def reference_where(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerReferenceWhere`: the record that a reference points to, and which one it is."""
    return Blueprint(
        form="input",
        name=name,
        members=lambda: _conditions_of_target(view, view.granted(described)),
        description=view.said(described.label),
        extensions={"fields": cache(lambda: dict(view.comparable(view.granted(described))))},
    )


def list_where(_view: View, name: str, described: Object) -> Blueprint:
    """`CustomerListWhere`: some, none or every one of a to-many."""
    inner = f"{pascal(described.name)}Where"
    return Blueprint(
        form="input",
        name=name,
        members=lambda: {each: field(inner) for each in ("some", "none", "every")},
    )


def _conditions(view: View, granted: ObjectPolicy) -> dict[str, Member]:
    own = f"{pascal(granted.object.name)}Where"
    members = {"and": field(list_of(own)), "or": field(list_of(own)), "not": field(own)}
    for name, described in view.comparable(granted):
        text = view.said(described.label, described.help)
        members[name] = field(_filter_of(described, granted.object), text)
    for name, inverse in view.inverses(granted):
        listed = f"{pascal(inverse.object)}List"
        taken = f"{pascal(granted.object.name)}Tags" if inverse.tags else listed
        members[name] = field(f"{taken}Where", view.said(inverse.label))
    return members


def _conditions_of_target(view: View, granted: ObjectPolicy) -> dict[str, Member]:
    return {**_conditions(view, granted), **_operators(_reference_operators(granted), "ID")}


def _filter_of(described: Field, owner: Object) -> str:
    if described.type in REFERENCES:
        return f"{pascal(described.to or '')}ReferenceWhere"
    listed = kind_of(described).many and (described.open_options or not described.options)
    return f"{scalar_of(described, owner)}{'List' if listed else ''}Filter"


def _reference_operators(granted: ObjectPolicy) -> tuple[str, ...]:
    """`under` only where the target is a tree whose parent may be compared."""
    tree = any(each.field.tree and each.comparable for each in granted.fields.values())
    return tuple(each for each in field_type("reference").operators if tree or each not in _IDS)


def _operators(operators: tuple[str, ...], scalar: str) -> dict[str, Member]:
    return {camel(name): field(_operand(name, scalar)) for name in operators}


def _operand(operator: str, scalar: str) -> str:
    if operator in FLAGS:
        return "Boolean"
    if operator in _IDS:
        return "ID"
    return list_of(scalar) if operator in LISTS else scalar
