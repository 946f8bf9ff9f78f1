"""Root fields that look at pipelines as a whole, and their types: funnels, forecasts, and
rates of wins (D14, D33, D34).
"""

from collections.abc import Callable, Mapping

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, Member, field, list_of, plain, required, required_list_of
from salesmode.graph.outputs import scalar_of
from salesmode.graph.view import View
from salesmode.model.names import pascal
from salesmode.model.object import Object
from salesmode.model.pipeline import PIPELINE
from salesmode.model.published import TAG_FUNNEL
from salesmode.model.snapshot import SNAPSHOT
from salesmode.pipelines.dimensions import (
    BY_PIPELINE,
    BY_STAGE,
    CATEGORY,
    DELIVERY,
    GRANULARITY,
    GROUP,
    MONTH,
    comparison_dimensions,
    dimensions,
    quantities,
    rate_dimensions,
    record_of,
)
from salesmode.pipelines.movers import shows_analysis, shows_places, shows_stays

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


_TAG_FUNNEL = {
    **dict.fromkeys(("tag", "label"), required("String")),
    "line": "String",
    **dict.fromkeys(("entered", "open", "promoted"), required("Int")),
    "conversion": "Decimal",
}
_STATE = {**dict.fromkeys(("state", "label"), required("String")), "count": required("Int")}
_QUANTITY = {"quantity": "Decimal"}
_LINE = {"count": required("Int"), "amount": "Decimal", "weighted": "Decimal"}
_RATE = {
    **dict.fromkeys(("won", "closed"), required("Int")),
    **dict.fromkeys(("rate", "low", "high"), "Decimal"),
    "enough": required("Boolean"),
}
_COMPARED = {"count": required("Int"), **dict.fromkeys(("amountThen", "amountNow"), "Decimal")}
_KEYS: Mapping[str, str] = {
    CATEGORY: "ForecastCategory",
    **dict.fromkeys((GRANULARITY, BY_PIPELINE), "String"),
    **dict.fromkeys((MONTH, DELIVERY), "Date"),
    BY_STAGE: "String",
    GROUP: required("SnapshotGroup"),
}


def can_analyse(view: View, object_name: str, kind: str) -> bool:
    """Whether the policy shows what the analysis is about: where records of the object stand, and what that
    is compared with; or their tags.
    """
    if kind == TAG_FUNNEL:
        return view.readable(object_name) and bool(view.policy.objects[object_name].tags)
    compared = kind != "snapshot_comparison" or view.readable(SNAPSHOT)
    return compared and view.readable(object_name) and shows_analysis(view.policy.objects[object_name], kind)


def analysis_field(kind: str, described: Object) -> Member:
    """One root field."""
    return _FIELDS[kind](described)


def funnel_type(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityFunnel`: what came of the records that entered a pipeline."""
    members = {**_FUNNEL, "stages": required_list_of(f"{name}Stage")}
    return plain(name, members) if shows_stays(granted) else None


def funnel_stage(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityFunnelStage`: what came of those that entered one stage."""
    return plain(name, _STAGE) if shows_stays(granted) else None


def tag_funnel_type(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`HouseholdTagFunnel`: what came of a tag."""
    members = {**_TAG_FUNNEL, "states": required_list_of(f"{name}State")}
    return plain(name, members) if granted.tags else None


def tag_funnel_state(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`HouseholdTagFunnelState`: how many are in one state."""
    return plain(name, _STATE) if granted.tags else None


def forecast_type(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityForecast`: one line of a forecast."""
    more = _QUANTITY if quantities(granted, view.policy) else {}
    return plain(name, {"key": required(f"{name}Key"), **_LINE, **more}) if shows_places(granted) else None


def forecast_key(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityForecastKey`: what a line is about; null for what was not asked for."""
    members = {each: _key_type(each, granted, view) for each in dimensions(granted, view.policy)}
    return plain(name, members) if shows_places(granted) else None


def forecast_by(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityForecastBy`: what lines may be about."""
    values = dict.fromkeys(each.upper() for each in dimensions(granted, view.policy))
    return Blueprint(form="enum", name=name, members=lambda: values) if shows_places(granted) else None


def win_rate_type(_view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityWinRate`: how many of the closed records were won, and between which rates that lies with a
    certainty of 95 %; no rate where they are too few.
    """
    return plain(name, {"key": required(f"{name}Key"), **_RATE}) if shows_stays(granted) else None


def win_rate_key(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityWinRateKey`: what a line is about."""
    members = {each: _key_type(each, granted, view) for each in rate_dimensions(granted, view.policy)}
    return plain(name, members) if shows_stays(granted) else None


def win_rate_by(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunityWinRateBy`: what lines may be about."""
    values = dict.fromkeys(each.upper() for each in rate_dimensions(granted, view.policy))
    return Blueprint(form="enum", name=name, members=lambda: values) if shows_stays(granted) else None


def comparison_type(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunitySnapshotComparison`: records of which the same became, and what they were and are worth."""
    found = plain(name, {"key": required(f"{name}Key"), **_COMPARED})
    return found if can_analyse(view, granted.object.name, "snapshot_comparison") else None


def comparison_key(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunitySnapshotComparisonKey`: what a line is about."""
    members = {
        each: _key_type(each, granted, view) for each in (GROUP, *comparison_dimensions(granted, view.policy))
    }
    found = plain(name, members)
    return found if can_analyse(view, granted.object.name, "snapshot_comparison") else None


def comparison_by(view: View, name: str, granted: ObjectPolicy) -> Blueprint | None:
    """`OpportunitySnapshotComparisonBy`: what lines may be about beside that."""
    values = dict.fromkeys(each.upper() for each in comparison_dimensions(granted, view.policy))
    if not can_analyse(view, granted.object.name, "snapshot_comparison"):
        return None
    return Blueprint(form="enum", name=name, members=lambda: values)


def _key_type(dimension: str, granted: ObjectPolicy, view: View) -> str:
    of = record_of(dimension, granted, view.policy)
    return _KEYS[dimension] if of is None else pascal(of)


def _forecast(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "where": f"{one}Where",
        **dict.fromkeys(("from", "to"), "Date"),
        "by": list_of(f"{one}ForecastBy"),
    }
    text = "What open records are expected to bring in a period, and won ones have brought."
    return field(required_list_of(f"{one}Forecast"), text, arguments)


def _funnel(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "pipeline": required(scalar_of(described.fields[PIPELINE], described)),
        "where": f"{one}Where",
        **dict.fromkeys(("from", "to"), "Date"),
    }
    text = "How many records entered each stage in a period, how many came further, and how long they stayed."
    return field(required(f"{one}Funnel"), text, arguments)


def _tag_funnel(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "tag": required(f"{one}Tag"),
        "where": f"{one}Where",
        **dict.fromkeys(("from", "to"), "Date"),
    }
    return field(required(f"{one}TagFunnel"), "What came of the tags that were set in a period.", arguments)


def _win_rate(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "pipeline": required(scalar_of(described.fields[PIPELINE], described)),
        "by": f"{one}WinRateBy",
        "where": f"{one}Where",
        **dict.fromkeys(("from", "to"), "Date"),
    }
    text = "How many of the records that were closed in a period were won."
    return field(required_list_of(f"{one}WinRate"), text, arguments)


def _comparison(described: Object) -> Member:
    one = pascal(described.name)
    arguments = {
        "from": required("ID"),
        "to": "ID",
        "where": f"{one}Where",
        "by": list_of(f"{one}SnapshotComparisonBy"),
    }
    text = "What became of the records since a snapshot was taken, until another one or until now."
    return field(required_list_of(f"{one}SnapshotComparison"), text, arguments)


_FIELDS: Mapping[str, Callable[[Object], Member]] = {
    "funnel": _funnel,
    TAG_FUNNEL: _tag_funnel,
    "forecast": _forecast,
    "win_rate": _win_rate,
    "snapshot_comparison": _comparison,
}
