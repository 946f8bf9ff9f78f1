"""Pipelines and their stages: the types `Stage` and `NextStage`, and what `metadata` tells of them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from salesmode.access.policy import ObjectPolicy
from salesmode.graph.blueprint import Blueprint, plain, required, required_list_of
from salesmode.graph.view import View
from salesmode.model.condition import ALWAYS
from salesmode.model.label import Label
from salesmode.model.names import camel
from salesmode.model.pipeline import FORECASTS, PIPELINE, STAGE, Duration, Gate, Pipeline, Stage
from salesmode.pipelines.places import places

Row = Mapping[str, Any]
Spoken = Callable[[Label | None], str | None]

_FORECAST = "ForecastCategory"
_TEXT = required("String")
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "Stage": {"name": _TEXT, "label": _TEXT, "probability": "Decimal", "forecast": _FORECAST},
    "NextStage": {
        "name": _TEXT,
        "label": _TEXT,
        "allowed": required("Boolean"),
        "blockedBy": required_list_of("Blocker"),
    },
    "Blocker": {"path": required_list_of("String"), "code": _TEXT, "message": _TEXT, "name": "String"},
    "MetadataPipeline": {
        **dict.fromkeys(("name", "object", "label", "granularity"), _TEXT),
        "customer": "String",
        "fields": required_list_of("String"),
        "start": required_list_of("String"),
        "stages": required_list_of("MetadataStage"),
    },
    "MetadataStage": {
        "name": _TEXT,
        "label": _TEXT,
        "probability": required("Decimal"),
        "forecast": required(_FORECAST),
        "closes": "String",
        "branch": required("Boolean"),
        "script": "String",
        "staleAfter": "String",
        "readonly": required_list_of("String"),
        "entry": required_list_of("MetadataRequirement"),
        "exit": required_list_of("MetadataRequirement"),
    },
    "MetadataRequirement": {"fields": required_list_of("String"), "conditional": required("Boolean")},
}

PIPELINES: Mapping[str, Blueprint] = {
    **{name: plain(name, members) for name, members in _MEMBERS.items()},
    _FORECAST: Blueprint(form="enum", name=_FORECAST, members=lambda: dict.fromkeys(FORECASTS)),
}


def pipeline_rows(view: View, text: Spoken) -> Iterator[Row]:
    """The pipelines whose records the caller may see the place of, or create; hidden fields are left out."""
    for each in view.model.pipelines.values():
        granted = view.policy.objects.get(each.object)
        if granted is not None and (granted.create or _shows(view, granted, PIPELINE)):
            yield _pipeline(view, granted, each, text)


def _shows(view: View, granted: ObjectPolicy, name: str) -> bool:
    return view.readable(granted.object.name) and name in granted.fields


def _pipeline(view: View, granted: ObjectPolicy, pipeline: Pipeline, text: Spoken) -> Row:
    named = _named(view, granted)
    told = _shows(view, granted, STAGE) or bool(granted.create) or not pipeline.staged
    return {
        "name": pipeline.name,
        "object": pipeline.object,
        "label": text(pipeline.label),
        "granularity": pipeline.granularity,
        "customer": camel(pipeline.customer) if pipeline.customer in named else None,
        "fields": [camel(each) for each in named if pipeline.fields is None or each in pipeline.fields],
        "start": list(pipeline.start) if told else [],
        "stages": [_stage(each, named, text) for each in places(pipeline)] if told else [],
    }


def _named(view: View, granted: ObjectPolicy) -> list[str]:
    """The fields of the object that the caller knows of, in their order."""
    written = {each.name for name in ("create", "update") for each in view.writable(granted, name).values()}
    return [each for each in granted.object.fields if _shows(view, granted, each) or each in written]


def _stage(stage: Stage, named: Collection[str], text: Spoken) -> Row:
    return {
        "name": stage.name,
        "label": text(stage.label),
        "probability": f"{stage.probability:.2f}",
        "forecast": stage.forecast,
        "closes": stage.closes,
        "branch": stage.when != ALWAYS,
        "script": text(stage.script),
        "staleAfter": _spelled(stage.stale_after),
        "readonly": _known(stage.readonly, named),
        "entry": list(_requirements(stage.entry, named)),
        "exit": list(_requirements(stage.exit, named)),
    }


def _requirements(gate: Gate, named: Collection[str]) -> Iterator[Row]:
    for each in gate.required:
        fields = _known(each.fields, named)
        if fields:
            yield {"fields": fields, "conditional": each.when != ALWAYS}


def _known(names: Iterable[str], named: Collection[str]) -> list[str]:
    return [camel(each) for each in names if each in named]


def _spelled(duration: Duration | None) -> str | None:
    return None if duration is None else f"{duration.amount}{duration.unit}"
