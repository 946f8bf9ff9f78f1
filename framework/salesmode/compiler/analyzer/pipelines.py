"""Pipelines: first what they are made of, then, with the objects and roles known, everything they rely on."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from salesmode.compiler.analyzer.applying import applying
from salesmode.compiler.analyzer.creations import check_applying
from salesmode.compiler.analyzer.durations import duration_of
from salesmode.compiler.analyzer.gates import Gates
from salesmode.compiler.analyzer.labels import label_of, optional_label
from salesmode.compiler.analyzer.report import Reporter
from salesmode.compiler.analyzer.routes import check_routes
from salesmode.compiler.analyzer.worth import amount_of, check_products, close_date_of, products_of
from salesmode.model.app import App
from salesmode.model.field import Field
from salesmode.model.object import Object
from salesmode.model.pipeline import LOST, WON, Pipeline, Stage

_OF_STAGED = ("stages", "start", "skip", "back")
_OF_SIMPLE = ("probability", "forecast")
_BY_CLOSING: Mapping[str | None, tuple[int, str]] = {
    None: (0, "pipeline"),
    WON: (100, "closed"),
    LOST: (0, "omitted"),
}


def outlines_of(
    reporters: Mapping[str, Reporter], objects: Mapping[str, Object], app: App
) -> dict[str, Pipeline]:
    """The pipelines by name, without what depends on fields; one of no known object is reported, left out."""
    found = (_outline(say, objects, app) for say in reporters.values())
    return {each.name: each for each in found if each is not None}


def pipelines_of(
    outlines: Mapping[str, Pipeline],
    reporters: Mapping[str, Reporter],
    *,
    objects: Mapping[str, Object],
    roles: Mapping[str, object],
    app: App,
) -> dict[str, Pipeline]:
    """The same with their conditions, gates, tasks and fields."""
    found = {
        name: _filled(each, outlines, objects, roles, app=app, say=reporters[name])
        for name, each in outlines.items()
    }
    check_applying(found, reporters)
    check_products(found.values(), reporters)
    return found


def renamed_stages(say: Reporter) -> dict[str, str]:
    """The stages that records may still be in → the stages that they go to."""
    raw = [each for each in say.document.data.get("stages", ()) if isinstance(each, Mapping)]
    renamed = {each["renamed_from"]: each["name"] for each in raw if "renamed_from" in each}
    return renamed | {each["name"]: each["replaced_by"] for each in raw if "replaced_by" in each}


def _outline(say: Reporter, objects: Mapping[str, Object], app: App) -> Pipeline | None:
    raw, name = say.document.data, say.document.name
    if "object" not in raw:
        say.missing(f"the pipeline '{name}' does not say whose it is", "object", hint="add `object: …`")
        return None
    if raw["object"] not in objects:
        say.unknown("SM303", "object", raw["object"], objects, "object")
        return None
    granularity = raw.get("granularity", "staged")
    stages = tuple(_stages(say, app)) if granularity == "staged" else ()
    _check_granularity(granularity, stages, say)
    first = tuple(each.name for each in stages if each.closes is None)[:1]
    return Pipeline(
        name=name,
        object=raw["object"],
        label=label_of(raw.get("label"), app.locales, name),
        span=say.document.value_place(("name",)),
        granularity=granularity,
        customer=raw.get("customer"),
        options={field: tuple(names) for field, names in raw.get("options", {}).items()},
        start=tuple(raw.get("start", first)),
        reopen=_reopen(raw.get("reopen", False)),
        stages=stages,
        probability=Decimal(raw.get("probability", 0)),
        forecast=raw.get("forecast", "pipeline"),
        least_closed=raw.get("win_rate", {}).get("least", 30),
    )


def _reopen(raw: Any) -> tuple[str, ...] | bool:
    return raw if isinstance(raw, bool) else tuple(raw)


def _stages(say: Reporter, app: App) -> Iterator[Stage]:
    raw = say.document.data
    for at, entry in enumerate(raw.get("stages", ())):
        described = entry if isinstance(entry, Mapping) else {"name": entry}
        if "replaced_by" not in described:
            yield _stage(described, raw, say, app, at)


def _stage(raw: Mapping[str, Any], whole: Mapping[str, Any], say: Reporter, app: App, at: int) -> Stage:
    probability, forecast = _BY_CLOSING[raw.get("closes")]
    return Stage(
        name=raw["name"],
        label=label_of(raw.get("label"), app.locales, raw["name"]),
        span=say.document.value_place(("stages", at, "name")),
        probability=Decimal(raw.get("probability", probability)),
        forecast=raw.get("forecast", forecast),
        closes=raw.get("closes"),
        roles=tuple(raw["roles"]) if "roles" in raw else None,
        readonly=tuple(raw.get("readonly", ())),
        stale_after=duration_of(raw["stale_after"]) if "stale_after" in raw else None,
        script=optional_label(raw.get("script"), app.locales),
        next=tuple(raw["next"]) if "next" in raw else None,
        skip=raw.get("skip", whole.get("skip", False)),
        back=raw.get("back", whole.get("back", False)),
        renamed_from=raw.get("renamed_from"),
    )


def _check_granularity(granularity: str, stages: tuple[Stage, ...], say: Reporter) -> None:
    name = say.document.name
    for key in _OF_SIMPLE if granularity == "staged" else _OF_STAGED:
        if key in say.document.data:
            message = f"'{key}' does not belong to a {granularity} pipeline"
            hint = "each stage says its own" if granularity == "staged" else "make it `granularity: staged`"
            say.error("SM601", message, key, hint=hint)
    if granularity == "staged" and not any(each.closes is None for each in stages):
        say.missing(
            f"the pipeline '{name}' has no stage that is open",
            "stages",
            hint="add `stages: […]`, or make it `granularity: simple`",
        )


def _filled(
    outline: Pipeline,
    outlines: Mapping[str, Pipeline],
    objects: Mapping[str, Object],
    roles: Mapping[str, object],
    *,
    app: App,
    say: Reporter,
) -> Pipeline:
    object_ = objects[outline.object]
    _check_customer(outline, object_, say)
    _check_options(outline, object_, say)
    _check_roles(outline, roles, say)
    gates = Gates(object_, objects, outlines, app, say)
    places = {each["name"]: at for at, each in enumerate(_entries(say))}
    stages = tuple(gates.filled(each, ("stages", places[each.name])) for each in outline.stages)
    found = replace(
        outline,
        stages=stages,
        amount=amount_of(object_, say),
        close_date=close_date_of(object_, say),
        products=products_of(object_, objects, say),
    )
    check_routes(found, say)
    return replace(found, fields=applying(found, object_, say))


def _entries(say: Reporter) -> list[Mapping[str, Any]]:
    """The stages as written, those that are gone included: paths count them."""
    written = say.document.data.get("stages", ())
    return [each if isinstance(each, Mapping) else {"name": each} for each in written]


def _check_customer(pipeline: Pipeline, object_: Object, say: Reporter) -> None:
    name = pipeline.customer
    if name is None:
        return
    if name not in object_.fields:
        say.unknown("SM302", "field", name, _references(object_), "customer")
    elif object_.fields[name].type != "reference":
        message = f"'{name}' refers to no record, so it cannot be the customer"
        say.error_at_value("SM605", message, "customer", hint="name a reference field")


def _references(object_: Object) -> Mapping[str, Field]:
    return {name: each for name, each in object_.fields.items() if each.type == "reference"}


def _check_options(pipeline: Pipeline, object_: Object, say: Reporter) -> None:
    for name, options in (pipeline.options or {}).items():
        field = object_.fields.get(name)
        if field is None:
            say.unknown("SM302", "field", name, object_.fields, "options", name)
        elif field.kept or field.type not in ("choice", "multi_choice"):
            say.error("SM605", f"'{name}' has no options that could be narrowed", "options", name)
        else:
            known = {each.name for each in field.options}
            for at, option in enumerate(options):
                if option not in known:
                    say.unknown("SM606", "option", option, sorted(known), "options", name, at)


def _check_roles(pipeline: Pipeline, roles: Mapping[str, object], say: Reporter) -> None:
    """The engine's own role `admin` may everything, and need not be named."""
    lists: dict[tuple[str | int, ...], Any] = {("reopen",): pipeline.reopen}
    lists |= {("stages", at, "roles"): each.get("roles") for at, each in enumerate(_entries(say))}
    for path, names in lists.items():
        for at, name in enumerate(names if isinstance(names, list | tuple) else ()):
            if name not in roles:
                say.unknown("SM304", "role", name, roles, *path, at)
