"""Root fields that look at pipelines as a whole, and their types: funnels (D14)."""

from collections.abc import Callable, Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, plain, required, required_list_of
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View
from salesmode.model.names import pascal
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE
from salesmode.pipelines.movers import shows_places

_FUNNEL = {
    **dict.fromkeys(("pipeline", "granularity", "label"), required("String")),
    "entered": required("Int"),
    **dict.fromkeys(("open", "won", "lost"), "Int"),
    "conversion": "Decimal",
}
_STAGE = {
    **dict.fromkeys(("stage", "label"), required("String")),
    "entered": required("Int"),
    "passed": "Int",
    **dict.fromkeys(("conversion", "medianDays", "meanDays"), "Decimal"),
}


def can_analyse(view: View, object_name: str) -> bool:
    """Whether the policy shows where records of the object stand."""
    return view.readable(object_name) and shows_places(view.policy.objects[object_name])


def analysis_field(kind: str, described: Object) -> Member:
    """One root field."""
    return _FIELDS[kind](described)


def funnel_type(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityFunnel`: what came of the records that entered a pipeline."""
    members = {**_FUNNEL, "stages": required_list_of(f"{name}Stage")}
    return plain(name, members) if shows_places(granted) else None


def funnel_stage(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityFunnelStage`: what came of those that entered one stage."""
    return plain(name, _STAGE) if shows_places(granted) else None


def _funnel(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "pipeline": required(scalar_of(described.fields[PIPELINE], described)),
        "where": f"{one}Where",
        **dict.fromkeys(("from", "to"), "Date"),
    }
    text = "How many records entered each stage in a period, how many came further, and how long they stayed."
    return field(required(f"{one}Funnel"), text, arguments)


_FIELDS: Mapping[str, Callable[[Object], Member]] = {"funnel": _funnel}
