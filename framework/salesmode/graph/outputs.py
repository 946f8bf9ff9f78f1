"""Records, their connections and edges."""

from collections.abc import Mapping

from salesmode.access.policy import FieldPolicy, ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, list_of, required, required_list_of
from salesmode.graph.history import ARGUMENTS
from salesmode.graph.opportunities import opportunity_view
from salesmode.graph.plugged import plugged_members
from salesmode.graph.view import View, kind_of
from salesmode.model.field import Field
from salesmode.model.names import pascal
from salesmode.model.object import Inverse, Object
from salesmode.model.published import choice_type
from salesmode.model.tag import TAG
from salesmode.pipelines.movers import shows_places
from salesmode.queries.references import LISTED, REFERENCES

_ALWAYS_THERE = ("id", "created_at", "updated_at", "version")  # RULING 21


def record(view: View, name: str, described: Object) -> Blueprint:
    """`Customer`: the fields and relations that the policy may read on some row."""
    return Blueprint(
        form="object",
        name=name,
        members=lambda: _members(view, view.granted(described)),
        description=view.said(described.label, described.help),
        interfaces=("Node",),
    )


def connection(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerConnection`: a page of records and what is known around it."""
    one = pascal(described.name)
    members = {
        "edges": required_list_of(f"{one}Edge"),
        "nodes": required_list_of(one),
        "pageInfo": required("PageInfo"),
        "totalCount": required("Int"),
        "aggregate": required(f"{one}Aggregate"),
    }
    return Blueprint(
        form="object",
        name=name,
        members=lambda: {each: field(type_) for each, type_ in members.items()},
        description=view.said(described.plural_label),
    )


def edge(_view: View, name: str, described: Object) -> Blueprint:
    """`CustomerEdge`: a record and its place in the order."""
    node = pascal(described.name)
    return Blueprint(
        form="object",
        name=name,
        members=lambda: {"node": field(required(node)), "cursor": field(required("String"))},
    )


def page_arguments(object_: Object) -> Mapping[str, str]:
    """The arguments of every connection."""
    one = pascal(object_.name)
    return {
        "where": f"{one}Where",
        "orderBy": list_of(f"{one}OrderBy"),
        "first": "Int",
        "after": "String",
        "last": "Int",
        "before": "String",
        "offset": "Int",
    }


def scalar_of(described: Field, object_: Object) -> str:
    """The name of the GraphQL type of one value of a field; a reference is an id."""
    scalar = kind_of(described).scalar
    if scalar != "enum":
        return "ID" if scalar == "reference" else scalar
    return "String" if described.open_options else choice_type(object_, described)


def _members(view: View, granted: ObjectPolicy) -> Mapping[str, Member]:
    members = {name: _member(view, granted.object, member) for name, member in view.outputs(granted)}
    ahead = {"nextStages": field(required_list_of("NextStage"))} if shows_places(granted) else {}
    ahead |= {"label": field(required("String"))} if granted.object.name == TAG else {}
    ahead |= opportunity_view(granted, view)
    ahead |= plugged_members(view, granted.object)
    return {**members, **ahead, "history": field(required("HistoryConnection"), None, ARGUMENTS)}


def _member(view: View, owner: Object, member: FieldPolicy | Inverse) -> Member:
    if isinstance(member, Inverse):
        target = view.model.objects[member.object]
        if member.tags:
            return field(required_list_of(pascal(target.name)), view.said(member.label))
        return field(
            required(f"{pascal(target.name)}Connection"), view.said(member.label), page_arguments(target)
        )
    described = member.field
    return field(_type(described, owner), view.said(described.label, described.help))


def _type(described: Field, owner: Object) -> str:
    if described.type in REFERENCES:
        return pascal(described.to or "")
    if described.type == "stage":
        return "Stage"
    if described.type == LISTED:
        return required_list_of(pascal(described.to or ""))
    name = scalar_of(described, owner)
    if kind_of(described).many:
        return list_of(name)
    return required(name) if described.system and described.name in _ALWAYS_THERE else name
