"""First pass: every name of the selection is looked up in the policy, and nothing is left that is only a
name.

This is the only place where a selected name is resolved. An unknown and a forbidden name get the same
refusal.
"""

from collections.abc import Iterable

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.diagnostics.messages import Message
from salesmode.diagnostics.refusal import Refusal
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.names import camel, pascal
from salesmode.model.object import Inverse
from salesmode.queries import nodes
from salesmode.queries.pick import Pick

REFERENCES = ("reference", "user")
MEASURES = ("sum", "avg", "min", "max", "countDistinct")
_PAGE_FACTS = ("hasNextPage", "hasPreviousPage", "startCursor", "endCursor")


def unknown(name: str) -> Refusal:
    """The one refusal for a name that does not exist and for one that is not granted."""
    return Refusal("BAD_REQUEST", Message("unknown_name", {"name": name}))


def expand_selection(pick: Pick, policy: Policy) -> nodes.Root:
    """The plan tree of one root field, with arguments as the client gave them."""
    if pick.name == "viewer":
        return nodes.Viewer(record_of(policy.objects["user"], pick.picks, policy))
    for granted in policy.roots.values():
        if pick.name == camel(granted.object.plural):
            return _rows(granted, pick, policy)
        if pick.name == f"{camel(granted.object.name)}Aggregate":
            return _aggregation(granted, pick, listed=True)
        if pick.name == camel(granted.object.name):
            return nodes.Point(pick.args.get("id", Literal(None)), record_of(granted, pick.picks, policy))
    raise unknown(pick.name)


def readable_object(name: str | None, policy: Policy) -> ObjectPolicy:
    """The target of a relation; it is in the policy, or the relation would not be."""
    assert name is not None
    return policy.objects[name]


def record_of(granted: ObjectPolicy, picks: Iterable[Pick], policy: Policy) -> nodes.Record:
    """What is selected of one row."""
    return nodes.Record(granted.object, tuple(_item(granted, pick, policy) for pick in picks))


def _item(
    granted: ObjectPolicy, pick: Pick, policy: Policy
) -> nodes.TypeName | nodes.Value | nodes.One | nodes.Many:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, pascal(granted.object.name))
    match granted.members.get(pick.name):
        case FieldPolicy(field=field) if field.type in REFERENCES:
            return nodes.One(
                pick.key, field.name, record_of(readable_object(field.to, policy), pick.picks, policy)
            )
        case FieldPolicy(field=field):
            return nodes.Value(pick.key, field.name)
        case Inverse() as inverse:
            return nodes.Many(pick.key, inverse, _rows(readable_object(inverse.object, policy), pick, policy))
        case None:
            raise unknown(pick.name)


def _rows(granted: ObjectPolicy, pick: Pick, policy: Policy) -> nodes.Rows:
    parts = tuple(_part(granted, each, policy) for each in pick.picks)
    return nodes.Rows(granted.object, parts, dict(pick.args))


def _part(granted: ObjectPolicy, pick: Pick, policy: Policy) -> nodes.Part:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, f"{pascal(granted.object.name)}Connection")
        case "nodes":
            return nodes.Nodes(pick.key, record_of(granted, pick.picks, policy))
        case "edges":
            return nodes.Edges(pick.key, tuple(_edge(granted, each, policy) for each in pick.picks))
        case "pageInfo":
            return nodes.PageInfo(pick.key, tuple(_fact(each) for each in pick.picks))
        case "totalCount":
            return nodes.Total(pick.key)
        case "aggregate":
            return _aggregation(granted, pick, listed=False)
        case name:
            raise unknown(name)


def _aggregation(granted: ObjectPolicy, pick: Pick, *, listed: bool) -> nodes.Aggregation:
    items = tuple(_aggregate_item(granted, each) for each in pick.picks)
    return nodes.Aggregation(pick.key, granted.object, items, listed, dict(pick.args))


def _aggregate_item(granted: ObjectPolicy, pick: Pick) -> nodes.TypeName | nodes.Count | nodes.Measure | Pick:
    name = pascal(granted.object.name)
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, f"{name}Aggregate")
        case "count":
            return nodes.Count(pick.key)
        case "key":
            return pick
        case function if function in MEASURES:
            typename = f"{name}{function[0].upper()}{function[1:]}"
            items = tuple(_measured(granted, each, function, typename) for each in pick.picks)
            return nodes.Measure(pick.key, function, items)
        case other:
            raise unknown(other)


def _measured(
    granted: ObjectPolicy, pick: Pick, function: str, typename: str
) -> nodes.TypeName | nodes.Measured:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, typename)
    return nodes.Measured(pick.key, measurable(granted, pick.name, function).name)


def measurable(granted: ObjectPolicy, name: str, function: str) -> Field:
    """The field of that name if the caller may compare it and its type has the measure."""
    member = granted.members.get(name)
    if not isinstance(member, FieldPolicy) or not member.comparable:
        raise unknown(name)
    if function not in measures_of(member.field):
        raise unknown(name)
    return member.field


def _edge(
    granted: ObjectPolicy, pick: Pick, policy: Policy
) -> nodes.TypeName | nodes.EdgeCursor | nodes.EdgeNode:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, f"{pascal(granted.object.name)}Edge")
        case "cursor":
            return nodes.EdgeCursor(pick.key)
        case "node":
            return nodes.EdgeNode(pick.key, record_of(granted, pick.picks, policy))
        case name:
            raise unknown(name)


def _fact(pick: Pick) -> nodes.TypeName | nodes.PageFact:
    if pick.name == "__typename":
        return nodes.TypeName(pick.key, "PageInfo")
    if pick.name in _PAGE_FACTS:
        return nodes.PageFact(pick.key, pick.name)
    raise unknown(pick.name)
