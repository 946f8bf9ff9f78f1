"""Fourth pass: `orderBy` becomes keys, through references too, and the id breaks ties (RULING 34)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.fieldtypes import field_type
from salesmode.model.condition import Literal
from salesmode.queries import nodes
from salesmode.queries.expand import readable_object
from salesmode.queries.names import unknown
from salesmode.queries.references import REFERENCES
from salesmode.queries.walk import each_rows

_LAST = nodes.OrderKey((), "id")


def order_rows(root: nodes.Root, policy: Policy) -> nodes.Root:
    """Every connection's order; without `orderBy` it is the saved one, or the id, which is the order of
    creation.
    """
    return each_rows(root, lambda rows: replace(rows, order=_order(rows, policy)))


def _order(rows: nodes.Rows, policy: Policy) -> tuple[nodes.OrderKey, ...]:
    given = rows.args.get("orderBy", Literal(None))
    entries = [] if given == Literal(None) else given
    granted = policy.objects[rows.object.name]
    keys: list[nodes.OrderKey] = []
    for key in [_key(entry, granted, (), policy) for entry in entries] or rows.order:
        if all((key.path, key.field) != (each.path, each.field) for each in keys):
            keys.append(key)
    names = [(key.path, key.field) for key in keys]
    return tuple(keys[: names.index(((), "id")) + 1]) if ((), "id") in names else (*keys, _LAST)


def _key(entry: Any, granted: ObjectPolicy, path: tuple[str, ...], policy: Policy) -> nodes.OrderKey:
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    ((name, value),) = entry.items()
    member = granted.members.get(name)
    if not isinstance(member, FieldPolicy) or not member.comparable:
        raise unknown(name)
    field = member.field
    if field.type in REFERENCES:
        return _key(value, readable_object(field.to, policy), (*path, field.name), policy)
    if not field_type(field.type).orderable:
        raise unknown(name)
    if not isinstance(value, Literal) or value.value not in ("ASC", "DESC"):
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    return nodes.OrderKey(path, field.name, value.value == "DESC")
