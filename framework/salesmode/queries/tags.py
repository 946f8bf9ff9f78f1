"""The tags of a record: a plain list, oldest first, of those that their reader may see."""

from typing import Any

from sqlalchemy import ColumnElement, Text, case

from salesmode.access.scope import PolicyScope
from salesmode.conditions.scope import Source
from salesmode.conditions.tags import IS_EMPTY, TAG_OPERATORS, tagged, untagged
from salesmode.database.statement import slot_from
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.fieldtypes.sql import json_string, text_literal
from salesmode.model.condition import Condition, Literal
from salesmode.model.label import Label
from salesmode.model.object import Inverse
from salesmode.queries import nodes
from salesmode.queries.names import unknown
from salesmode.queries.page import MAX_SIZE

LABEL = "label"
_ORDER = ({"since": Literal("ASC")},)


def listed_tags(key: str, inverse: Inverse, record: nodes.Record) -> nodes.Many:
    """All tags of a record, as a list."""
    args = {"orderBy": list(_ORDER), "first": Literal(MAX_SIZE)}
    rows = nodes.Rows(record.object, (nodes.Nodes("nodes", record),), args)
    return nodes.Many(key, inverse, rows, plain=True)


def label_json(source: Source, scope: PolicyScope) -> ColumnElement[str]:
    """The tag's label in the caller's language, which is no part of a plan."""
    name = source.table.c.name
    labels = [
        (name == text_literal(each.name), _spoken(each.label))
        for each in scope.policy.objects[source.object.name].object.fields["name"].options
    ]
    return json_string(case(*labels, else_=name), scope.dialect)


def asks_for_tags(inverse: Inverse, operator: str) -> bool:
    """Whether a filter over the relation is about the tags' names alone."""
    return bool(inverse.tags) and operator in TAG_OPERATORS


def tags_condition(inverse: Inverse, operator: str, value: object) -> Condition:
    """Its condition; Refusal BAD_REQUEST for a name that the caller does not know."""
    if value == Literal(None):
        raise Refusal("BAD_REQUEST", Message("null_operand", {"name": operator}))
    if operator == IS_EMPTY:
        assert isinstance(value, Literal), "a flag is part of a plan"
        return untagged(inverse, empty=bool(value.value))
    leaves: list[Any] = value if isinstance(value, list) else [value]
    names = [str(leaf.value) for leaf in leaves]
    for name in names:
        if name not in inverse.tags:
            raise unknown(name)
    return tagged(inverse, operator, names)


def _spoken(label: Label) -> ColumnElement[str]:
    return slot_from(lambda environment: label.text(environment.locale), Text(), lambda text: text)
