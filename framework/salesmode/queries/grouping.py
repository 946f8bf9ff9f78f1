"""Second pass: `groupBy` becomes groups, `key` finds its values among them, `orderBy` its keys
(RULING 33).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from salesmode.access.policy import ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.fieldtypes.buckets import BUCKETS
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.names import camel, pascal
from salesmode.queries import nodes
from salesmode.queries.expand import MEASURES, measurable, readable_object, record_of
from salesmode.queries.names import unknown
from salesmode.queries.page import checked, size_of
from salesmode.queries.pick import Leaf, Pick
from salesmode.queries.references import REFERENCES
from salesmode.queries.walk import each_aggregation


def group_rows(root: nodes.Root, policy: Policy) -> nodes.Root:
    """Every aggregation's groups, keys, order and size."""
    return each_aggregation(root, lambda found: _grouped(found, policy))


def _grouped(found: nodes.Aggregation, policy: Policy) -> nodes.Aggregation:
    granted = policy.objects[found.object.name]
    groups = tuple(_group(entry, granted, (), policy) for entry in _entries(found, "groupBy"))
    places = [(group.path, group.field) for group in groups]
    if len(set(places)) < len(places):
        raise Refusal("BAD_REQUEST", Message("group_twice"))
    items = tuple(_item(item, granted, groups, policy) for item in found.items)
    order = tuple(_order_key(entry, granted, groups, policy) for entry in _entries(found, "orderBy"))
    return replace(found, groups=groups, items=items, order=order, size=_size(found))


def _size(found: nodes.Aggregation) -> Leaf | None:
    """How many groups were asked for; None: all of them."""
    size = found.args.get("first", Literal(None))
    return None if size == Literal(None) else checked(size, size_of)


def _entries(found: nodes.Aggregation, name: str) -> list[Any]:
    given = found.args.get(name, Literal(None))
    return [] if given == Literal(None) else list(given)


def _group(entry: Any, granted: ObjectPolicy, path: tuple[str, ...], policy: Policy) -> nodes.Group:
    if not isinstance(entry, Mapping):
        raise Refusal("BAD_REQUEST", Message("one_group"))
    if "field" in entry:
        return _last_group(entry, granted, path)
    if len(entry) != 1:
        raise Refusal("BAD_REQUEST", Message("one_group"))
    ((name, below),) = entry.items()
    field = _groupable(granted, name)
    if field.type not in REFERENCES:
        raise unknown(name)
    return _group(below, readable_object(field.to, policy), (*path, field.name), policy)


def _last_group(entry: Mapping[str, Any], granted: ObjectPolicy, path: tuple[str, ...]) -> nodes.Group:
    if set(entry) - {"field", "by"} or not isinstance(entry["field"], Literal):
        raise Refusal("BAD_REQUEST", Message("one_group"))
    field = _groupable(granted, str(entry["field"].value))
    by = entry.get("by", Literal(None)).value
    if by is not None and by not in BUCKETS.get(field.type, ()):
        raise Refusal("BAD_REQUEST", Message("no_bucket", {"name": camel(field.name)}))
    return nodes.Group(path, field.name, by)


def _groupable(granted: ObjectPolicy, name: str) -> Field:
    """A field that rows can be grouped by: one whose values can be told apart."""
    return measurable(granted, name, "countDistinct")


def _item(item: Any, granted: ObjectPolicy, groups: tuple[nodes.Group, ...], policy: Policy) -> Any:
    if not isinstance(item, Pick):
        return item
    typename = f"{pascal(granted.object.name)}AggregateKey"
    return _key_object(item, granted, (), groups, policy, typename=typename)


def _key_object(
    pick: Pick,
    granted: ObjectPolicy,
    path: tuple[str, ...],
    groups: tuple[nodes.Group, ...],
    policy: Policy,
    *,
    typename: str,
) -> nodes.KeyObject:
    items: list[nodes.KeyItem] = []
    for each in pick.picks:
        if each.name == "__typename":
            items.append(nodes.TypeName(each.key, typename))
        else:
            items.append(_key_item(each, granted, path, groups, policy))
    return nodes.KeyObject(pick.key, tuple(items))


def _key_item(
    pick: Pick, granted: ObjectPolicy, path: tuple[str, ...], groups: tuple[nodes.Group, ...], policy: Policy
) -> nodes.KeyItem:
    field = _groupable(granted, pick.name)
    place = next(
        (at for at, group in enumerate(groups) if (group.path, group.field) == (path, field.name)), None
    )
    if field.type not in REFERENCES:
        return nodes.KeyNull(pick.key) if place is None else nodes.KeyValue(pick.key, place)
    target = readable_object(field.to, policy)
    if place is not None:
        return nodes.KeyRecord(pick.key, place, record_of(target, pick.picks, policy))
    below = (*path, field.name)
    if not any(group.path[: len(below)] == below for group in groups):
        return nodes.KeyNull(pick.key)
    return _key_object(pick, target, below, groups, policy, typename=pascal(target.object.name))


def _order_key(
    entry: Any, granted: ObjectPolicy, groups: tuple[nodes.Group, ...], policy: Policy
) -> nodes.AggregateKey:
    name, value = _single(entry)
    if name == "count":
        return nodes.AggregateKey(None, "count", descending=_descending(value))
    if name == "key":
        return _order_by_group(value, granted, (), groups, policy)
    if name not in MEASURES:
        raise unknown(name)
    field, direction = _single(value)
    return nodes.AggregateKey(
        None, name, measurable(granted, field, name).name, descending=_descending(direction)
    )


def _order_by_group(
    entry: Any, granted: ObjectPolicy, path: tuple[str, ...], groups: tuple[nodes.Group, ...], policy: Policy
) -> nodes.AggregateKey:
    name, value = _single(entry)
    field = _groupable(granted, name)
    for at, group in enumerate(groups):
        if (group.path, group.field) == (path, field.name) and isinstance(value, Literal):
            return nodes.AggregateKey(at, descending=_descending(value))
    if field.type in REFERENCES and isinstance(value, Mapping):
        return _order_by_group(value, readable_object(field.to, policy), (*path, field.name), groups, policy)
    raise Refusal("BAD_REQUEST", Message("not_grouped", {"name": name}))


def _single(entry: Any) -> tuple[str, Any]:
    if not isinstance(entry, Mapping) or len(entry) != 1:
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    ((name, value),) = entry.items()
    return name, value


def _descending(value: Any) -> bool:
    if not isinstance(value, Literal) or value.value not in ("ASC", "DESC"):
        raise Refusal("BAD_REQUEST", Message("one_order_key"))
    return bool(value.value == "DESC")
