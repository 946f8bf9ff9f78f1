"""Fields of Mutation as parts of a plan: what is written comes later, how it is read back is planned."""

from collections.abc import Mapping
from typing import Any

from graphql import get_named_type

from salesmode.access.disclosure import RECORD, unmasking
from salesmode.access.policy import ObjectPolicy
from salesmode.access.scope import PolicyScope
from salesmode.database.statement import Statement
from salesmode.graph.plans import Constant, Returned, Transfer, Write
from salesmode.graph.raw import raw_of
from salesmode.graph.selection import Nodes, Selection
from salesmode.graph.tagging import promoted_object
from salesmode.graph.view import View
from salesmode.model.condition import Argument, Literal
from salesmode.model.names import camel
from salesmode.model.object import Object
from salesmode.model.snapshot import SNAPSHOT
from salesmode.queries.cost import FilterLimits, limit_filters
from salesmode.queries.expand import LEAVING
from salesmode.queries.filters import condition_of
from salesmode.queries.pick import Pick
from salesmode.queries.planner import plan

ID, IDS, WRITTEN = RECORD, "$ids", "$written"
_INPUT = "input"
_NAMES = ("where", "by", "fields")


def planned_transfer(key: str, nodes: Nodes, selection: Selection) -> Transfer:
    """`transferOwnership`; its payload is what was done."""
    definition = selection.document.root.fields[nodes[0].name.value]
    arguments = selection.trees.arguments(definition, nodes[0])
    return Transfer(key, arguments, selection.below(get_named_type(definition.type), nodes))


def planned_write(key: str, nodes: Nodes, selection: Selection, scope: PolicyScope) -> Write:
    """One mutation; its payload is read back under the caller's policy like any other record."""
    document = selection.document
    name = nodes[0].name.value
    definition = document.root.fields[name]
    derived = document.schema.view.published.mutations[name]
    granted = scope.policy.objects[derived.object]
    arguments = selection.trees.arguments(definition, nodes[0], without=_INPUT)
    given = next((each.value for each in nodes[0].arguments if each.name.value == _INPUT), None)
    picks = selection.below(get_named_type(definition.type), nodes)
    limits = selection.trees.limits
    fields = _field_names(arguments.get("fields", []), granted.object)
    where = condition_of(arguments["where"], granted, scope.policy) if "where" in arguments else None
    limit_filters([where] if where else [], limits.filters)
    payload = get_named_type(definition.type).name
    answered = _answered(derived.kind, granted, document.schema.view)
    if derived.kind == "unmask":
        scope = PolicyScope(scope.tables, unmasking(scope.policy, derived.object, fields))
    return Write(
        key=key,
        kind=derived.kind,
        object=derived.object,
        arguments={each: tree for each, tree in arguments.items() if each not in _NAMES},
        input=None if given is None else raw_of(given),
        input_type=definition.args[_INPUT].type if _INPUT in definition.args else None,
        returned=[
            _returned(pick, answered, scope, payload, leaving=derived.kind == "delete", limits=limits.filters)
            for pick in picks
        ],
        by=_field_names(arguments.get("by", []), granted.object),
        fields=fields,
        where=where,
        limits=limits,
    )


def _answered(kind: str, granted: ObjectPolicy, view: View) -> Object:
    """Whose record the payload has: the new one of a promotion, or the snapshot."""
    if kind == "take_snapshot":
        return view.policy.objects[SNAPSHOT].object
    return promoted_object(view, granted) if kind == "promote_tag" else granted.object


def _field_names(by: Any, described: Object) -> tuple[str, ...]:
    """What the enum's values are called in the model."""
    names = {camel(name): name for name in described.fields}
    return tuple(names[each.value] for each in by)


def _returned(
    pick: Pick, described: Object, scope: PolicyScope, payload: str, *, leaving: bool, limits: FilterLimits
) -> Returned | Constant:
    match pick.name:
        case "__typename":
            return Constant(pick.key, f'"{payload}"'.encode())
        case "id" | "count":
            return Returned(pick.key, pick.name)
        case "nodes":
            return Returned(pick.key, "nodes", _nodes(pick, described, scope, limits))
        case _:
            arguments = {"id": Argument((ID,))} | ({LEAVING: Literal(True)} if leaving else {})
            record = Pick("record", camel(described.name), arguments, pick.picks)
            return Returned(pick.key, "record", plan(record, scope, limits))


def _nodes(pick: Pick, described: Object, scope: PolicyScope, limits: FilterLimits) -> Statement:
    """The written rows in the order of their ids, which is the order in which they were created."""
    written = {"id": {"in": Argument((IDS,))}}
    arguments: Mapping[str, Any] = {"where": written, "first": Argument((WRITTEN,))}
    nodes = Pick("nodes", "nodes", {}, pick.picks)
    return plan(Pick("records", camel(described.plural), arguments, (nodes,)), scope, limits)
