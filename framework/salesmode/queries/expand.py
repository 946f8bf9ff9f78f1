"""First pass: every name of the selection is looked up in the policy, and nothing is left that is only a
name.

This is the only place where a selected name is resolved. An unknown and a forbidden name get the same
refusal.
"""

from collections.abc import Iterable
from typing import Any

from salesmode.access.policy import FieldPolicy, ObjectPolicy, Policy
from salesmode.fieldtypes.measures import measures_of
from salesmode.model.condition import Literal
from salesmode.model.field import Field
from salesmode.model.names import pascal
from salesmode.model.object import Inverse
from salesmode.model.published import ANALYSES, TAG_FUNNEL
from salesmode.model.tag import TAG
from salesmode.pipelines.movers import shows_places
from salesmode.queries import nodes
from salesmode.queries.expand_analysis import analysis_of
from salesmode.queries.expand_history import history_of
from salesmode.queries.expand_opportunities import opportunities_of
from salesmode.queries.expand_stages import next_stages_of, stage_of
from salesmode.queries.names import page_fact, unknown
from salesmode.queries.pick import Pick
from salesmode.queries.references import LISTED, REFERENCES
from salesmode.queries.tags import listed_tags

LEAVING = "$leaving"
"""An argument that no client can give: the record is about to be deleted."""

HOLE = "$hole"
"""A field that no client can name: `number` and `needs` of a hole."""

MEASURES = ("sum", "avg", "min", "max", "countDistinct")


def expand_selection(pick: Pick, policy: Policy) -> nodes.Root:
    """The plan tree of one root field, with arguments as the client gave them."""
    match pick.name:
        case "viewer":
            return nodes.Viewer(record_of(policy.objects["user"], pick.picks, policy))
        case "node":
            return nodes.AnyPoint(pick.args["id"], any_record(pick.picks, policy))
        case "search":
            return _search(pick, policy)
    root = policy.root(pick.name)
    if root is None:
        raise unknown(pick.name)
    kind, granted = root
    match kind:
        case "list":
            return _rows(granted, pick, policy)
        case "aggregate":
            return _aggregation(granted, pick, listed=True)
        case analysis if analysis in ANALYSES or analysis == TAG_FUNNEL:
            return analysis_of(
                analysis,
                granted,
                pick,
                policy,
                lambda name, picks: record_of(readable_object(name, policy), picks, policy),
            )
        case _:
            record = record_of(granted, pick.picks, policy)
            return nodes.Point(pick.args["id"], record, leaving=LEAVING in pick.args)


def any_record(picks: Iterable[Pick], policy: Policy) -> tuple[nodes.Record, ...]:
    """A record of any type: one Pick for each object, named like its root field."""
    found = []
    for pick in picks:
        root = policy.root(pick.name)
        if root is None or root[0] != "point":
            raise unknown(pick.name)
        found.append(record_of(root[1], pick.picks, policy))
    return tuple(found)


def _search(pick: Pick, policy: Policy) -> nodes.Search:
    given = pick.args.get("objects", Literal(None))
    names = list(policy.readable) if given == Literal(None) else [leaf.value for leaf in literals(given)]
    for name in names:
        if name not in policy.readable:
            raise unknown(str(name))
    items = tuple(_hit_item(each, policy) for each in pick.picks)
    asked = (policy.objects[name] for name in policy.readable if name in names)
    objects = tuple(each.object for each in asked if searchable(each))
    return nodes.Search(pick.args["text"], objects, items, pick.args.get("first", Literal(None)))


def literals(given: Any) -> list[Literal]:
    """A list of enum values as its leaves."""
    if isinstance(given, Literal) and isinstance(given.value, tuple | list):
        return [Literal(each) for each in given.value]
    return list(given) if isinstance(given, list) else [given]


def searchable(granted: ObjectPolicy) -> list[Field]:
    """The fields that a search of this object looks into: searchable ones that the caller may compare."""
    return [each.field for each in granted.fields.values() if each.field.searchable and each.comparable]


def _hit_item(pick: Pick, policy: Policy) -> nodes.TypeName | nodes.HitFact | nodes.HitRecord:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, "SearchHit")
        case "object" | "id" | "title":
            return nodes.HitFact(pick.key, pick.name)
        case "record":
            return nodes.HitRecord(pick.key, any_record(pick.picks, policy))
        case name:
            raise unknown(name)


def readable_object(name: str | None, policy: Policy) -> ObjectPolicy:
    """The target of a relation; it is in the policy, or the relation would not be."""
    assert name is not None
    return policy.objects[name]


def record_of(granted: ObjectPolicy, picks: Iterable[Pick], policy: Policy) -> nodes.Record:
    """What is selected of one row."""
    return nodes.Record(granted.object, tuple(_item(granted, pick, policy) for pick in picks))


def _item(granted: ObjectPolicy, pick: Pick, policy: Policy) -> nodes.Item:
    match pick.name:
        case "__typename":
            return nodes.TypeName(pick.key, pascal(granted.object.name))
        case name if name == HOLE:
            return _hole(granted, pick)
        case "history":
            return history_of(pick, lambda picks: record_of(policy.objects["user"], picks, policy))
        case "nextStages" if shows_places(granted):
            return next_stages_of(pick)
        case "label" if granted.object.name == TAG:
            return nodes.TagLabel(pick.key)
        case "opportunityView" if granted.object.name in policy.lines:
            return opportunities_of(pick, granted, policy, lambda picks: any_record(picks, policy))
    return _member(granted, pick, policy)


def _hole(granted: ObjectPolicy, pick: Pick) -> nodes.Hole:
    needs = tuple(pick.args["needs"].value)
    for name in needs:
        if name not in granted.fields or not granted.fields[name].comparable:
            raise unknown(name)
    return nodes.Hole(pick.key, pick.args["number"].value, needs)


def _member(granted: ObjectPolicy, pick: Pick, policy: Policy) -> nodes.Item:
    match granted.members.get(pick.name):
        case FieldPolicy(field=field) if field.type in REFERENCES:
            return nodes.One(
                pick.key, field.name, record_of(readable_object(field.to, policy), pick.picks, policy)
            )
        case FieldPolicy(field=field) if field.type == "stage" and pick.picks:
            return stage_of(pick, field)
        case FieldPolicy(field=field) if field.type == LISTED:
            target = readable_object(field.to, policy)
            return nodes.Listed(pick.key, field.name, record_of(target, pick.picks, policy))
        case FieldPolicy(field=field):
            return nodes.Value(pick.key, field.name)
        case Inverse() as inverse if inverse.tags:
            tag = readable_object(inverse.object, policy)
            return listed_tags(pick.key, inverse, record_of(tag, pick.picks, policy))
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
            return nodes.PageInfo(pick.key, tuple(page_fact(each) for each in pick.picks))
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
            typename = f"{name}Aggregate{function[0].upper()}{function[1:]}"
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
