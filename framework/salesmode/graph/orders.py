"""What `orderBy` and `groupBy` take, through references too, and the enum of an object's fields."""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.fieldtypes.measures import measures_of
from salesmode.graph.blueprint import Blueprint, Member, field
from salesmode.graph.view import View
from salesmode.model.names import camel, pascal
from salesmode.model.object import Object
from salesmode.queries.references import REFERENCES

OWN_KEYS = ("field", "by")
"""Keys of a group's own; a reference of such a name can be grouped by, and not through."""


def order_by(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerOrderBy`: one field with a direction, or one reference with an order of its target."""

    def members() -> dict[str, Member]:
        granted = view.granted(described)
        return {**_directions(view, granted), **_onward(view, granted)}

    return Blueprint(form="input", name=name, members=members)


def group_by(view: View, name: str, described: Object) -> Blueprint:
    """`CustomerGroupBy`: a field, with a bucket for dates, or a reference with a grouping of its target."""
    return Blueprint(form="input", name=name, members=lambda: _groups(view, view.granted(described)))


def field_enum(view: View, name: str, granted: ObjectPolicy) -> Blueprint:
    """`CustomerField`: the fields whose values can be told apart, in camelCase (RULING 31)."""
    return Blueprint(
        form="enum",
        name=name,
        members=lambda: {
            name: view.said(each.label)
            for name, each in view.comparable(granted)
            if "countDistinct" in measures_of(each)
        },
    )


def masked_field_enum(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`CustomerMaskedField`: what may be unmasked, if it is masked."""
    fields = granted.unmaskable
    members = {camel(each): view.said(granted.fields[each].field.label) for each in fields}
    return Blueprint(form="enum", name=name, members=lambda: members) if fields else None


def _directions(view: View, granted: ObjectPolicy) -> dict[str, Member]:
    return {name: field("SortDirection", view.said(each.label)) for name, each in view.ordered(granted)}


def _onward(view: View, granted: ObjectPolicy) -> dict[str, Member]:
    return {
        name: field(f"{pascal(each.to or '')}OrderBy", view.said(each.label))
        for name, each in view.comparable(granted)
        if each.type in REFERENCES
    }


def _groups(view: View, granted: ObjectPolicy) -> Mapping[str, Member]:
    members = {
        "field": field(f"{pascal(granted.object.name)}Field"),
        "by": field("DateBucket"),
    }
    for name, each in view.comparable(granted):
        if each.type in REFERENCES and name not in OWN_KEYS:
            members[name] = field(f"{pascal(each.to or '')}GroupBy", view.said(each.label))
    return members
