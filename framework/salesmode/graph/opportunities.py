"""`opportunityView` of a record: whether it is there, and of which records (RULING 38)."""

from collections.abc import Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Member, field, list_of, required
from salesmode.graph.view import View
from salesmode.pipelines.lines import seen_lines, tree_field

TYPE = "OpportunityView"
RECORD = f"{TYPE}Record"


def opportunity_objects(view: View) -> tuple[str, ...]:
    """The objects whose records the policy shows as opportunities of some object, tags among them."""
    customers = (view.policy.objects[name] for name in view.policy.lines if view.readable(name))
    found = (line.object for each in customers for line in seen_lines(each, view.policy))
    return tuple(dict.fromkeys(found))


def opportunity_view(granted: ObjectPolicy, view: View) -> Mapping[str, Member]:
    """The member of a record, where the policy shows opportunities of it."""
    if not seen_lines(granted, view.policy):
        return {}
    arguments = {
        "where": f"{TYPE}Where",
        "orderBy": list_of(f"{TYPE}OrderBy"),
        **dict.fromkeys(("first", "last", "offset"), "Int"),
        **dict.fromkeys(("after", "before"), "String"),
    }
    arguments |= {"below": "Boolean"} if tree_field(granted) is not None else {}
    text = "Opportunities in all granularities: what is open first, then what closes first."
    return {"opportunityView": field(required(f"{TYPE}Connection"), text, arguments)}
